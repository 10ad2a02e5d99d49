import PromotionEngine
import Testing
import WorkflowModel

@Suite struct ConductorPromoteTests {
    static let dev = Stage(name: "dev", exitCriteria: [.number(.atLeast, "100")])
    static let qa = Stage(name: "qa", after: ["dev"], health: HealthPolicy(verifyFor: .minutes(1)))
    static let prod = Stage(
        name: "prod", stageClass: .production, after: ["qa"], entryCriteria: [.ticket("^CHG-[0-9]+$")],
        approvals: [ApprovalRule(from: ["platform-team"])])

    @Test func carriesAReleaseFromDevToProd() throws {
        let world = World(stages: [Self.dev, Self.qa, Self.prod])
        try world.register("1.0.0")
        let first = try world.promote(to: "dev")
        #expect(first.result == .promoted && first.phase == .succeeded && first.commit == "m1")
        #expect(try world.promote(to: "qa").result == .pending)
        _ = try world.conductor("ci").post(
            ["test_pass_rate": "100"], service: "web", version: "1.0.0", stage: "dev", ciURL: nil)
        let second = try world.promote(to: "qa")
        #expect(second.result == .promoted && second.phase == .verifying && second.from == ["dev"])
        #expect(try world.promote(to: "prod", ticket: "CHG-1").result == .pending)
        try world.observe(.healthy, "1.0.0", in: "qa")
        world.pace.wait(.minutes(1))
        _ = try world.conductor("olga").answer(Opinion(.approve), to: .cell(service: "web", stage: "prod"))
        let third = try world.promote(to: "prod")
        #expect(third.result == .promoted && third.phase == .succeeded)
        #expect(world.desired.version("prod") == "1.0.0")
        #expect(world.deployCommits.values.allSatisfy { $0 == 1 } && world.deployCommits.count == 3)
        #expect(
            world.moves == [
                "requested", "admitted", "delivered", "succeeded", "requested", "admitted", "delivered", "requested",
                "health.observed", "approval.given", "admitted", "delivered", "succeeded",
            ])
    }

    @Test func promotingWhatIsThereIsUnchangedAndRecordsNothing() throws {
        let world = World(stages: [Self.dev])
        try world.register("1.0.0")
        _ = try world.promote(to: "dev")
        let (records, tip) = (world.ledger.records.count, world.desired.tip)
        let again = try world.promote(to: "dev")
        #expect(again.result == .unchanged && again.phase == .succeeded && again.commit == "m1")
        #expect(world.ledger.records.count == records && world.desired.tip == tip)
    }

    @Test func askingAgainWhileVerifyingSaysSo() throws {
        let world = World(stages: [Stage(name: "dev", health: HealthPolicy())])
        try world.register("1.0.0")
        let first = try world.promote(to: "dev")
        let records = world.ledger.records.count
        let again = try world.promote(to: "dev")
        #expect(again.result == .unchanged && again.phase == .verifying && again.commit == first.commit)
        #expect(world.ledger.records.count == records)
    }

    @Test func askingAgainWhilePendingRecordsNothing() throws {
        let world = World(stages: [Self.dev, Self.qa, Self.prod])
        try world.register("1.0.0")
        let first = try world.promote("1.0.0", to: "prod")
        let records = world.ledger.records.count
        let again = try world.promote(to: "prod", by: "olga")
        #expect(again.id == first.id && again.requester == "rita")
        #expect(world.ledger.records.count == records)
    }

    @Test func previewWritesNothing() throws {
        let world = World(stages: [Self.dev])
        try world.register("1.0.0")
        let (messages, tip) = (world.ledger.messages, world.desired.tip)
        let report = try world.conductor().preview(
            PromotionTarget(service: "web", stage: "dev"), PromotionRequest(requester: "rita", trigger: .manual))
        #expect(report.result == .planned && report.edits.map(\.new) == ["1.0.0"])
        #expect(world.ledger.messages == messages && world.desired.tip == tip)
    }

    @Test func aRejectedPromotionIsRefusedUntilTheRejectionIsWithdrawn() throws {
        let world = World(stages: [Stage(name: "dev"), Self.prodAfterDev])
        try world.register("1.0.0")
        _ = try world.promote(to: "dev")
        #expect(try world.promote(to: "prod").result == .pending)
        _ = try world.conductor("pavel").answer(Opinion(.reject), to: .cell(service: "web", stage: "prod"))
        #expect(try world.promote(to: "prod").result == .refused)
        _ = try world.conductor("pavel").answer(Opinion(.reject, withdraw: true), to: .cell(service: "web", stage: "prod"))
        #expect(try world.promote(to: "prod").result == .pending)
        _ = try world.conductor("olga").answer(Opinion(.approve), to: .cell(service: "web", stage: "prod"))
        #expect(try world.promote(to: "prod").result == .promoted)
    }

    static let prodAfterDev = Stage(
        name: "prod", stageClass: .production, after: ["dev"], approvals: [ApprovalRule(from: ["platform-team"])])

    @Test func approvingTwiceRecordsOnce() throws {
        let world = World(stages: [Self.dev, Self.prodAfterDev])
        try world.register("1.0.0")
        _ = try world.promote(to: "dev")
        _ = try world.promote(to: "prod")
        for _ in 0..<2 { _ = try world.conductor("olga").answer(Opinion(.approve), to: .cell(service: "web", stage: "prod")) }
        #expect(world.moves.filter { $0 == "approval.given" }.count == 1)
    }

    @Test(arguments: ["rita", "ann", "sam"])
    func whoMayNotApproveIsToldSo(_ person: String) throws {
        let world = World(stages: [Self.dev, Self.prodAfterDev])
        try world.register("1.0.0")
        _ = try world.promote(to: "dev")
        _ = try world.promote(to: "prod")
        let error = #expect(throws: PromotionError.self) {
            try world.conductor(person).answer(Opinion(.approve), to: .cell(service: "web", stage: "prod"))
        }
        #expect(error?.kind == .notPermitted)
    }

    @Test(arguments: [
        ("nothing", "dev", nil, "no workflow declares"), ("web", "nowhere", nil, "has no stage"),
        ("web", "dev", "9.9.9", "is not a registered release"), ("web", "dev", nil, "no release of web is registered"),
    ] as [(String, String, String?, String)])
    func namesWhatDoesNotExist(_ service: String, _ stage: String, _ version: String?, _ message: String) {
        let world = World(stages: [Self.dev])
        let error = #expect(throws: PromotionError.self) {
            try world.conductor().promote(
                PromotionTarget(service: service, stage: stage, version: version),
                PromotionRequest(requester: "rita", trigger: .manual))
        }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains(message) == true)
        #expect(error?.hint != nil)
        #expect(world.ledger.records.isEmpty)
    }

    @Test func nothingIsDecidedOverRecordsOfANewerEngine() throws {
        let world = World(stages: [Self.dev])
        try world.register("1.0.0")
        try world.ledger.appendUnknown(type: "release.praised")
        let error = #expect(throws: PromotionError.self) { try world.promote(to: "dev") }
        #expect(error?.kind == .error)
        #expect(error?.hint?.contains("upgrade gradus") == true)
        #expect(throws: PromotionError.self) { try world.reconcile() }
        #expect(throws: PromotionError.self) { try world.register("2.0.0") }
        #expect(world.desired.tip == "m0")
    }

    @Test func registeringAgainIsUnchangedAndOtherContentAConflict() throws {
        let world = World(stages: [Self.dev])
        try world.register("1.0.0")
        try world.register("1.0.0")
        #expect(world.ledger.records.count == 1)
        let error = #expect(throws: PromotionError.self) {
            try world.conductor().register(Release(service: "web", version: "1.0.0", workflow: "shop", commit: "other"))
        }
        #expect(error?.kind == .conflict)
    }

    @Test func valuesThatWereBroughtByHandAreRecordedWithoutACommit() throws {
        let world = World(stages: [Self.dev])
        try world.register("1.0.0")
        world.desired.edit(MemoryDesiredState.file("web", "dev"), "1.0.0")
        let report = try world.promote(to: "dev")
        #expect(report.result == .promoted && report.commit == "m1")
        #expect(world.deployCommits.isEmpty)
        guard case .delivered(let delivered)? = world.ledger.records.map(\.fact).first(where: { $0.type == "delivered" }) else {
            Issue.record("nothing was delivered")
            return
        }
        #expect(delivered.unchanged && !delivered.late)
    }
}
