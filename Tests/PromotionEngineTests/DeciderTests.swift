import PromotionEngine
import Testing
import WorkflowModel

/// Facts by state and wish: `decide(state, rules, now)`.
@Suite struct DeciderTests {
    static let changing = EditPlan(
        base: "tip", edits: [FieldEdit(file: "f", field: "x", old: "0", new: "1")], files: ["f": .bytes([1])])
    static let standing = EditPlan(
        base: "tip", edits: [FieldEdit(file: "f", field: "x", old: "1", new: "1")], files: [:])

    static func decide(
        _ scene: Scene, plan: EditPlan = changing, reason: String? = nil, trigger: PromotionRequested.Trigger = .manual
    ) throws -> PromotionDecision {
        let workflow = scene.workflow
        let state = scene.log.service
        let decider = Decider(
            workflow: workflow, service: scene.service, stage: try #require(workflow.stage(scene.target)), state: state,
            people: scene.people, nextSeq: scene.log.records.count + 1,
            now: scene.log.now)
        return decider.decide(
            PromotionRequest(requester: scene.requester, trigger: trigger, reason: reason, ticket: scene.ticket),
            release: try #require(state.releases[scene.version]), plan: plan, planDigest: scene.planDigest)
    }

    static func types(_ decision: PromotionDecision) -> [String] { decision.facts.map(\.type) }

    /// A scene in which everything holds for entering dev.
    static var open: Scene {
        var scene = Scene()
        scene.target = "dev"
        return scene
    }

    /// The same, waiting for a ticket.
    static var waiting: Scene {
        var scene = open
        scene.dev.entryCriteria = [.ticket("^CHG-")]
        return scene
    }

    @Test func whatHoldsIsRequestedAndAdmitted() throws {
        let decision = try Self.decide(Self.open, reason: "because")
        #expect(decision.outcome == .admitted)
        #expect(Self.types(decision) == ["requested", "admitted"])
        #expect(decision.subject?.promotion == "web-dev-2")
        guard case .requested(let requested) = decision.facts[0], case .admitted(let admitted) = decision.facts[1] else {
            return
        }
        #expect(requested.requester == "rita" && requested.reason == "because" && requested.from == nil)
        #expect(requested.planDigest == .plan && admitted.planDigest == .plan)
        #expect(admitted.base == "tip")
        #expect(admitted.subject == requested.subject)
    }

    @Test func theAdmissionNamesGatesAndApprovers() throws {
        var scene = Self.open
        scene.dev.approvals = [ApprovalRule(from: ["platform-team"])]
        scene.approve("olga")
        let decision = try Self.decide(scene)
        guard case .admitted(let admitted)? = decision.facts.last else {
            Issue.record("not admitted but \(decision.outcome)")
            return
        }
        #expect(admitted.approvedBy == ["olga"])
        #expect(admitted.gates.map(\.id) == ["approval", "freeze", "hold"])
        #expect(admitted.gates.allSatisfy { $0.verdict == .passed && $0.reason.isEmpty })
    }

    @Test func aRefusalRecordsNothing() throws {
        var scene = Self.open
        scene.reject("olga")
        let decision = try Self.decide(scene)
        #expect(decision.outcome == .refused)
        #expect(decision.facts.isEmpty)
        #expect(decision.subject == nil)
    }

    @Test func anErrorRecordsNothing() throws {
        var scene = Self.open
        scene.dev.entryCriteria = [.ticket("(")]
        scene.ticket = "x"
        let decision = try Self.decide(scene)
        #expect(decision.outcome == .errored)
        #expect(decision.facts.isEmpty)
    }

    @Test func aRefusalLeavesAnOpenPromotionOfAnotherVersionAlone() throws {
        var scene = Self.waiting
        scene.log.request(to: "dev")
        scene.log.register("2.0.0")
        scene.version = "2.0.0"
        scene.reject("olga")
        #expect(try Self.decide(scene).facts.isEmpty)
    }

    @Test func whatWaitsIsOpenedOnce() throws {
        var scene = Self.waiting
        let first = try Self.decide(scene, reason: "one")
        #expect(first.outcome == .pending)
        #expect(Self.types(first) == ["requested"])
        for fact in first.facts { scene.log.add(fact) }
        scene.pass(.hours(1))
        let again = try Self.decide(scene, reason: "two")
        #expect(again.outcome == .pending)
        #expect(again.facts.isEmpty)
        #expect(again.subject == first.subject)
    }

    @Test func whoAsksLaterDoesNotBecomeTheRequester() throws {
        var scene = Self.waiting
        for fact in try Self.decide(scene).facts { scene.log.add(fact) }
        scene.requester = "olga"
        scene.ticket = "CHG-1"
        let decision = try Self.decide(scene)
        #expect(decision.requester == "rita")
        guard case .requested(let requested)? = decision.facts.first else { return }
        #expect(requested.requester == "rita")
    }

    @Test func aTicketIsAddedLaterAndKept() throws {
        var scene = Self.waiting
        for fact in try Self.decide(scene, reason: "one").facts { scene.log.add(fact) }
        scene.ticket = "nonsense"
        #expect(try Self.decide(scene).outcome == .refused)
        scene.ticket = "CHG-1"
        let added = try Self.decide(scene)
        #expect(Self.types(added) == ["requested", "admitted"])
        for fact in added.facts { scene.log.add(fact) }
        let open = try #require(scene.log.service.undelivered("dev"))
        #expect(open.ticket == "CHG-1" && open.reason == "one" && open.phase == .admitted)
        #expect(scene.log.service.open.count == 1)
    }

    @Test func aTicketThatWasGivenCountsWithoutBeingGivenAgain() throws {
        var scene = Self.waiting
        scene.log.request(to: "dev", ticket: "CHG-1")
        let decision = try Self.decide(scene)
        #expect(Self.types(decision) == ["admitted"])
    }

    @Test func anotherVersionTakesThePlaceOfAPendingOne() throws {
        var scene = Self.waiting
        scene.log.request(to: "dev")
        scene.log.register("2.0.0")
        scene.version = "2.0.0"
        let waits = try Self.decide(scene)
        #expect(Self.types(waits) == ["superseded", "requested"])
        scene.ticket = "CHG-1"
        let decision = try Self.decide(scene)
        #expect(Self.types(decision) == ["superseded", "requested", "admitted"])
        guard case .superseded(let closed) = decision.facts[0] else { return }
        #expect(closed.subject == .test(.version, to: "dev"))
        for fact in decision.facts { scene.log.add(fact) }
        #expect(scene.log.service.open.map(\.version) == ["2.0.0"])
    }

    @Test func pendingPromotionsOfOtherStagesStay() throws {
        var scene = Self.open
        scene.log.request(to: "qa")
        #expect(try Self.types(Self.decide(scene)) == ["requested", "admitted"])
    }

    @Test func whatIsThereIsUnchangedWhateverTheGates() throws {
        var scene = Self.waiting
        scene.log.deliver(to: "dev")
        let decision = try Self.decide(scene, plan: Self.standing)
        #expect(decision.outcome == .unchanged)
        #expect(decision.facts.isEmpty)
    }

    @Test func whatWasThereAndNoLongerStandsIsPromotedAgain() throws {
        var scene = Self.open
        scene.log.deliver(to: "dev")
        scene.log.succeed(in: "dev")
        #expect(try Self.types(Self.decide(scene)) == ["requested", "admitted"])
    }

    @Test func valuesThatStandWithoutARecordAreAdmittedSoThatTheyAreRecorded() throws {
        var scene = Self.open
        #expect(try Self.decide(scene, plan: Self.standing).outcome == .admitted)
        scene.log.observeBaseline(.healthy, .version, in: "dev")
        #expect(try Self.decide(scene, plan: Self.standing).outcome == .admitted)
    }

    @Test(arguments: [
        ("2.0.0", "1.0.0", true), ("1.10.0", "1.9.0", true), ("1.9.0", "1.10.0", false), ("1.0.0-rc.1", "1.0.0-rc.2", false),
        ("1.0.0", "1.0.0-rc.2", true), ("b", "a", false), ("1.0.0+2", "1.0.0+1", false),
    ])
    func anOlderVersionIsShownAsADowngrade(_ present: String, _ wanted: String, _ isDowngrade: Bool) throws {
        var scene = Scene()
        scene.log = LedgerLog()
        // Registered in this order, so where no semantic versions are given the wanted one is newer.
        scene.log.register(present)
        scene.log.register(wanted)
        scene.log.deliver(present, to: "dev")
        (scene.target, scene.version) = ("dev", wanted)
        let decision = try Self.decide(scene)
        #expect(decision.downgradeFrom == (isDowngrade ? present : nil))
        guard case .requested(let requested)? = decision.facts.first else {
            Issue.record("a downgrade by hand is allowed")
            return
        }
        #expect(requested.downgradeFrom == decision.downgradeFrom)
    }

    @Test func fromNamesAllUpstreamStages() throws {
        var scene = Scene()
        scene.others = [Stage(name: "perf")]
        scene.qa.after = ["dev", "perf"]
        guard case .requested(let requested)? = try Self.decide(scene).facts.first else { return }
        #expect(requested.from == "dev,perf")
    }

    @Test func decidingTwiceOnTheSameStateGivesTheSameFacts() throws {
        #expect(try Self.decide(Self.open).facts == Self.decide(Self.open).facts)
    }
}
