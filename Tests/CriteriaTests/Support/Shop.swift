import PromotionEngine
import TestSupport
import Testing

/// A repository of one service `web` with stages dev, qa and prod, promoted by the built binary in a local authority.
struct Shop {
    let environment: HermeticEnvironment
    let git: GitFixture
    let gradus: GradusProcess
    let place: String

    /// - Parameters:
    ///   - stages: the items of `stages:`, indented by two.
    ///   - top: further lines of the workflow.
    init(stages: String = Shop.stages, top: String = "", files: [String: String] = [:]) throws {
        environment = try HermeticEnvironment()
        git = GitFixture(environment)
        gradus = GradusProcess(environment)
        var all = [
            "workflows/shop.yaml": Self.workflow(stages: stages, top: top),
            "workflows/groups.yaml": "groups: {platform-team: [olga, pavel], security: [sam]}\n",
        ]
        for stage in ["dev", "qa", "prod"] {
            all["environments/\(stage)/web.yaml"] = "# \(stage)\nversion:   '0.9.0'   # by hand\nreplicas: 2\n"
        }
        place = try git.makeWorkTree("shop", all.merging(files) { $1 })
    }

    static func workflow(stages: String, top: String = "") -> String {
        """
        apiVersion: gradus/v1
        workflow: shop
        services: [{name: web, owner: platform-team}]
        updates:
          - yaml: "{environment}/{service}.yaml"
            set: {version: "{version}"}
        \(top)
        stages:
        \(stages)

        """
    }

    /// dev, then qa, without criteria; prod after qa.
    static let stages = """
          - {name: dev, next_stage: qa}
          - {name: qa, next_stage: prod}
          - {name: prod}
        """

    /// Runs gradus in the repository as `person`, at that offset of the clock.
    @discardableResult
    func run(
        _ arguments: String..., by person: String = "rita", clock: String? = nil, adding variables: [String: String] = [:]
    ) throws -> GradusResult {
        try gradus.run(arguments + ["--repo", place, "--actor", person], adding: variables, clock: clock)
    }

    /// Runs a command that must end with exit code 0.
    @discardableResult
    func must(_ arguments: String..., by person: String = "rita", clock: String? = nil) throws -> GradusResult {
        let result = try gradus.run(arguments + ["--repo", place, "--actor", person], clock: clock)
        try #require(result.code == 0, "gradus \(arguments.joined(separator: " ")): \(result.errors)")
        return result
    }

    /// One gate of `explain -o json`.
    func gate(_ id: String, to stage: String, by person: String = "rita", clock: String? = nil) throws -> JSONValue {
        let result = try run("explain", "web", "--to", stage, "-o", "json", by: person, clock: clock)
        guard case .array(let gates)? = result.json?["gates"] else { throw TestSupportError("no gates: \(result.errors)") }
        return try #require(gates.first { $0["id"]?.stringValue == id }, "no gate \(id)")
    }

    /// Writes a file beside the repository and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try environment.folder.write(name, text)
        return environment.folder(name)
    }

    /// Commits changed files on the target branch as `person`.
    func change(_ files: [String: String], by person: String = "carol") throws {
        for (path, text) in files { try environment.folder.write("shop/\(path)", text) }
        try git.git("add", ".", in: place)
        try git.git("commit", "-q", "--author", "\(person) <\(person)@example.org>", "-m", "change", in: place)
    }

    func version(in stage: String) throws -> String {
        try git.blob("environments/\(stage)/web.yaml", in: place)
    }
}
