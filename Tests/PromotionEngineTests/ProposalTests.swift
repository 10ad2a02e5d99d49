import PromotionEngine
import Testing
import WorkflowModel

/// Stages that are entered by pull request, with a forge in memory.
@Suite struct ProposalTests {
    static let branch = "gradus-promote/web/prod"
    static let prod = Stage(name: "prod", delivery: .pullRequest)
    static let approved = Stage(name: "prod", approvals: [ApprovalRule(from: ["platform-team"])], delivery: .pullRequest)

    private func world(_ stage: Stage = prod) throws -> World {
        let world = World(stages: [stage])
        try world.register("1.0.0")
        return world
    }

    @Test func theFirstPromoteOpensAndTheSecondMerges() throws {
        let world = try world()
        let first = try world.promote(to: "prod")
        #expect(first.result == .pending && first.phase == .proposed && first.proposal?.number == "1")
        #expect(first.json["branch"]?.stringValue == Self.branch && first.json["pull_request"]?.stringValue == "https://forge.example/1")
        #expect(world.moves == ["requested", "proposed", "proposal.observed"])
        #expect(world.forge.status == .success && world.desired.version("prod") == "0.0.1")
        let second = try world.promote(to: "prod")
        #expect(second.result == .promoted && second.phase == .succeeded && second.commit == "m1")
        #expect(world.moves.suffix(3) == ["admitted", "delivered", "succeeded"])
        #expect(world.desired.version("prod") == "1.0.0" && world.desired.branches.isEmpty)
        let admitted = try #require(world.ledger.records.compactMap { if case .admitted(let fact) = $0.fact { fact } else { nil } }.last)
        #expect(admitted.head == "p1")
    }

    @Test func askingAgainWhileItWaitsRecordsNothing() throws {
        let world = try world(Self.approved)
        _ = try world.promote(to: "prod")
        let records = world.ledger.records.count
        #expect(try world.promote(to: "prod").phase == .proposed)
        #expect(try world.reconcile().moves.isEmpty)
        #expect(world.ledger.records.count == records && world.forge.pulls.count == 1 && world.forge.status == .pending)
    }

    @Test func aReviewByAMappedPersonIsAnApproval() throws {
        let world = try world(Self.approved)
        _ = try world.promote(to: "prod")
        world.forge.review("somebody", .approved)
        _ = try world.reconcile()
        #expect(!world.moves.contains("approval.given"))
        world.forge.review("octo-olga", .approved)
        let report = try world.reconcile()
        #expect(report.moves.map(\.phase) == [.succeeded], "\(report.errors)")
        let given = try #require(world.ledger.records.first { $0.fact.type == "approval.given" })
        #expect(given.initiator.id == "olga" && given.json["authenticated"] == true && given.json["via"]?.stringValue == world.forge.name)
        #expect(world.desired.version("prod") == "1.0.0")
    }

    @Test func aReviewThatIsTakenBackWithdrawsTheApproval() throws {
        let world = try world(
            Stage(name: "prod", entryCriteria: [.ticket("^CHG-")], approvals: [ApprovalRule(from: ["platform-team"])], delivery: .pullRequest))
        _ = try world.promote(to: "prod")
        world.forge.review("octo-olga", .approved)
        _ = try world.reconcile()
        world.forge.review("octo-olga", .changesRequested)
        _ = try world.reconcile()
        #expect(world.moves.filter { $0.hasPrefix("approval") } == ["approval.given", "approval.withdrawn"])
        #expect(try world.promote(to: "prod", ticket: "CHG-1").phase == .proposed)
    }

    @Test(arguments: [false, true])
    func mergedByHandBeforeItsGatesHoldIsOnRecord(_ squashes: Bool) throws {
        let world = try world(Self.approved)
        _ = try world.promote(to: "prod")
        world.forge.squashes = squashes
        world.forge.mergeByHand(by: "hana")
        #expect(try world.reconcile().moves.map(\.phase) == [.delivered, .succeeded])
        let delivered = try #require(world.ledger.records.compactMap { if case .delivered(let fact) = $0.fact { fact } else { nil } }.last)
        #expect(delivered.ungated && delivered.closedGates == ["approval"] && delivered.commit == "m1")
        #expect(!world.moves.contains("external-change") && world.desired.branches.isEmpty)
    }

    @Test func mergedByHandWhenItsGatesHoldIsAnOrdinaryDelivery() throws {
        let world = try world()
        _ = try world.promote(to: "prod")
        world.forge.mergeByHand(by: "hana")
        let report = try world.promote(to: "prod")
        #expect(report.result == .promoted && report.commit == "m1")
        #expect(world.moves.suffix(3) == ["admitted", "delivered", "succeeded"])
    }

