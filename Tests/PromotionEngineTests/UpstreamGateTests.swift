import PromotionEngine
import Testing
import WorkflowModel

/// The implicit gate: verified in each upstream stage where it has health, delivered otherwise, and not failed there since.
@Suite struct UpstreamGateTests {
    static let rows: [VerdictRow] = [
        VerdictRow("never there", .waiting) { _ in },
        VerdictRow("only requested", .waiting) { $0.log.request(to: "dev") },
        VerdictRow("only admitted", .waiting) {
            $0.log.request(to: "dev")
            $0.log.admit(to: "dev")
        },
        VerdictRow("delivered where no health is watched", .passed) { $0.log.deliver(to: "dev") },
        watched("delivered where health is watched", .waiting) { $0.log.deliver(to: "dev") },
        watched("healthy, but not long enough", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.seconds(59))
        },
        watched("verified, though nobody has recorded it", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.seconds(60))
        },
        watched("progressing", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.progressing, in: "dev")
            $0.pass(.minutes(9))
        },
        watched("succeeded", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.succeed(in: "dev")
        },
        watched("failed", .failed) {
            $0.log.deliver(to: "dev")
            $0.log.fail(in: "dev")
        },
        watched("failed and succeeded since", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.fail(in: "dev")
            $0.log.deliver(to: "dev")
            $0.log.succeed(in: "dev")
        },
        watched("succeeded and failed since", .failed) {
            $0.log.deliver(to: "dev")
            $0.log.succeed(in: "dev")
            $0.log.deliver(to: "dev")
            $0.log.fail(in: "dev")
        },
        watched("succeeded, then delivered again and not yet verified", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.succeed(in: "dev")
            $0.log.deliver(to: "dev")
        },
        watched("succeeded and left since", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.succeed(in: "dev")
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
        },
        watched("verified when it left, though its health is stale by now", .passed) {
            $0.dev.health?.staleAfter = .hours(1)
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.minutes(5))
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
            $0.pass(.days(2))
        },
        watched("left before it was verified", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.seconds(30))
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
            $0.pass(.days(2))
        },
        VerdictRow("another version succeeded", .waiting) {
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
            $0.log.succeed("2.0.0", in: "dev")
        },
        VerdictRow("in the files before any promotion", .waiting) {
            $0.log.observeBaseline(.healthy, .version, in: "dev")
        },
        fanIn("one of two", .waiting) { $0.log.deliver(to: "dev") },
        fanIn("the other of two", .waiting) { $0.log.deliver(to: "perf") },
        fanIn("both", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.deliver(to: "perf")
        },
        fanIn("failed in one and not in the other", .failed) {
            $0.log.deliver(to: "perf")
            $0.log.fail(in: "perf")
        },
    ]

    @Test(arguments: rows)
    func upstream(_ row: VerdictRow) throws {
        let gate = try row.scene().gate("upstream")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
    }

    @Test func aFirstStageHasNoUpstreamGate() throws {
        var scene = Scene()
        scene.target = "dev"
        #expect(try scene.evaluator().gates().map(\.id) == ["freeze", "hold"])
    }

    @Test func waitingTellsTheCommandThatBringsItThere() throws {
        #expect(try Scene().gate("upstream").clearWith == "gradus promote web --to dev --version 1.0.0")
        var scene = Scene()
        scene.dev.health = HealthPolicy()
        scene.log.deliver(to: "dev")
        #expect(try scene.gate("upstream").clearWith?.hasPrefix("gradus report web 1.0.0 --stage dev --health") == true)
    }

    private static func watched(
        _ name: String, _ verdict: Verdict, _ arrange: @escaping @Sendable (inout Scene) -> Void
    ) -> VerdictRow {
        VerdictRow("\(name), with health", verdict) {
            $0.dev.health = HealthPolicy(verifyFor: .minutes(1))
            arrange(&$0)
        }
    }

    private static func fanIn(
        _ name: String, _ verdict: Verdict, _ arrange: @escaping @Sendable (inout Scene) -> Void
    ) -> VerdictRow {
        VerdictRow("\(name), fan-in", verdict) {
            $0.others = [Stage(name: "perf")]
            $0.qa.after = ["dev", "perf"]
            arrange(&$0)
        }
    }
}
