import PromotionEngine
import TestSupport
import Testing

/// How a repository is reached, and so which repository decides.
enum Place: String, CaseIterable, Sendable {
    case cloneOfBare, cloneOfDaemon, workTree, bare, fileURL, gitURL
}

/// A GitOps repository in a place, with a `gradus` to work on it.
final class Site {
    let environment: HermeticEnvironment
    let git: GitFixture
    /// The repository whose references decide.
    let authority: String
    /// What `--repo` gets.
    let repo: String
    private let gradus: GradusProcess
    private let daemon: GitDaemon?
    /// Where the server listens, for places that have one.
    var port: UInt16? { daemon?.port }

    init(_ place: Place = .bare, _ storefront: Storefront = Storefront()) throws {
        environment = try HermeticEnvironment()
        git = GitFixture(environment)
        gradus = GradusProcess(environment)
        let work = try git.makeWorkTree("work", storefront.files)
        let isServed = place == .cloneOfDaemon || place == .gitURL
        daemon = isServed ? try GitDaemon(environment) : nil
        authority = place == .workTree ? work : try git.makeBareClone(of: work, "origin.git")
        let url = daemon?.url("origin.git") ?? "file://" + authority
        repo =
            switch place {
            case .workTree, .bare: authority
            case .cloneOfBare: try git.clone(authority, "clone")
            case .cloneOfDaemon: try git.clone(url, "clone")
            case .fileURL, .gitURL: url
            }
    }

    /// Runs a command line, split at spaces, and expects one of the exit codes.
    @discardableResult
    func callAsFunction(
        _ line: String, exits codes: Int32..., as actor: String = "rita", clock: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> GradusResult {
        let result = try run(line.split(separator: " ").map(String.init), as: actor, clock: clock)
        #expect(
            (codes.isEmpty ? [0] : codes).contains(result.code),
            "gradus \(line): exit \(result.code)\n\(result.output)\n\(result.errors)", sourceLocation: sourceLocation)
        return result
    }

    /// As ``callAsFunction``, with `-o json`, of which stdout must hold exactly one document.
    @discardableResult
    func json(
        _ line: String, exits codes: Int32..., as actor: String = "rita", clock: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSONValue {
        let result = try run(line.split(separator: " ").map(String.init) + ["-o", "json"], as: actor, clock: clock)
        #expect(
            (codes.isEmpty ? [0] : codes).contains(result.code),
            "gradus \(line): exit \(result.code)\n\(result.output)\n\(result.errors)", sourceLocation: sourceLocation)
        return try #require(result.json, "not one document: \(result.output)", sourceLocation: sourceLocation)
    }

    func run(
        _ arguments: [String], as actor: String = "rita", clock: String? = nil, adding variables: [String: String] = [:]
    ) throws -> GradusResult {
        try start(arguments, as: actor, clock: clock, adding: variables).result()
    }

    func start(
        _ arguments: [String], as actor: String = "rita", clock: String? = nil, adding variables: [String: String] = [:]
    ) throws -> RunningGradus {
        try gradus.start(
            arguments + ["--repo", repo], adding: variables.merging(["GRADUS_ACTOR": actor]) { given, _ in given },
            clock: clock)
    }

    /// Commits on the target branch beside the first one.
    func deployments() throws -> [String] { Array(try git.commits(in: authority).dropFirst()) }

    func file(_ path: String) throws -> String { try git.blob(path, in: authority) }

    func tag(_ service: String, _ stage: String) throws -> String {
        let text = try file(Storefront.kustomizationPath(service, stage))
        let line = try #require(text.split(separator: "\n").first { $0.contains("# bumped") })
        return String(line.split(separator: " ")[1])
    }

    /// All records, from `history -o jsonl`.
    func records() throws -> [JSONValue] {
        try #require(try run(["history", "-o", "jsonl"]).lines)
    }

    func types() throws -> [String] { try records().compactMap { $0["type"]?.stringValue } }

    /// The ledger verifies, by itself and by git.
    func expectSoundLedger(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try callAsFunction("audit verify", sourceLocation: sourceLocation)
        let check = try git.attempt("fsck", "--strict", "--no-dangling", in: authority)
        #expect(check.status == 0 && check.output.isEmpty, "\(check)", sourceLocation: sourceLocation)
    }

    /// Registers a version and posts the evidence that the standard rules ask for.
    func register(_ version: String = "1.4.2", of service: String = "checkout", passing: Bool = true) throws {
        try callAsFunction("release create \(service) \(version)")
        if passing { try callAsFunction("report \(service) \(version) test_pass_rate=100 security_scan=pass") }
    }
}

extension JSONValue {
    subscript(_ position: Int) -> JSONValue? {
        guard case .array(let items) = self, items.indices.contains(position) else { return nil }
        return items[position]
    }

    var items: [JSONValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    /// The gate of a promotion's document.
    func gate(_ id: String) -> JSONValue? { self["gates"]?.items.first { $0["id"]?.stringValue == id } }

    func text(_ key: String) -> String? { self[key]?.stringValue }
}
