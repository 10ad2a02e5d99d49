import PromotionEngine
import Testing
import WorkflowModel

@Suite struct GateOrderTests {
    @Test(arguments: [
        ("^CHG-[0-9]+$", nil, Verdict.waiting), ("^CHG-[0-9]+$", "CHG-1", .passed), ("^CHG-[0-9]+$", "CHG-123456", .passed),
        ("^CHG-[0-9]+$", "CHG-", .failed), ("^CHG-[0-9]+$", "chg-1", .failed), ("^CHG-[0-9]+$", "xCHG-1", .failed),
        ("^CHG-[0-9]+$", "CHG-1 ", .failed), ("^CHG-[0-9]+$", "", .failed), ("^CHG-[0-9]+$", "CHG-1\nPromoted-By: x", .failed),
        ("^CHG-[0-9]+$", "CHG-1\n", .failed), ("^CHG-[0-9]+$", "CHG-1\u{301}", .failed), ("^CHG-[0-9]+$", "CHG-٣", .failed),
        ("CHG-[0-9]+", "see CHG-7", .passed), ("(", "CHG-1", .errored), ("[", "CHG-1", .errored), ("(", nil, .waiting),
    ] as [(String, String?, Verdict)])
    func changeTicket(_ pattern: String, _ ticket: String?, _ verdict: Verdict) throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.ticket(pattern)]
        scene.ticket = ticket
        #expect(try scene.gate("qa.entry.change_ticket").verdict == verdict)
    }

    @Test func everyGateHasItsStableIdInAFixedOrder() throws {
        var scene = Scene()
        scene.others = [Stage(name: "perf", exitCriteria: [.text("pass")])]
        scene.qa.after = ["dev", "perf"]
        scene.dev.exitCriteria = [.number(.atLeast, "80", key: "code_coverage"), .soak(.hours(1))]
        scene.dev.entryCriteria = [.text("met", key: "performance_baseline")]
        scene.qa.entryCriteria = [.ticket("x"), .targetHealth]
        scene.qa.exitCriteria = [.text("pass", key: "smoke_tests")]
        scene.qa.approvals = [ApprovalRule()]
        #expect(
            try scene.evaluator().gates().map(\.id) == [
                "upstream", "dev.exit.code_coverage", "dev.exit.soak_duration", "perf.exit.security_scan",
                "qa.entry.change_ticket", "qa.entry.target_health", "approval", "freeze", "hold",
            ])
    }

    @Test func evaluationNeverStopsAtTheFirst() throws {
        var scene = Scene()
        scene.dev.exitCriteria = [.number(.atLeast, "80"), .text("pass")]
        scene.log.report(["test_pass_rate": "1", "security_scan": "fail"])
        #expect(try scene.evaluator().gates().map(\.verdict) == [.waiting, .failed, .failed, .passed, .passed])
    }

    @Test(arguments: [
        ([], .passed), ([.passed], .passed), ([.passed, .waiting], .waiting), ([.waiting, .errored, .passed], .errored),
        ([.errored, .failed, .waiting], .failed), ([.waiting, .failed], .failed), ([.errored], .errored), ([.failed], .failed),
        ([.passed, .passed], .passed), ([.waiting, .errored], .errored), ([.passed, .failed, .errored], .failed),
    ] as [([Verdict], Verdict)])
    func failedOutranksErroredOutranksWaiting(_ verdicts: [Verdict], _ overall: Verdict) {
        let gates = verdicts.map { Gate(id: "g", criterion: "g", verdict: $0, reason: "") }
        #expect(gates.overall == overall)
        #expect(Array(gates.reversed()).overall == overall)
    }

    @Test func theDocumentOfAGateHasTheKeysOfTheContract() {
        let gate = Gate(
            id: "dev.exit.x", criterion: "x", verdict: .waiting, value: "5h", threshold: "24h", reason: "r", source: "s",
            since: .start, nextCheck: .start + .hours(1), clearWith: "c")
        #expect(
            gate.json == [
                "id": "dev.exit.x", "criterion": "x", "verdict": "waiting", "value": "5h", "threshold": "24h", "reason": "r",
                "source": "s", "skipped": false, "since": "2027-01-15T08:00:00Z", "next_check": "2027-01-15T09:00:00Z", "clear_with": "c",
            ])
    }
}
