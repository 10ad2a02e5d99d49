import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 9: any process may die at any instruction, any race may be lost, nothing is applied twice.
@Suite struct ConductorRaceTests {
    static func world() throws -> World {
        let world = World(stages: [Stage(name: "dev"), Stage(name: "qa", after: ["dev"])], services: ["web", "api"])
        try world.register("1.0.0")
        return world
    }

    /// The one and only commit and the records in their order, whatever went wrong.
    static func expectDeliveredOnce(_ world: World, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(world.desired.version("dev") == "1.0.0", sourceLocation: sourceLocation)
        #expect(world.deployCommits.values.reduce(0, +) == 1, sourceLocation: sourceLocation)
        let types = world.moves
        for type in ["delivered", "succeeded"] {
            #expect(types.filter { $0 == type }.count == 1, "\(types)", sourceLocation: sourceLocation)
        }
        #expect(types.last == "succeeded", sourceLocation: sourceLocation)
    }

    /// Register is effect 1; request and admission 2, landing 3, delivery's record 4.
    @Test(arguments: 0...6, 2...4)
    func lostRacesAreFoughtAgain(_ times: Int, _ effect: Int) throws {
        let world = try Self.world()
        for attempt in 0..<times { world.troubles[effect + attempt] = .lost }
        let report = try world.promote(to: "dev")
        #expect(report.result == .promoted && report.phase == .succeeded)
        Self.expectDeliveredOnce(world)
        #expect(world.moves == ["requested", "admitted", "delivered", "succeeded"])
    }

    @Test func aRaceThatIsAlwaysLostEndsAsAConflictAfterTheTimeout() throws {
        let world = try Self.world()
        for effect in 2...500 { world.troubles[effect] = .lost }
        let error = #expect(throws: PromotionError.self) { try world.promote(to: "dev") }
        #expect(error?.kind == .conflict)
        #expect((world.pace.now - .start).seconds >= 120 && (world.pace.now - .start).seconds < 130)
        #expect(world.moves.isEmpty && world.desired.tip == "m0")
    }

    @Test(arguments: [World.Trouble.dieBefore, .dieAfter], [2, 3, 4])
    func afterADeathPromoteFinishesWithOneCommit(_ trouble: World.Trouble, _ effect: Int) throws {
        let world = try Self.world()
        world.troubles[effect] = trouble
        #expect(throws: World.Death.self) { try world.promote(to: "dev") }
        let report = try world.promote(to: "dev", by: "olga")
        #expect(report.phase == .succeeded)
        #expect(report.commit == "m1")
        Self.expectDeliveredOnce(world)
    }