    @Test func closedByHandIsRejected() throws {
        let world = try world()
        _ = try world.promote(to: "prod")
        world.forge.closeByHand(by: "octo-olga")
        let report = try world.promote(to: "prod")
        #expect(report.result == .refused && report.phase == .rejected)
        let rejected = try #require(world.ledger.records.last)
        #expect(rejected.fact.type == "rejected" && rejected.initiator.id == "olga")
        #expect(world.desired.branches.isEmpty)
        #expect(try world.promote(to: "prod").result == .refused && world.forge.pulls.count == 1)
    }

    @Test func anotherVersionTakesThePlaceWithAPullRequestOfItsOwn() throws {
        let world = try world(Self.approved)
        _ = try world.promote(to: "prod")
        try world.register("1.1.0")
        let report = try world.promote("1.1.0", to: "prod")
        #expect(report.phase == .proposed && report.proposal?.number == "2")
        #expect(world.forge.pulls.map(\.state) == [.closed, .open] && world.desired.branches.count == 1)
        #expect(world.forge.pulls[0].comments.first?.contains("1.1.0") == true)
    }

    @Test func abortClosesThePullRequestAndDeletesTheBranch() throws {
        let world = try world(Self.approved)
        _ = try world.promote(to: "prod")
        _ = try world.conductor().abort(.cell(service: "web", stage: "prod"), reason: "not today")
        #expect(world.forge.open.isEmpty && world.desired.branches.isEmpty && world.forge.pulls[0].comments.first?.contains("not today") == true)
        #expect(world.moves.last == "aborted")
    }

    @Test func aForgeThatRefusesToMergeIsAskedAgainLater() throws {
        let world = try world()
        _ = try world.promote(to: "prod")
        world.forge.refusal = "a review is required"
        #expect(try world.promote(to: "prod").phase == .proposed)
        #expect(world.moves.suffix(2) == ["admitted", "withdrawn"])
        let records = world.ledger.records.count
        world.forge.refusal = nil
        #expect(try world.promote(to: "prod").result == .promoted && world.ledger.records.count > records)
    }

    @Test func theBranchIsMadeAnewOnlyWhenWhatItWritesHasChanged() throws {
        let world = try world(Self.approved)
        let file = MemoryDesiredState.file("web", "prod")
        _ = try world.promote(to: "prod")
        world.desired.edit("docs/a.md", "a")
        _ = try world.reconcile()
        #expect(world.desired.branches[Self.branch]?.id == "p1")
        world.desired.edit(file, "0.0.2")
        _ = try world.reconcile()
        let branch = try #require(world.desired.branches[Self.branch])
        #expect(branch.id == "p2" && branch.base == world.desired.tip && world.forge.pulls.count == 1)
    }

    @Test func checksMustSucceed() throws {
        let criterion = Criterion(key: "checks", kind: .checks)
        let world = try world(Stage(name: "prod", entryCriteria: [criterion], delivery: .pullRequest))
        _ = try world.promote(to: "prod")
        world.forge.checks = [ForgeCheck(name: "gradus/prod", state: .pending), ForgeCheck(name: "ci", state: .pending)]
        #expect(try world.promote(to: "prod").gates.first { $0.criterion == "checks" }?.verdict == .waiting)
        world.forge.checks[1] = ForgeCheck(name: "ci", state: .failure)
        #expect(try world.promote(to: "prod").result == .refused && world.forge.status == .failure)
        world.forge.checks[1] = ForgeCheck(name: "ci", state: .success)
        #expect(try world.promote(to: "prod").result == .promoted)
    }

    @Test func automationOpensWhatWaitsOnlyForAnswersOnThePullRequest() throws {
        let world = try world(Stage(name: "prod", autoPromote: true, approvals: [ApprovalRule(from: ["platform-team"])], delivery: .pullRequest))
        #expect(try world.reconcile().moves.map(\.phase) == [.proposed])
        world.forge.review("octo-olga", .approved)
        #expect(try world.reconcile().moves.map(\.phase) == [.succeeded])
        let held = try self.world(Stage(name: "prod", autoPromote: true, entryCriteria: [.ticket("^CHG-")], delivery: .pullRequest))
        #expect(try held.reconcile().moves.isEmpty && held.forge.pulls.isEmpty)
    }

    @Test func rollbackIsDeliveredByCommit() throws {
        let world = try world()
        for version in ["1.0.0", "1.1.0"] {
            if version != "1.0.0" { try world.register(version) }
            _ = try world.promote(version, to: "prod")
            _ = try world.promote(version, to: "prod")
        }
        let report = try world.conductor().rollback(PromotionTarget(service: "web", stage: "prod"), reason: "slow")
        #expect(report.result == .promoted && world.desired.version("prod") == "1.0.0" && world.forge.pulls.count == 2)
    }

