import Glibc
import PromotionEngine
import WorkflowModel
import YAMLEdit

/// The tests of `workflows/tests/`, run and told.
struct PolicyTests {
    static let folder = "tests"

    private let rules: Rules
    private let files: [RuleFile]

    init(_ rules: Rules, _ files: [RuleFile]) {
        self.rules = rules
        self.files = files
    }

    /// The folder of tests that belongs to a folder of rules, or to a file in it.
    static func folder(beside path: String) -> String {
        var status = stat()
        let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        let base = isFolder ? path : path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return base + "/" + folder
    }

    /// Ends with exit code 2 when a file is no file of tests, with 6 when a test does not hold.
    func run(_ console: Console) throws {
        let read = files.map(PolicyTestReader.read)
        let diagnostics = read.flatMap(\.diagnostics)
        for diagnostic in diagnostics { Console.status(diagnostic.description) }
        if diagnostics.contains(where: { $0.severity == .error }) {
            throw PromotionError(.usage, "the files of tests hold faults", hint: "see docs/policy-tests.md")
        }
        let runner = PolicyTestRun(rules: rules, zones: ZoneFolder())
        let results = read.flatMap(\.tests).map { ($0, faults: runner.faults(of: $0)) }
        let failed = results.filter { !$0.faults.isEmpty }
        console.show(
            [
                "apiVersion": "gradus/v1", "kind": "PolicyTests", "passed": .int(results.count - failed.count), "failed": .int(failed.count),
                "tests": .array(
                    results.map { test, faults in
                        [
                            "name": .string(test.name), "path": .string(test.path), "line": .int(test.location.line),
                            "passed": .bool(faults.isEmpty), "faults": .array(faults.map(JSONValue.string)),
                        ]
                    }),
            ]
        ) {
            "\(Counted.of(results.count, "test")), \(failed.count) failed"
        }
        for (test, faults) in failed {
            for fault in faults {
                Console.status("\(test.path):\(test.location.line):\(test.location.column): error: test '\(test.name)': \(fault)")
            }
        }
        if !failed.isEmpty { throw Finished(code: 6) }
    }
}