    @Test(arguments: [World.Trouble.dieBefore, .dieAfter], [2, 3, 4])
    func afterADeathReconcileFinishesWhatWasBegun(_ trouble: World.Trouble, _ effect: Int) throws {
        let world = try Self.world()
        world.troubles[effect] = trouble
        #expect(throws: World.Death.self) { try world.promote(to: "dev") }
        let begun = !world.moves.isEmpty
        let report = try world.reconcile()
        #expect(report.errors.isEmpty)
        if begun { Self.expectDeliveredOnce(world) } else { #expect(world.moves.isEmpty) }
        #expect(try world.reconcile().moves.isEmpty)
    }

    /// Every pair of troubles, each met by the next process.
    @Test func anySequenceOfDeathsEndsWithOneCommit() throws {
        for first in 2...6 {
            for second in (first + 1)...9 {
                for troubles in [(World.Trouble.dieBefore, World.Trouble.dieAfter), (.dieAfter, .dieBefore), (.dieAfter, .dieAfter),
                    (.lost, .dieAfter), (.dieBefore, .lost)] {
                    let world = try Self.world()
                    (world.troubles[first], world.troubles[second]) = troubles
                    for _ in 0..<4 {
                        do { _ = try world.promote(to: "dev") } catch is World.Death { world.pace.wait(.minutes(4)) }
                    }
                    Self.expectDeliveredOnce(world)
                }
            }
        }
    }

    @Test(arguments: 2...4)
    func twoProcessesAtOnceDeliverOnce(_ effect: Int) throws {
        let world = try Self.world()
        world.interludes[effect] = { _ = try world.promote(to: "dev", by: "olga") }
        let report = try world.promote(to: "dev")
        #expect(report.phase == .succeeded && report.commit == "m1")
        Self.expectDeliveredOnce(world)
        #expect(world.moves == ["requested", "admitted", "delivered", "succeeded"])
    }

    @Test func anAdmissionWithoutCommitLapsesAndIsDecidedAnew() throws {
        for viaReconcile in [false, true] {
            let world = try Self.world()
            world.troubles[3] = .dieBefore
            #expect(throws: World.Death.self) { try world.promote(to: "dev") }
            world.pace.wait(.seconds(601))
            if viaReconcile { _ = try world.reconcile() } else { _ = try world.promote(to: "dev") }
            #expect(world.moves == ["requested", "admitted", "withdrawn", "admitted", "delivered", "succeeded"])
            Self.expectDeliveredOnce(world)
        }
    }

    @Test func withinTenMinutesTheAdmissionStands() throws {
        let world = try Self.world()
        world.troubles[3] = .dieBefore
        #expect(throws: World.Death.self) { try world.promote(to: "dev") }
        world.pace.wait(.seconds(600))
        _ = try world.promote(to: "dev")
        #expect(world.moves == ["requested", "admitted", "delivered", "succeeded"])
    }

    @Test func aCommitThatLandedBeforeTheLapseIsFoundLongAfter() throws {
        let world = try Self.world()
        world.troubles[3] = .dieAfter
        #expect(throws: World.Death.self) { try world.promote(to: "dev") }
        world.pace.wait(.days(3))
        world.desired.edit("README", "x")
        let report = try world.promote(to: "dev")
        #expect(report.commit == "m1" && report.phase == .succeeded)
        #expect(world.moves == ["requested", "admitted", "delivered", "succeeded"])
        Self.expectDeliveredOnce(world)
    }

    /// The push hangs, the admission lapses, the gates close, and then the commit arrives after all.
    @Test func aCommitThatLandsAfterTheLapseIsDeliveredLate() throws {
        let world = World(stages: [Stage(name: "dev", entryCriteria: [.text("pass")])])
        try world.register("1.0.0")
        let ci = world.conductor("ci")
        _ = try ci.post(["security_scan": "pass"], service: "web", version: "1.0.0", stage: nil, ciURL: nil)
        world.desired.delaysNextLanding = true
        #expect(throws: World.Death.self) { try world.promote(to: "dev") }
        _ = try ci.post(["security_scan": "fail"], service: "web", version: "1.0.0", stage: nil, ciURL: nil)
        world.pace.wait(.minutes(11))
        #expect(try world.reconcile().errors.isEmpty)
        #expect(world.moves == ["requested", "admitted", "withdrawn"])
        #expect(world.desired.version("dev") == "0.0.1")
        _ = world.desired.arrive()
        _ = try world.reconcile()
        #expect(world.moves == ["requested", "admitted", "withdrawn", "delivered", "succeeded"])
        guard case .delivered(let delivered)? = world.ledger.records.map(\.fact).first(where: { $0.type == "delivered" }) else {
            return
        }
        #expect(delivered.late && delivered.commit == "m1")
        Self.expectDeliveredOnce(world)
    }

    /// The delayed push meets the branch that the second attempt has moved.
    @Test func aDelayedCommitThatIsTooLateIsRefusedByTheBranch() throws {
        let world = try Self.world()
        world.desired.delaysNextLanding = true
        #expect(throws: World.Death.self) { try world.promote(to: "dev") }
        world.pace.wait(.minutes(11))
        _ = try world.promote(to: "dev")
        guard case .lost? = world.desired.arrive().first else {
            Issue.record("the delayed commit landed")
            return
        }
        Self.expectDeliveredOnce(world)
    }

    @Test func anotherCommitMeanwhileIsNoConflict() throws {
        let world = try Self.world()
        world.interludes[3] = { world.desired.edit(MemoryDesiredState.file("api", "dev"), "7") }
        #expect(try world.promote(to: "dev").commit == "m2")
        #expect(world.desired.version("dev", "api") == "7")
        Self.expectDeliveredOnce(world)
    }

    @Test func aChangeOfTheSameValueIsAConflictThatNamesBothSides() throws {
        let world = try Self.world()
        world.interludes[3] = { world.desired.edit(MemoryDesiredState.file("web", "dev"), "0.0.7") }
        let report = try world.promote(to: "dev")
        let error = report.problem
        #expect(error?.kind == .conflict && report.phase == .withdrawn)
        let text = error?.description ?? ""
        #expect(text.contains("environments/dev/web.yaml") && text.contains("0.0.1") && text.contains("1.0.0") && text.contains("0.0.7"))
        #expect(world.moves == ["requested", "admitted", "withdrawn"])
        #expect(world.desired.version("dev") == "0.0.7" && world.deployCommits.isEmpty)
        // Asked for again with the new value in sight it goes through.
        #expect(try world.promote(to: "dev").phase == .succeeded)
        Self.expectDeliveredOnce(world)
    }

    @Test func theSameValueByHandMeanwhileIsRecordedAsDelivered() throws {
        let world = try Self.world()
        world.interludes[3] = { world.desired.edit(MemoryDesiredState.file("web", "dev"), "1.0.0") }
        let report = try world.promote(to: "dev")
        #expect(report.commit == "m1" && report.phase == .succeeded)
        #expect(world.deployCommits.isEmpty)
        #expect(world.moves == ["requested", "admitted", "delivered", "succeeded"])
    }

    @Test func changedRulesWithdrawTheAdmission() throws {
        let world = try Self.world()
        world.interludes[3] = {
            world.desired.current.workflows[0].stages[0].entryCriteria = [.text("pass")]
            world.desired.edit("workflows/shop.yaml", "x")
        }
        let report = try world.promote(to: "dev")
        #expect(report.result == .pending)
        #expect(world.moves == ["requested", "admitted", "withdrawn"])
        #expect(world.desired.version("dev") == "0.0.1")
    }

    @Test func anAdmittedPromotionIsFinishedBeforeAnotherVersionIsDecided() throws {
        let world = try Self.world()
        try world.register("2.0.0")
        world.troubles[4] = .dieBefore
        #expect(throws: World.Death.self) { try world.promote("1.0.0", to: "dev") }
        let report = try world.promote("2.0.0", to: "dev")
        #expect(report.phase == .succeeded)
        #expect(
            world.moves == [
                "requested", "admitted", "delivered", "succeeded", "requested", "admitted", "delivered", "succeeded",
            ])
        #expect(world.desired.version("dev") == "2.0.0")
        #expect(world.deployCommits.count == 2)
    }
}
