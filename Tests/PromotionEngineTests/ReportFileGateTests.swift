import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 6: evidence that was read from report files, whole or in parts.
@Suite struct ReportFileGateTests {
    static let rows: [VerdictRow] = [
        VerdictRow("a report counts by its value", .passed) { post(&$0, 0, 200) },
        VerdictRow("a report with a failed test fails", .failed) { post(&$0, 1, 200) },
        VerdictRow("a report without an executed test is errored", .errored) { post(&$0, 0, 0) },
        VerdictRow("fewer tests than the workflow asks for", .errored) {
            $0.evidence["test_pass_rate"] = EvidenceRule(minimumTests: 10)
            post(&$0, 0, 9)
        },
        VerdictRow("as many tests as the workflow asks for", .passed) {
            $0.evidence["test_pass_rate"] = EvidenceRule(minimumTests: 10)
            post(&$0, 0, 10)
        },
        VerdictRow("a bare value does not tell how many tests ran", .errored) {
            $0.evidence["test_pass_rate"] = EvidenceRule(minimumTests: 1)
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["test_pass_rate": "100"])
        },
        VerdictRow("one part of three waits", .waiting) { parts(&$0, [(1, 0)], of: 3) },
        VerdictRow("all parts pass", .passed) { parts(&$0, [(2, 0), (1, 0), (3, 0)], of: 3) },
        VerdictRow("a failure in any part fails", .failed) { parts(&$0, [(1, 0), (2, 1), (3, 0)], of: 3) },
        VerdictRow("a part that is posted again begins a new run", .waiting) {
            parts(&$0, [(1, 0), (2, 0), (1, 0)], of: 2)
        },
        VerdictRow("a part of a known run is replaced by its repetition", .passed) {
            parts(&$0, [(1, 0), (2, 5), (2, 0)], of: 2, run: "77")
        },
        VerdictRow("parts of another run do not count", .waiting) {
            parts(&$0, [(1, 0)], of: 2, run: "76")
            parts(&$0, [(2, 0)], of: 2, run: "77")
        },
        VerdictRow("another number of parts is another run", .waiting) {
            parts(&$0, [(1, 0), (2, 0)], of: 3)
            parts(&$0, [(1, 0)], of: 2)
        },
        VerdictRow("a whole report takes the place of parts", .passed) {
            parts(&$0, [(1, 3)], of: 3)
            post(&$0, 0, 5)
        },
        VerdictRow("parts before a whole report are another run's", .waiting) {
            parts(&$0, [(1, 0)], of: 2)
            post(&$0, 0, 5)
            parts(&$0, [(2, 0)], of: 2)
        },
        VerdictRow("parts that together ran no test are errored", .errored) {
            for number in 1...2 {
                $0.dev.exitCriteria = [.number(.atLeast, "100")]
                $0.log.report(FactSamples.report(0, 0), value: "0", part: EvidencePart(number, of: 2))
            }
        },
        VerdictRow("a verdict of parts is that of their sum", .failed) {
            $0.dev.exitCriteria = [.text("pass", key: "smoke_tests")]
            for (number, failures) in [(1, 1), (2, 0)] {
                $0.log.report(
                    FactSamples.report(failures, 10, key: "smoke_tests"), value: "pass", part: EvidencePart(number, of: 2))
            }
        },
    ]

    private static func post(_ scene: inout Scene, _ failures: Int, _ executed: Int) {
        scene.dev.exitCriteria = [.number(.atLeast, "100")]
        let file = FactSamples.report(failures, executed)
        scene.log.report(file, value: EvidenceCounts(.junit, file.counts).value(.number))
    }

    private static func parts(_ scene: inout Scene, _ parts: [(Int, Int)], of count: Int, run: String? = nil) {
        scene.dev.exitCriteria = [.number(.atLeast, "100")]
        for (number, failures) in parts {
            let file = FactSamples.report(failures, 10)
            scene.log.report(
                file, value: EvidenceCounts(.junit, file.counts).value(.number), part: EvidencePart(number, of: count), run: run)
        }
    }

    @Test(arguments: rows)
    func verdict(_ row: VerdictRow) throws {
        let scene = row.scene()
        let key = scene.dev.exitCriteria[0].key
        let gate = try scene.gate("dev.exit.\(key)")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
        #expect((gate.clearWith == nil) == (row.verdict == .passed))
    }

    @Test func theMissingPartsAreNamed() throws {
        var scene = Scene()
        Self.parts(&scene, [(2, 0)], of: 4)
        #expect(try scene.gate("dev.exit.test_pass_rate").reason == "parts 1/4, 3/4, 4/4 of the run not posted")
    }

    @Test(arguments: ["0/3", "4/3", "1/0", "1", "1/2/3", "01/2", "+1/2", "1/1001", "a/b"])
    func whatIsNoPartIsRefused(_ text: String) {
        #expect(EvidencePart(text) == nil)
    }
}
