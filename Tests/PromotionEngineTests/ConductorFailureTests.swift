import PromotionEngine
import Testing
import WorkflowModel

/// Within one append, too, what is admitted stands behind nothing that closes it.
@Suite struct ConductorFailureTests {
    /// Says of everything that it is looked at what it is told to.
    private final class Probe: HealthPort {
        var finding = HealthFinding.seen(.healthy, "")

        func look(at watch: HealthWatch, carries: (String) throws -> Bool) -> HealthLook {
            HealthLook(findings: [HealthLook.Finding("http", finding)])
        }
    }

    private struct Missing: Error {}

    private static let dev = Stage(name: "dev", autoPromote: true)

    private func qa(_ onFailure: Stage.FailurePolicy, _ health: HealthPolicy = HealthPolicy()) -> Stage {
        Stage(name: "qa", stageClass: .test, autoPromote: true, after: ["dev"], health: health, onFailure: onFailure)
    }

    private func types(_ world: World, after count: Int) -> [String] { world.ledger.records.dropFirst(count).map(\.fact.type) }

    @Test(arguments: [Stage.FailurePolicy.hold, .rollback])
    func theHoldOfAFailureStopsTheNextRelease(_ policy: Stage.FailurePolicy) throws {
        let world = World(stages: [Self.dev, qa(policy)])
        try world.register("1.0.0")
        _ = try world.reconcile()
        try world.observe(.degraded, "1.0.0", in: "qa")
        try world.register("1.1.0")
        _ = try world.promote(to: "dev")
        _ = try world.reconcile()
        #expect(world.desired.version("dev") == "1.1.0")
        #expect(world.desired.version("qa") == (policy == .hold ? "1.0.0" : "0.0.1"))
        _ = try world.conductor("pavel").resume(service: .service, stage: "qa", reason: nil)
        _ = try world.reconcile()
        // The hold of a failure is for its owner to end.
        #expect(world.desired.version("qa") == (policy == .hold ? "1.0.0" : "1.1.0"))
    }

    @Test func whatALookFindsUpstreamBindsWhatFollowsInTheSamePass() throws {
        let probe = Probe()
        let watched = HealthPolicy(
            sources: [.report, HealthSource(.http(HTTPSource(url: "http://web")), declared: "web")], verifyFor: .minutes(1))
        let prod = Stage(name: "prod", stageClass: .production, autoPromote: true, after: ["qa"])
        let world = World(stages: [Self.dev, qa(.none, watched), prod])
        func reconcile() throws {
            _ = try Conductor(
                ledger: world.ledger, desired: world.desired, pace: world.pace, initiator: Identity(id: "robot"), health: probe
            ).reconcile(ReconcileScope())
        }
        probe.finding = .seen(.progressing, "starting")
        try world.register("1.0.0")
        try reconcile()
        try world.observe(.healthy, "1.0.0", in: "qa")
        world.pace.wait(.minutes(5))
        probe.finding = .errored("no answer")
        try reconcile()
        #expect(world.desired.version("prod") == "0.0.1", "nobody knows how it does in qa")
        #expect(!world.ledger.records.contains { $0.fact.type == "admitted" && $0.fact.stage == "prod" })
    }

