import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 6, health facts: how long a release has been healthy in the upstream stage.
@Suite struct SoakGateTests {
    /// Soak of 24 hours in dev before qa.
    static let rows: [VerdictRow] = [
        row("not delivered", .waiting) { _ in },
        row("delivered without health", .waiting) {
            $0.log.deliver(to: "dev")
            $0.pass(.days(30))
        },
        row("healthy that long", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(24))
        },
        row("one second short", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.seconds(86_399))
        },
        row("the clock starts at the first Healthy, not at the delivery", .waiting) {
            $0.log.deliver(to: "dev")
            $0.pass(.hours(20))
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(23))
        },
        row("a second Healthy does not restart the clock", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(23))
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(1))
        },
        reset(by: .degraded), reset(by: .progressing), reset(by: .suspended), reset(by: .missing), reset(by: .unknown),
        row("ill now", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.days(9))
            $0.log.observe(.degraded, in: "dev")
        },
        row("a redeploy of the same version resets", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.days(9))
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(23))
        },
        row("a stay that was long enough keeps its length after the stage moved on", .passed) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(24))
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
            $0.log.observe(.degraded, "2.0.0", in: "dev")
            $0.pass(.days(3))
        },
        row("a stay that was too short does not grow after the stage moved on", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(23))
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
            $0.pass(.days(30))
        },
        row("the stay after a return counts, not the one before", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.days(3))
            $0.log.register("2.0.0")
            $0.log.deliver("2.0.0", to: "dev")
            $0.log.deliver(to: "dev")
        },
        row("health of another version does not count", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.register("2.0.0")
            $0.log.observe(.healthy, "2.0.0", in: "dev")
            $0.pass(.days(3))
        },
        row("health of another revision does not count", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.add(
                .healthObserved(
                    HealthObserved(
                        service: .service, version: .version, stage: "dev", status: .healthy, revision: "other",
                        promotion: nil)))
            $0.pass(.days(3))
        },
        row("a baseline is never evidence", .waiting) {
            $0.log.observeBaseline(.healthy, .version, in: "dev")
            $0.pass(.days(30))
        },
        row("health in another stage does not count", .waiting) {
            $0.log.deliver(to: "prod")
            $0.log.observe(.healthy, in: "prod")
            $0.pass(.days(3))
        },
        row("stale time does not count", .waiting) {
            $0.dev.health = HealthPolicy(staleAfter: .hours(6))
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(30))
        },
        row("reports in time count in full", .passed) {
            $0.dev.health = HealthPolicy(staleAfter: .hours(6))
            $0.log.deliver(to: "dev")
            for _ in 0..<4 {
                $0.log.observe(.healthy, in: "dev")
                $0.pass(.hours(6))
            }
        },
        row("a gap between reports is not counted, and resets nothing", .waiting) {
            $0.dev.health = HealthPolicy(staleAfter: .hours(6))
            $0.log.deliver(to: "dev")
            for _ in 0..<3 {
                $0.log.observe(.healthy, in: "dev")
                $0.pass(.hours(12))
            }
        },
        row("counted time adds up over gaps", .passed) {
            $0.dev.health = HealthPolicy(staleAfter: .hours(6))
            $0.log.deliver(to: "dev")
            for _ in 0..<4 {
                $0.log.observe(.healthy, in: "dev")
                $0.pass(.hours(12))
            }
        },
        row("a run is by order of the ledger, also when times go back", .waiting) {
            $0.dev.health = HealthPolicy(staleAfter: .hours(30))
            $0.log.deliver(to: "dev")
            $0.pass(.hours(10))
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(8))
            $0.log.observe(.degraded, in: "dev")
            $0.pass(.hours(-10))
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(20))
        },
    ]

    @Test(arguments: rows)
    func exitSoak(_ row: VerdictRow) throws {
        let gate = try row.scene().gate("dev.exit.soak_duration")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
        #expect(gate.threshold == "24h")
    }

    @Test func saysExactlyWhenItWillHold() throws {
        var scene = Scene()
        scene.dev.exitCriteria = [.soak(.hours(24))]
        scene.log.deliver(to: "dev")
        scene.pass(.minutes(7))
        scene.log.observe(.healthy, in: "dev")
        scene.pass(.hours(5))
        let gate = try scene.gate("dev.exit.soak_duration")
        #expect(gate.since == .start + .minutes(7))
        #expect(gate.value == "5h")
        let next = try #require(gate.nextCheck)
        #expect(next == .start + .minutes(7) + .hours(24))
        scene.log.now = next + .seconds(-1)
        #expect(try scene.gate("dev.exit.soak_duration").verdict == .waiting)
        scene.log.now = next
        #expect(try scene.gate("dev.exit.soak_duration").verdict == .passed)
    }

    @Test func withoutHealthTellsTheReportCommand() throws {
        var scene = Scene()
        scene.dev.exitCriteria = [.soak(.hours(24))]
        scene.log.deliver(to: "dev")
        let gate = try scene.gate("dev.exit.soak_duration")
        #expect(gate.value == "Unknown")
        #expect(gate.nextCheck == nil)
        #expect(
            gate.clearWith == "gradus report web 1.0.0 --stage dev --health Healthy --revision c-1.0.0-dev")
    }

    @Test func fanInTellsTheLaterTime() throws {
        var scene = Scene()
        scene.others = [Stage(name: "perf")]
        scene.qa.after = ["dev", "perf"]
        scene.qa.entryCriteria = [.soak(.hours(24))]
        scene.log.deliver(to: "dev")
        scene.log.observe(.healthy, in: "dev")
        scene.pass(.hours(3))
        scene.log.deliver(to: "perf")
        scene.log.observe(.healthy, in: "perf")
        scene.pass(.hours(1))
        #expect(try scene.gate("qa.entry.soak_duration").nextCheck == .start + .hours(27))
        scene.log.now = .start + .hours(25)
        #expect(try scene.gate("qa.entry.soak_duration").verdict == .waiting)
        scene.log.now = .start + .hours(27)
        #expect(try scene.gate("qa.entry.soak_duration").verdict == .passed)
    }

    @Test func anEndlessSpanWaitsWithAWritableTime() throws {
        var scene = Scene()
        scene.dev.exitCriteria = [.soak(TimeSpan(seconds: Int.max))]
        scene.log.deliver(to: "dev")
        scene.log.observe(.healthy, in: "dev")
        let gate = try scene.gate("dev.exit.soak_duration")
        #expect(gate.verdict == .waiting)
        #expect(gate.nextCheck?.description == "9999-12-31T23:59:59Z")
    }

    /// `dev_stable` as an entry criterion of prod looks past the stage between.
    @Test(arguments: [
        (48, 0, Verdict.passed), (47, 0, .waiting), (48, 1, .waiting), (100, 48, .passed),
    ])
    func stableLooksAtTheNamedStage(_ hoursHealthy: Int, _ hoursAfterAnIll: Int, _ verdict: Verdict) throws {
        var scene = Scene()
        scene.target = "prod"
        scene.prod.entryCriteria = [.stable("dev", .hours(48))]
        scene.log.deliver(to: "dev")
        scene.log.observe(.healthy, in: "dev")
        scene.pass(.hours(hoursHealthy))
        if hoursAfterAnIll > 0 {
            scene.log.observe(.degraded, in: "dev")
            scene.log.observe(.healthy, in: "dev")
            scene.pass(.hours(hoursAfterAnIll))
        }
        #expect(try scene.gate("prod.entry.dev_stable").verdict == verdict)
    }

    @Test func stableOfAStageThatDoesNotExistIsErrored() throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.stable("nowhere", .hours(1))]
        #expect(try scene.gate("qa.entry.nowhere_stable").verdict == .errored)
    }

    private static func row(
        _ name: String, _ verdict: Verdict, _ arrange: @escaping @Sendable (inout Scene) -> Void
    ) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.dev.exitCriteria = [.soak(.hours(24))]
            arrange(&$0)
        }
    }

    private static func reset(by status: HealthStatus) -> VerdictRow {
        row("\(status.rawValue) resets the clock", .waiting) {
            $0.log.deliver(to: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.days(9))
            $0.log.observe(status, in: "dev")
            $0.log.observe(.healthy, in: "dev")
            $0.pass(.hours(23))
        }
    }
}
