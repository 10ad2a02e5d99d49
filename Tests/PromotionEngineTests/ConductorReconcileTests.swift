import PromotionEngine
import Testing
import WorkflowModel

@Suite struct ConductorReconcileTests {
    static func automatic(_ health: HealthPolicy? = nil) -> [Stage] {
        [
            Stage(name: "dev", autoPromote: true, health: health), Stage(name: "qa", autoPromote: true, after: ["dev"]),
            Stage(name: "prod", after: ["qa"]),
        ]
    }

    @Test func carriesAReleaseAsFarAsAutomationMayGo() throws {
        let world = World(stages: Self.automatic(), services: ["web", "api"])
        try world.register("1.0.0")
        try world.register("1.0.0", "api")
        let report = try world.reconcile()
        #expect(report.errors.isEmpty && !report.failed)
        for service in ["web", "api"] {
            #expect(world.desired.version("dev", service) == "1.0.0" && world.desired.version("qa", service) == "1.0.0")
            #expect(world.desired.version("prod", service) == "0.0.1")
        }
        #expect(world.deployCommits.count == 4 && world.deployCommits.values.allSatisfy { $0 == 1 })
        let records = world.ledger.records.count
        #expect(try world.reconcile().moves.isEmpty)
        #expect(world.ledger.records.count == records)
    }

    @Test func automationIsRequestedByWhoRegisteredTheRelease() throws {
        let world = World(stages: Self.automatic())
        try world.register("1.0.0")
        _ = try world.reconcile()
        for record in world.ledger.records {
            guard case .requested(let requested) = record.fact else { continue }
            #expect(requested.requester == "ci" && requested.trigger == .automation)
            #expect(record.initiator.id == "robot")
        }
    }

    @Test func whatWaitsIsNotRecorded() throws {
        let world = World(stages: Self.automatic(HealthPolicy()))
        try world.register("1.0.0")
        _ = try world.reconcile()
        #expect(world.moves == ["requested", "admitted", "delivered"])
        let records = world.ledger.records.count
        for _ in 0..<3 {
            world.pace.wait(.minutes(30))
            #expect(try world.reconcile().moves.isEmpty)
        }
        #expect(world.ledger.records.count == records)
        try world.observe(.healthy, "1.0.0", in: "dev")
        _ = try world.reconcile()
        #expect(world.desired.version("qa") == "1.0.0")
    }

    @Test func automationDoesNotPutAnOlderVersionOverANewerOne() throws {
        let world = World(stages: Self.automatic())
        try world.register("2.0.0")
        _ = try world.reconcile()
        try world.register("1.0.0")
        #expect(try world.reconcile().moves.isEmpty)
        #expect(world.desired.version("dev") == "2.0.0")
    }

    /// Releases in quick succession starve no stage: what has served its time upstream goes on, though a newer one stands there.
    @Test func anOlderReleaseThatHasWaitedLongEnoughGoesOn() throws {
        var stages = Self.automatic(HealthPolicy())
        stages[0].exitCriteria = [Criterion(key: "soak_duration", kind: .soak(.minutes(60)))]
        let world = World(stages: stages)
        try world.register("1.0.0")
        _ = try world.reconcile()
        try world.observe(.healthy, "1.0.0", in: "dev")
        _ = try world.reconcile()
        #expect(world.desired.version("qa") == "0.0.1")
        world.pace.wait(.minutes(61))
        try world.register("1.1.0")
        #expect(try world.promote("1.1.0", to: "dev").result == .promoted)
        _ = try world.reconcile()
        #expect(world.desired.version("dev") == "1.1.0" && world.desired.version("qa") == "1.0.0")
    }

    @Test func automationDoesNotUndoAPromotionByHand() throws {
        let world = World(stages: Self.automatic())
        try world.register("1.0.0")
        _ = try world.reconcile()
        try world.register("2.0.0")
        _ = try world.reconcile()
        #expect(try world.promote("1.0.0", to: "dev").downgradeFrom == "2.0.0")
        #expect(try world.reconcile().moves.isEmpty)
        #expect(world.desired.version("dev") == "1.0.0" && world.desired.version("qa") == "2.0.0")
    }