    @Test func aFailureClosesNothingThatIsAdmitted() throws {
        let world = World(stages: [Self.dev, qa(.rollback)])
        try world.register("1.0.0")
        _ = try world.reconcile()
        // Somebody takes it back and dies before the commit; then it turns out to be ill as well.
        world.troubles = [world.effects + 2: .dieBefore]
        #expect(throws: World.Death.self) {
            try world.conductor().rollback(PromotionTarget(service: .service, stage: "qa"), reason: "slow")
        }
        let count = world.ledger.records.count
        try world.observe(.degraded, "1.0.0", in: "qa")
        _ = try world.reconcile()
        #expect(types(world, after: count).prefix(3) == ["health.observed", "rolled_back", "delivered"])
        #expect(world.desired.version("qa") == "0.0.1")
        #expect(!types(world, after: count).contains("superseded"))
    }

    @Test func whatSomebodyMendedByHandIsNotRolledBack() throws {
        let world = World(stages: [Self.dev, qa(.rollback)])
        try world.register("1.0.0")
        _ = try world.reconcile()
        try world.observe(.degraded, "1.0.0", in: "qa")
        world.desired.edit(MemoryDesiredState.file(.service, "qa"), "1.0.0-fixed")
        let count = world.ledger.records.count
        _ = try world.reconcile()
        #expect(types(world, after: count) == ["external-change"])
        #expect(world.desired.version("qa") == "1.0.0-fixed")
    }

    /// Nor is an earlier release, when the rollback went over a change by hand.
    @Test(arguments: [false, true]) func whatWasRolledBackIsNothingToPutBack(_ wasChanged: Bool) throws {
        let world = World(stages: [Self.dev])
        try world.register("1.0.0")
        _ = try world.reconcile()
        if wasChanged { world.desired.edit(MemoryDesiredState.file(.service, "dev"), "9.0.0") }
        _ = try world.conductor().rollback(PromotionTarget(service: .service, stage: "dev", version: "0.0.1"), reason: "broken")
        #expect(world.desired.version("dev") == "0.0.1")
        world.desired.edit(MemoryDesiredState.file(.service, "dev"), "9.9.9")
        for _ in 0..<2 {
            // The second time a change by hand over another that is on record.
            let fault = #expect(throws: PromotionError.self) {
                try world.conductor().restoreDrift(CellSelection(service: .service), reason: "drift")
            }
            #expect(fault?.hint?.contains("gradus rollback") == true)
            #expect(world.desired.version("dev") == "9.9.9")
            world.desired.edit(MemoryDesiredState.file(.service, "dev"), "9.9.8")
            _ = try world.reconcile()
            world.desired.edit(MemoryDesiredState.file(.service, "dev"), "9.9.9")
        }
    }

    /// Gates that were broken for one plan are asked again for another, until somebody breaks them on record for that one.
    @Test func brokenGlassIsOnRecordForThePlanThatItIsFor() throws {
        let tested = Stage(
            name: "dev", entryCriteria: [Criterion(key: "test_pass_rate", kind: .number(.atLeast, threshold: "90"))])
        let world = World(stages: [tested])
        world.desired.current.people.permissions = [Permission(actions: Set(Permission.Action.allCases), groups: ["*"])]
        func breakGlass(_ person: String) throws -> PromotionReport {
            try world.conductor(person).promote(
                PromotionTarget(service: .service, stage: "dev", version: "1.0.0"),
                PromotionRequest(requester: person, trigger: .manual, reason: "urgent", breakGlass: ["dev.entry.test_pass_rate"]))
        }
        try world.register("1.0.0")
        let hold = try world.conductor("olga").addHold(service: .service, stage: "dev", reason: "wait", until: nil)
        #expect(try breakGlass("rita").result == .pending)
        world.desired.edit(MemoryDesiredState.file(.service, "dev"), "0.0.2")
        guard case .holdAdded(let added)? = hold.record?.fact else { throw Missing() }
        _ = try world.conductor("olga").removeHold(added.id, reason: nil)
        #expect(try world.promote("1.0.0", to: "dev").result == .pending, "it is another plan now")
        #expect(try breakGlass("pavel").result == .promoted)
        let records = world.ledger.records
        let asked = try #require(records.last { $0.fact.type == "requested" })
        #expect(asked.initiator.id == "pavel")
        guard case .requested(let requested) = asked.fact, case .admitted(let admitted)? = records.last(where: { $0.fact.type == "admitted" })?.fact
        else { throw Missing() }
        #expect(requested.planDigest == admitted.planDigest && requested.breakGlass == ["dev.entry.test_pass_rate"])
        #expect(try world.conductor("olga").reviews().map(\.review.by) == ["pavel"])
    }
}
