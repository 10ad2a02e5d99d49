import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 8: rollback by hand, its hold, `resume`; freezes and holds bind by the order of the ledger.
@Suite struct ConductorRollbackTests {
    static let dev = Stage(name: "dev", autoPromote: true)
    static let prod = Stage(name: "prod", stageClass: .production, autoPromote: true, after: ["dev"])

    private func world(_ versions: [String] = ["1.0.0", "1.1.0"]) throws -> World {
        let world = World(stages: [Self.dev, Self.prod])
        for version in versions {
            try world.register(version)
            _ = try world.reconcile()
        }
        return world
    }

    private func rollback(_ world: World, to version: String? = nil, in stage: String = "prod") throws -> PromotionReport {
        try world.conductor("rita").rollback(PromotionTarget(service: .service, stage: stage, version: version), reason: "errors")
    }

    @Test func tenCyclesDoNotUndoARollback() throws {
        let world = try world()
        #expect(world.desired.version("prod") == "1.1.0")
        let report = try rollback(world)
        #expect(report.result == .promoted && report.version == "1.0.0" && report.phase == .succeeded)
        for _ in 0..<10 {
            #expect(try world.reconcile().moves.isEmpty)
            world.pace.wait(.hours(1))
        }
        #expect(world.desired.version("prod") == "1.0.0" && world.desired.version("dev") == "1.1.0")
        // Nor does a newer release enter before somebody resumes.
        try world.register("1.2.0")
        _ = try world.reconcile()
        #expect(world.desired.version("prod") == "1.0.0" && world.desired.version("dev") == "1.2.0")
        _ = try world.conductor("pavel").resume(service: .service, stage: "prod", reason: nil)
        _ = try world.reconcile()
        #expect(world.desired.version("prod") == "1.2.0")
    }

    @Test func afterResumeTheBadVersionStillDoesNotComeBack() throws {
        let world = try world()
        _ = try rollback(world)
        _ = try world.conductor().resume(service: .service, stage: "prod", reason: nil)
        for _ in 0..<3 { _ = try world.reconcile() }
        #expect(world.desired.version("prod") == "1.0.0")
    }