    @Test func aRollbackThatTheBranchRefusesIsProposed() throws {
        let world = try world()
        for version in ["1.0.0", "1.1.0"] {
            if version != "1.0.0" { try world.register(version) }
            _ = try world.promote(version, to: "prod")
            _ = try world.promote(version, to: "prod")
        }
        world.desired.isProtected = true
        let report = try world.conductor().rollback(PromotionTarget(service: "web", stage: "prod"), reason: "slow")
        #expect(report.result == .pending && report.phase == .proposed && report.proposal?.number == "3")
        #expect(try world.reconcile().moves.map(\.phase).contains(.succeeded))
        #expect(world.desired.version("prod") == "1.0.0" && world.forge.pulls.last?.state == .merged && world.desired.branches.isEmpty)
    }

    @Test func deploymentsAreToldWhereTheStageAsks() throws {
        let world = try world(Stage(name: "prod", delivery: .pullRequest, pullRequest: PullRequestPolicy(deployments: true)))
        _ = try world.promote(to: "prod")
        _ = try world.promote(to: "prod")
        #expect(world.forge.deployments.map(\.state) == [.pending, .success] && world.forge.deployments.allSatisfy { $0.commit == "m1" })
    }

    /// Whatever effect it dies at, before or after: the next runs bring it home with one pull request and one deploy commit.
    @Test(arguments: 1...12, [World.Trouble.dieBefore, .dieAfter])
    func deathAnywhereLosesNothingAndDoublesNothing(_ effect: Int, _ trouble: World.Trouble) throws {
        let world = try world()
        world.troubles[world.effects + effect] = trouble
        for _ in 1...6 where world.desired.version("prod") != "1.0.0" || !world.moves.contains("succeeded") || !world.desired.branches.isEmpty {
            do { _ = try world.promote(to: "prod") } catch is World.Death { continue }
        }
        #expect(world.desired.version("prod") == "1.0.0" && world.moves.last == "succeeded", "\(world.moves)")
        #expect(world.forge.pulls.count == 1 && world.deployCommits.values.allSatisfy { $0 == 1 } && world.desired.branches.isEmpty)
    }
}

/// Stages that are entered by a branch that people merge.
@Suite struct BranchDeliveryTests {
    static let stage = Stage(name: "prod", entryCriteria: [.ticket("^CHG-")], delivery: .branch)

    private func world() throws -> World {
        let world = World(stages: [Self.stage])
        try world.register("1.0.0")
        return world
    }

    @Test func aMergeAfterTheGatesHeldIsADelivery() throws {
        let world = try world()
        #expect(try world.promote(to: "prod").phase == .proposed)
        #expect(world.moves == ["requested", "proposed"])
        #expect(try world.promote(to: "prod", ticket: "CHG-1").phase == .proposed)
        #expect(world.moves.last == "admitted" && world.forge.pulls.isEmpty)
        world.pace.wait(.hours(2))
        world.desired.merge(ProposalTests.branch)
        let report = try world.promote(to: "prod")
        #expect(report.result == .promoted && report.commit == "m1" && world.desired.branches.isEmpty)
        #expect(world.moves.suffix(2) == ["delivered", "succeeded"])
    }

    @Test func aMergeBeforeTheGatesHeldIsUngated() throws {
        let world = try world()
        _ = try world.promote(to: "prod")
        world.desired.merge(ProposalTests.branch)
        _ = try world.reconcile()
        let delivered = try #require(world.ledger.records.compactMap { if case .delivered(let fact) = $0.fact { fact } else { nil } }.last)
        #expect(delivered.closedGates == ["prod.entry.change_ticket"])
    }

    @Test func aHoldTakesTheAdmissionBack() throws {
        let world = try world()
        _ = try world.promote(to: "prod", ticket: "CHG-1")
        #expect(world.moves.last == "admitted")
        _ = try world.conductor("olga").addHold(service: "web", stage: "prod", reason: "look first", until: nil)
        _ = try world.reconcile()
        #expect(world.moves.last == "withdrawn")
    }

    @Test func aDeletedBranchIsAnAbort() throws {
        let world = try world()
        _ = try world.promote(to: "prod")
        world.desired.branches = [:]
        let report = try world.promote(to: "prod")
        #expect(report.result == .aborted && world.moves.last == "aborted")
    }

    @Test func anotherVersionTakesTheBranch() throws {
        let world = try world()
        _ = try world.promote(to: "prod", ticket: "CHG-1")
        try world.register("1.1.0")
        #expect(try world.promote("1.1.0", to: "prod").phase == .proposed)
        #expect(world.desired.branches[ProposalTests.branch]?.promotion.hasSuffix("prod-1") == false && world.desired.branches.count == 1)
    }
}
