import PromotionEngine
import TestSupport
import Testing

/// Repositories as teams have them: `init`, `validate`, `adopt`, and one promotion through all stages.
@Suite struct OnboardingTests {
    @Test(arguments: Layout.all)
    func aRepositoryIsOnBoardWithoutAnEdit(layout: Layout) throws {
        let home = try HermeticEnvironment()
        let git = GitFixture(home)
        let gradus = GradusProcess(home)
        let place = try layout.make(git)
        func run(_ arguments: String..., by actor: String = "rita", exits code: Int32 = 0) throws -> GradusResult {
            let result = try gradus.run(arguments + ["--actor", actor], in: place)
            #expect(result.code == code, "\(arguments.joined(separator: " ")): \(result.output)\(result.errors)")
            return result
        }

        let started = try run("init")
        #expect(started.output.contains("gradus adopt --reason"))
        #expect(try run("init", exits: 2).errors.contains("is there already"))
        try git.git("add", ".", in: place)
        try git.git("commit", "-q", "-m", "a workflow", in: place)
        let validated = try run("validate", "-o", "json")
        #expect(validated.json?["valid"] == true)
        #expect(validated.json?["diagnostics"] == .array([]))
        #expect(validated.errors == "")

        let adopted = try run("adopt", "--reason", "moving", "-o", "json")
        #expect(adopted.json?["result"] == "recorded")
        #expect(adopted.json?["cells"]?.arrayValue?.count == layout.services.count * layout.stages.count)
        #expect(try run("adopt", "--reason", "moving", "-o", "json").json?["result"] == "unchanged")

        _ = try run(["release", "create", layout.service, layout.version] + layout.image, by: "ci")
        for (position, stage) in layout.stages.enumerated() {
            let isLast = position == layout.stages.count - 1
            let branch = layout.branch(stage)
            let before = try git.git("rev-parse", branch, in: place)
            if isLast {
                _ = try run("promote", layout.service, "--to", stage, exits: 8)
                _ = try run("approve", "\(layout.service)@\(stage)", by: "olga")
            }
            _ = try run("promote", layout.service, "--to", stage)
            let diff = try git.git("diff", "--no-color", "-U0", before, branch, in: place)
            #expect(diff.split(separator: "\n").filter { !$0.hasPrefix("index ") }.map(String.init) == layout.diff(stage))
        }
        let matrix = try run("matrix", "-o", "json").json
        let cells = matrix?["services"]?.arrayValue?.first { $0["service"]?.stringValue == layout.service }?["cells"]
        for stage in layout.stages { #expect(cells?[stage]?["version"]?.stringValue == layout.version) }
        #expect(try git.git("status", "--porcelain", in: place) == "")
        _ = try run("audit", "verify")

        func run(_ arguments: [String], by actor: String) throws -> GradusResult {
            let result = try gradus.run(arguments + ["--actor", actor], in: place)
            #expect(result.code == 0, "\(arguments.joined(separator: " ")): \(result.output)\(result.errors)")
            return result
        }
    }
}

extension OnboardingTests {
    /// Each layout's own kind of update; a HelmRelease is not just any YAML.
    @Test(arguments: [
        (Layout.flux, ["  - flux: \"apps/{stage}/{service}.yaml\"", "    values: {image.tag: \"{version}\"}"]),
        (Layout.fluxFile, ["    object: \"OCIRepository/{service}\"", "    ref: {tag: \"{version}\"}"]),
        (Layout.workloads, ["  - manifest: \"manifests/{stage}/{service}/deployment.yaml\"", "    image: \"registry.example/shop/{service}\"", "also sets busybox"]),
        (Layout.umbrellaCharts, ["  - chart: \"envs/{stage}/{service}/Chart.yaml\"", "    dependency: \"{service}\""]),
        (
            Layout.applicationSet,
            [
                "  - application_set: argocd/apps.yaml", "    element: {env: \"{stage}\", service: \"{service}\"}",
                "# argocd/tenants.yaml makes Applications of the folders tenants/*: a release changes files there, and nothing in it.",
            ]
        ),
    ])
    func theDraftSaysWhatWasFound(_ layout: Layout, _ parts: [String]) throws {
        let home = try HermeticEnvironment()
        let place = try layout.make(GitFixture(home))
        let text = try #require(GradusProcess(home).run(["init", "--dry-run", "-o", "json"], in: place).json?["text"]?.stringValue)
        for part in parts { #expect(text.contains(part), "\(text)") }
    }

    /// Environments on branches of a server: the clone has only the branch that it began with.
    @Test func branchesOnAServerArePromotedThroughAClone() throws {
        let layout = Layout.branchPerEnvironment
        let home = try HermeticEnvironment()
        let git = GitFixture(home)
        let origin = try git.makeBareClone(of: try layout.make(git), "origin.git")
        let daemon = try GitDaemon(home)
        let clone = try git.clone(daemon.url("origin.git"), "clone")
        let gradus = GradusProcess(home)
        @discardableResult func run(_ line: String, by actor: String = "rita", exits code: Int32 = 0) throws -> GradusResult {
            let result = try gradus.run(line.split(separator: " ").map(String.init) + ["--actor", actor], in: clone)
            #expect(result.code == code, "\(line): \(result.output)\(result.errors)")
            return result
        }
        try run("init")
        try git.git("add", ".", in: clone)
        try git.git("commit", "-q", "-m", "a workflow", in: clone)
        try git.git("push", "-q", "origin", "main", in: clone)
        try run("validate")
        try run("adopt --reason moving")
        try run("release create \(layout.service) \(layout.version)")
        for (position, stage) in layout.stages.enumerated() {
            let before = try git.git("rev-parse", layout.branch(stage), in: origin)
            if position == layout.stages.count - 1 {
                try run("promote \(layout.service) --to \(stage)", exits: 8)
                try run("approve \(layout.service)@\(stage)", by: "olga")
            }
            try run("promote \(layout.service) --to \(stage)")
            let diff = try git.git("diff", "--no-color", "-U0", before, layout.branch(stage), in: origin)
            #expect(diff.split(separator: "\n").filter { !$0.hasPrefix("index ") }.map(String.init) == layout.diff(stage))
        }
        #expect(try git.git("branch", "--format=%(refname:short)", in: clone) == "main")
        try run("audit verify")
        #expect(try git.attempt("fsck", "--strict", "--no-dangling", in: origin).status == 0)
    }
}

extension JSONValue {
    var arrayValue: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
}
