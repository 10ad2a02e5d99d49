import PromotionEngine
import TestSupport
import Testing

/// A small GitOps repository: services with one value each in the stages dev and prod.
final class Yard {
    let environment: HermeticEnvironment
    let git: GitFixture
    let gradus: GradusProcess
    /// The repository whose references decide.
    let authority: String
    /// What `--repo` gets; the authority itself at first.
    var repo: String
    /// What must go on as long as the yard is used: servers.
    var kept: [AnyObject] = []
    /// Added to the environment of every run.
    var variables: [String: String] = ["GRADUS_ACTOR": "rita"]

    /// - Parameter files: beside the standard ones, or in their place.
    init(services: [String] = ["web"], _ files: [String: String] = [:]) throws {
        environment = try HermeticEnvironment()
        git = GitFixture(environment)
        gradus = GradusProcess(environment)
        var all = ["workflows/yard.yaml": Self.workflow(services)]
        for service in services {
            for stage in ["dev", "prod"] { all[Self.path(service, stage)] = "tag: \"1.0.0\" # of \(service)\n" }
        }
        let work = try git.makeWorkTree("work", all.merging(files) { $1 })
        authority = try git.makeBareClone(of: work, "origin.git")
        repo = authority
    }

    static func path(_ service: String, _ stage: String) -> String { "environments/\(stage)/\(service).yaml" }

    static func workflow(_ services: [String], lines: [String] = []) -> String {
        """
        apiVersion: gradus/v1
        workflow: yard
        services: [\(services.joined(separator: ", "))]
        updates:
          - yaml: "{environment}/{service}.yaml"
            set: {tag: "{version}"}
        stages:
          - name: dev
            next_stage: prod
          - name: prod
        \(lines.map { "    \($0)\n" }.joined())
        """
    }

    /// Runs a command line, split at spaces, and expects one of the exit codes.
    @discardableResult
    func callAsFunction(
        _ line: String, exits codes: Int32..., adding more: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> GradusResult {
        let result = try start(line, adding: more).result()
        #expect(
            (codes.isEmpty ? [0] : codes).contains(result.code),
            "gradus \(line): exit \(result.code)\n\(result.output)\n\(result.errors)", sourceLocation: sourceLocation)
        return result
    }

    func start(_ line: String, adding more: [String: String] = [:]) throws -> RunningGradus {
        try gradus.start(
            line.split(separator: " ").map(String.init) + ["--repo", repo], adding: variables.merging(more) { $1 })
    }

    /// Runs any program in the yard's environment, which must succeed.
    @discardableResult
    func tool(_ arguments: [String], adding more: [String: String] = [:]) throws -> String {
        let result = try CommandRunner(environment).start(arguments, adding: more).result()
        guard result.status == 0 else { throw TestSupportError("\(arguments): \(result.errors)\(result.output)") }
        return result.line
    }

    /// Makes a pair of SSH keys and returns the private one's path; the public one lies beside it.
    func sshKey(_ name: String, type: String = "ed25519") throws -> String {
        let path = environment.folder(name)
        try tool(["ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", path])
        return path
    }

    func publicKey(_ key: String) throws -> String {
        String(try TemporaryFolder.read(key + ".pub").dropLast())
    }

    func tag(_ service: String, _ stage: String) throws -> String {
        let text = try git.blob(Self.path(service, stage), in: authority)
        return String(text.split(separator: "\"", omittingEmptySubsequences: false)[1])
    }

    /// The ledger verifies, and git finds nothing wrong with the repository.
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try self("audit verify", sourceLocation: sourceLocation)
        let check = try git.attempt("fsck", "--strict", "--no-dangling", in: authority)
        #expect(check.status == 0 && check.output.isEmpty, "\(check)", sourceLocation: sourceLocation)
    }
}
