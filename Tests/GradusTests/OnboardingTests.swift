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

extension JSONValue {
    var arrayValue: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
}
