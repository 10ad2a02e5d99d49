import PromotionEngine
import Testing
import WorkflowModel

@Suite struct HealthGateTests {
    static let verdicts: [(HealthStatus, Verdict)] = [
        (.healthy, .passed), (.degraded, .failed), (.progressing, .waiting), (.suspended, .waiting), (.missing, .waiting),
        (.unknown, .waiting),
    ]

    @Test(arguments: verdicts)
    func upstreamHealth(_ status: HealthStatus, _ verdict: Verdict) throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.upstreamHealth]
        scene.log.deliver(to: "dev")
        scene.log.observe(status, in: "dev")
        let gate = try scene.gate("qa.entry.upstream_health")
        #expect(gate.verdict == verdict)
        #expect(gate.value == status.rawValue)
        #expect((gate.clearWith == nil) == (verdict == .passed))
    }

    @Test(arguments: verdicts)
    func targetHealth(_ status: HealthStatus, _ verdict: Verdict) throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.targetHealth]
        scene.log.register("0.9.0")
        scene.log.deliver("0.9.0", to: "qa")
        scene.log.observe(status, "0.9.0", in: "qa")
        #expect(try scene.gate("qa.entry.target_health").verdict == verdict)
    }

    @Test func unobservedHealthWaits() throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.upstreamHealth, .targetHealth]
        for deliver in [false, true] {
            if deliver { scene.log.deliver(to: "dev") }
            for id in ["qa.entry.upstream_health", "qa.entry.target_health"] {
                let gate = try scene.gate(id)
                #expect(gate.verdict == .waiting)
                #expect(gate.value == "Unknown")
            }
        }
    }

    @Test func targetHealthIsThatOfWhatIsThereAlsoOfABaseline() throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.targetHealth]
        scene.log.observeBaseline(.healthy, "0.1.0", in: "qa")
        #expect(try scene.gate("qa.entry.target_health").verdict == .passed)
        // The files were changed by hand: the new baseline is judged by itself.
        scene.log.observeBaseline(.degraded, "0.2.0", in: "qa")
        let gate = try scene.gate("qa.entry.target_health")
        #expect(gate.verdict == .failed)
        #expect(gate.reason.contains("0.2.0"))
    }

    @Test func aBaselineReportAfterADeliveryChangesNothing() {
        var scene = Scene()
        scene.log.deliver(to: "qa")
        scene.log.observe(.healthy, in: "qa")
        let before = scene.log.service
        scene.log.observeBaseline(.degraded, "0.2.0", in: "qa")
        #expect(scene.log.service == before)
    }

    @Test func staleHealthIsUnknown() throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.upstreamHealth]
        scene.dev.health = HealthPolicy(staleAfter: .hours(6))
        scene.log.deliver(to: "dev")
        scene.log.observe(.healthy, in: "dev")
        scene.pass(.hours(6))
        #expect(try scene.gate("qa.entry.upstream_health").verdict == .passed)
        scene.pass(.seconds(1))
        let gate = try scene.gate("qa.entry.upstream_health")
        #expect(gate.verdict == .waiting)
        #expect(gate.value == "Unknown")
    }

    @Test func theLatestHealthCounts() throws {
        var scene = Scene()
        scene.qa.entryCriteria = [.upstreamHealth]
        scene.log.deliver(to: "dev")
        for (status, verdict) in Self.verdicts {
            scene.log.observe(status, in: "dev")
            #expect(try scene.gate("qa.entry.upstream_health").verdict == verdict)
        }
    }
}