    @Test func recordsTheWholeStory() throws {
        let world = try world()
        let before = world.ledger.records.count
        _ = try rollback(world)
        #expect(
            world.ledger.records.dropFirst(before).map(\.fact.type)
                == ["requested", "hold.added", "admitted", "rolled_back", "delivered", "succeeded"])
    }

    @Test func aSecondCallIsUnchanged() throws {
        let world = try world(["1.0.0", "1.1.0", "1.2.0"])
        #expect(try rollback(world).version == "1.1.0")
        let count = world.ledger.records.count
        #expect(try rollback(world).result == .unchanged && world.ledger.records.count == count)
        #expect(try rollback(world, to: "1.0.0").result == .promoted && world.desired.version("prod") == "1.0.0")
    }

    @Test func theBaselineIsATarget() throws {
        let world = try world(["1.0.0"])
        let report = try rollback(world)
        #expect(report.version == "0.0.1" && world.desired.version("prod") == "0.0.1")
        for _ in 0..<10 { _ = try world.reconcile() }
        #expect(world.desired.version("prod") == "0.0.1")
    }

    @Test func aVersionThatWasNeverThereIsRefused() throws {
        let world = try world(["1.0.0", "1.1.0"])
        try world.register("1.5.0")
        let error = #expect(throws: PromotionError.self) { try rollback(world, to: "1.5.0") }
        #expect(error?.kind == .refused)
    }

    @Test func nothingPromotedIsNothingToRollBack() throws {
        let world = World(stages: [Self.dev])
        #expect(throws: PromotionError.self) { try rollback(world, in: "dev") }
    }

    @Test func aRolledBackReleaseDoesNotPassUpstream() throws {
        let world = try world()
        _ = try rollback(world, in: "dev")
        let preview = try world.conductor().preview(
            PromotionTarget(service: .service, stage: "prod", version: "1.1.0"), PromotionRequest(requester: "rita", trigger: .manual))
        #expect(preview.gates.isEmpty || preview.gates.first { $0.id == "upstream" }?.verdict == .failed)
    }

    @Test func othersHoldsAndYanksAreObeyedFreezesAreNot() throws {
        let world = try world()
        _ = try world.conductor("olga").addFreeze(FreezeScope(stage: "prod"), reason: "quiet", start: nil, until: nil)
        _ = try world.conductor("olga").addHold(service: .service, stage: "prod", reason: "looking", until: nil)
        #expect(try rollback(world).result == .refused)
        _ = try world.conductor("olga").resume(service: .service, stage: "prod", reason: nil)
        #expect(try rollback(world).result == .promoted)
    }

    @Test func aFreezeMayIncludeRollbacks() throws {
        let world = try world()
        _ = try world.conductor("olga").addFreeze(
            FreezeScope(stage: "prod"), reason: "quiet", start: nil, until: nil, includesRollbacks: true)
        #expect(try rollback(world).result == .refused)
    }

    /// Whatever effect the process dies at or a race is lost at, the next runs end with one rollback.
    @Test(arguments: 1...3, World.Trouble.allCases)
    func troubleAtAnyEffectEndsInOneRollback(_ effect: Int, _ trouble: World.Trouble) throws {
        let world = try world()
        world.troubles[world.effects + effect] = trouble
        do { _ = try rollback(world) } catch is World.Death {}
        _ = try world.reconcile()
        _ = try rollback(world, to: "1.0.0")
        #expect(world.desired.version("prod") == "1.0.0" && world.deployCommits.values.allSatisfy { $0 == 1 })
        for _ in 0..<3 { #expect(try world.reconcile().moves.isEmpty) }
    }

    @Test func aFreezeBetweenPlanAndAdmissionStopsIt() throws {
        let world = World(stages: [Stage(name: "dev")])
        try world.register("1.0.0")
        world.interludes[world.effects + 1] = {
            _ = try world.conductor("olga").addFreeze(FreezeScope(stage: "dev"), reason: "quiet", start: nil, until: .start + .hours(1))
        }
        let report = try world.promote(to: "dev")
        #expect(report.result == .pending && report.gates.first { $0.id == "freeze" }?.verdict == .waiting)
        #expect(world.desired.version("dev") == "0.0.1")
        world.pace.wait(.hours(1))
        _ = try world.reconcile()
        #expect(world.desired.version("dev") == "1.0.0")
    }

    @Test func aFreezeAfterAdmissionDoesNotStopTheDelivery() throws {
        let world = World(stages: [Stage(name: "dev")])
        try world.register("1.0.0")
        world.interludes[world.effects + 2] = {
            _ = try world.conductor("olga").addFreeze(FreezeScope(stage: "dev"), reason: "quiet", start: nil, until: nil)
        }
        #expect(try world.promote(to: "dev").result == .promoted)
    }

    @Test func resumeLeavesTheHoldsOfOthersAndNamesThem() throws {
        let world = try world()
        _ = try world.conductor("olga").addHold(service: .service, stage: "prod", reason: "a", until: nil)
        _ = try world.conductor("rita").addHold(service: .service, stage: "prod", reason: "b", until: nil)
        let report = try world.conductor("rita").resume(service: .service, stage: "prod", reason: nil)
        #expect(report.next.contains("by olga"))
        #expect(try world.conductor().holds().map(\.hold.owner) == ["olga"])
    }

    @Test func theSameFreezeAndHoldAreRecordedOnce() throws {
        let world = try world()
        for _ in 0..<2 {
            _ = try world.conductor("olga").addFreeze(FreezeScope(stage: "prod"), reason: "q", start: nil, until: .start + .hours(9))
            _ = try world.conductor("olga").addHold(service: .service, stage: "prod", reason: "h", until: nil)
        }
        #expect(world.moves.filter { $0 == "freeze.added" }.count == 1 && world.moves.filter { $0 == "hold.added" }.count == 1)
    }
}