    @Test(arguments: [
        (HealthStatus.healthy, 59, nil), (.healthy, 60, "succeeded"), (.degraded, 0, "failed"), (.progressing, 600, nil),
        (.progressing, 601, "failed"), (.missing, 601, "failed"), (.unknown, 600, nil),
    ] as [(HealthStatus, Int, String?)])
    func verificationFollowsTheObservedHealth(_ status: HealthStatus, _ seconds: Int, _ ending: String?) throws {
        let policy = HealthPolicy(verifyFor: .minutes(1), healthTimeout: .minutes(10))
        let world = World(stages: [Stage(name: "dev", health: policy)])
        try world.register("1.0.0")
        #expect(try world.promote(to: "dev").phase == .verifying)
        // Until the agent is seen at the delivered state no time-out runs.
        world.pace.wait(.days(2))
        #expect(try world.reconcile().moves.isEmpty)
        try world.observe(status, "1.0.0", in: "dev")
        world.pace.wait(.seconds(seconds))
        let report = try world.reconcile()
        #expect(report.moves.map(\.phase.rawValue) == (ending.map { [$0] } ?? []))
        #expect(report.failed == (ending == "failed"))
    }

    @Test func healthOfAnotherRevisionDoesNotCount() throws {
        let world = World(stages: [Stage(name: "dev", health: HealthPolicy())])
        try world.register("1.0.0")
        _ = try world.promote(to: "dev")
        try world.observe(.degraded, "1.0.0", in: "dev", at: "m0")
        #expect(try world.reconcile().moves.isEmpty)
        // A later commit that leaves the values alone is as good as the deploy commit.
        world.desired.edit("README", "x")
        try world.observe(.healthy, "1.0.0", in: "dev")
        #expect(try world.reconcile().moves.map(\.phase) == [.succeeded])
    }

    @Test func aFailedReleaseDoesNotGoOn() throws {
        let world = World(stages: Self.automatic(HealthPolicy()))
        try world.register("1.0.0")
        _ = try world.reconcile()
        try world.observe(.degraded, "1.0.0", in: "dev")
        #expect(try world.reconcile().failed)
        #expect(try world.promote("1.0.0", to: "qa").result == .refused)
    }

    @Test func aNewVersionSupersedesOneThatIsStillVerified() throws {
        let world = World(stages: [Stage(name: "dev", health: HealthPolicy())])
        for version in ["1.0.0", "2.0.0"] {
            try world.register(version)
            #expect(try world.promote(version, to: "dev").phase == .verifying)
        }
        #expect(
            world.moves == ["requested", "admitted", "delivered", "requested", "admitted", "superseded", "delivered"])
    }

    @Test func pendingPromotionsExpire() throws {
        let world = World(stages: [Stage(name: "dev", entryCriteria: [.ticket("^CHG-")])])
        try world.register("1.0.0")
        #expect(try world.promote(to: "dev").result == .pending)
        world.pace.wait(.days(7))
        #expect(try world.reconcile().moves.isEmpty)
        world.pace.wait(.seconds(1))
        #expect(try world.reconcile().moves.map(\.phase) == [.aborted])
    }

    @Test func aPendingPromotionGoesOnWhenItsGatesOpen() throws {
        let world = World(stages: [Stage(name: "dev", entryCriteria: [.text("pass")])])
        try world.register("1.0.0")
        #expect(try world.promote(to: "dev").result == .pending)
        _ = try world.conductor("ci").post(
            ["security_scan": "pass"], service: "web", version: "1.0.0", stage: nil, ciURL: nil)
        #expect(try world.reconcile().moves.map(\.phase) == [.succeeded])
        #expect(world.moves == ["requested", "admitted", "delivered", "succeeded"])
    }

    /// Deaths at every effect of a run over two services and two stages.
    @Test(arguments: [World.Trouble.lost, .dieBefore, .dieAfter], 3...12)
    func afterAnyTroubleTheNextRunFinishes(_ trouble: World.Trouble, _ effect: Int) throws {
        let world = World(stages: Self.automatic(), services: ["web", "api"])
        try world.register("1.0.0")
        try world.register("1.0.0", "api")
        world.troubles[effect] = trouble
        do { _ = try world.reconcile() } catch is World.Death {}
        #expect(try world.reconcile().errors.isEmpty)
        #expect(world.deployCommits.count == 4 && world.deployCommits.values.allSatisfy { $0 == 1 })
        #expect(world.moves.filter { $0 == "delivered" }.count == 4)
        #expect(world.moves.filter { $0 == "succeeded" }.count == 4)
        for service in ["web", "api"] { #expect(world.desired.version("qa", service) == "1.0.0") }
    }
}
