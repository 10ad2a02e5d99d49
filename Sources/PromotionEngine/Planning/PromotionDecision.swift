public import WorkflowModel

/// What the facts and rules say about one promotion at one moment: verdicts, and the facts to record.
public struct PromotionDecision: Sendable {
    public enum Outcome: Sendable, Hashable {
        /// The release is there and its values stand.
        case unchanged
        case refused
        /// A gate could not be evaluated.
        case errored
        case pending
        /// All gates hold; once `facts` are recorded the promotion is admitted.
        case admitted
    }

    public let outcome: Outcome
    public let gates: [Gate]
    /// In the order to record; empty when nothing new is known.
    public let facts: [Fact]
    /// The promotion that was continued or is opened by `facts`; nil when none is.
    public let subject: PromotionSubject?
    public let requester: String
    /// The newer version that the stage has, when this one is older.
    public let downgradeFrom: String?
}

/// What somebody, or automation, wants.
public struct PromotionRequest: Sendable {
    public var requester: String
    public var trigger: PromotionRequested.Trigger
    public var reason: String?
    public var ticket: String?
    /// Ids of gates to skip, by the requester's permission to break glass.
    public var breakGlass: [String]

    public init(
        requester: String, trigger: PromotionRequested.Trigger, reason: String? = nil, ticket: String? = nil,
        breakGlass: [String] = []
    ) {
        self.requester = requester
        self.trigger = trigger
        self.reason = reason
        self.ticket = ticket
        self.breakGlass = breakGlass
    }
}

/// The pure core: `decide(state, rules, now) -> verdicts and facts`, without I/O (`design.md` section 1).
public struct Decider: Sendable {
    public let workflow: Workflow
    public let service: Service
    public let stage: Stage
    public let state: ServiceState
    /// The services that the release may depend on, by name.
    public let others: [String: ServiceState]
    public let people: People
    /// The `seq` of the next record, from which a new promotion gets its id: no two appends begin at the same one.
    public let nextSeq: Int
    public let now: Instant
    public let restrictions: Restrictions
    /// The versions that the rest of the train brings to the stage, by service.
    public let joining: [String: String]
    /// The train that the promotion is a member of.
    public let train: TrainTicket?

    package init(
        workflow: Workflow, service: Service, stage: Stage, state: ServiceState, others: [String: ServiceState] = [:], people: People,
        nextSeq: Int, now: Instant, restrictions: Restrictions = Restrictions(), joining: [String: String] = [:],
        train: TrainTicket? = nil
    ) {
        self.workflow = workflow
        self.service = service
        self.stage = stage
        self.state = state
        self.others = others
        self.people = people
        self.nextSeq = nextSeq
        self.now = now
        self.restrictions = restrictions
        self.joining = joining
        self.train = train
    }

    /// Decides about bringing `release` to the stage by `plan`.
    public func decide(
        _ request: PromotionRequest, release: ReleaseState, plan: EditPlan, planDigest: String
    ) -> PromotionDecision {
        let open = state.undelivered(stage.name)
        // What puts back and whose admission was withdrawn is planned in another way: a promotion takes its place, and asks all gates.
        let standing = open.flatMap { $0.version == release.version && !$0.trigger.putsBack ? $0 : nil }
        let requester = standing?.requester ?? request.requester
        let present = state.cells[stage.name]?.version
        if let cell = state.cells[stage.name], cell.version == release.version, !cell.adopted, !cell.isExternal,
            !plan.changes, release.outcomes[stage.name] != .failed
        {
            // Nothing is being decided, so no gate is asked: what was admitted once is not opened again.
            return decision(.unchanged, gates: [], subject: nil, requester: requester)
        }
        let evaluator = Evaluator(
            workflow: workflow, service: service, stage: stage, release: release, state: state, others: others,
            people: people, requester: requester, ticket: request.ticket ?? standing?.ticket, planDigest: planDigest, now: now,
            restrictions: restrictions, joining: joining)
        let glass = glass(request, standing, planDigest)
        let gates = evaluator.gates().map { gate in
            glass?.gates.contains(gate.id) == true && gate.verdict != .passed ? gate.skipped : gate
        }
        let choice = VersionChoice(workflow: workflow, stage: stage, state: state)
        let downgrade = present.flatMap { $0 != release.version && choice.isNewer($0, than: release.version) ? $0 : nil }
        let subject = standing?.subject
            ?? PromotionSubject(
                promotion: "\(service.name)-\(stage.name)-\(nextSeq)", service: service.name,
                version: release.version, stage: stage.name, workflow: workflow.name)
        switch gates.overall {
        case .failed:
            return decision(.refused, gates: gates, subject: standing?.subject, requester: requester, downgrade)
        case .errored:
            return decision(.errored, gates: gates, subject: standing?.subject, requester: requester, downgrade)
        case .waiting:
            // Where each version has its turn, one that comes too early takes no place, neither another's nor an empty one.
            let isInTurn = standing != nil || gates.first { $0.id == Evaluator.queueGateID }?.verdict != .waiting
            return decision(
                .pending, gates: gates,
                facts: !isInTurn ? [] : opening(request, subject, standing, replacing: open, planDigest, downgrade),
                subject: isInTurn ? subject : nil, requester: requester, downgrade)
        case .passed:
            let admission = PromotionAdmitted(
                subject: subject, planDigest: planDigest, base: plan.base, gates: gates,
                approvedBy: evaluator.approvers(), head: standing?.proposal?.head, train: train)
            return decision(
                .admitted, gates: gates,
                facts: opening(request, subject, standing, replacing: open, planDigest, downgrade) + [.admitted(admission)],
                subject: subject, requester: requester, downgrade)
        }
    }

    /// The gates that are not asked. What was wanted for one plan is void for another, and for a person who may not any more.
    private func glass(_ request: PromotionRequest, _ standing: Promotion?, _ planDigest: String) -> Promotion.BreakGlass? {
        let before = standing?.breakGlass.flatMap { $0.planDigest == planDigest ? $0 : nil }
        var glass = before
        if !request.breakGlass.isEmpty {
            let gates = Set(request.breakGlass + (before?.gates ?? [])).sorted()
            glass = .init(gates: gates, by: request.requester, reason: request.reason ?? "", planDigest: planDigest)
        }
        guard let glass, people.objection(to: .breakGlass, by: glass.by, service: service, stage: stage.name) == nil else { return nil }
        return glass
    }

    /// The same gates were broken before, for this plan, by somebody who still may.
    private func isOnRecord(_ gates: [String], _ standing: Promotion, _ planDigest: String) -> Bool {
        guard let before = standing.breakGlass, before.gates == gates, before.planDigest == planDigest else { return false }
        return people.objection(to: .breakGlass, by: before.by, service: service, stage: stage.name) == nil
    }

    /// Closes the promotion that the new one takes the place of, and opens the new one. One that stands is opened again
    /// only to add a ticket, or to join a train.
    private func opening(
        _ request: PromotionRequest, _ subject: PromotionSubject, _ standing: Promotion?, replacing open: Promotion?,
        _ planDigest: String, _ downgrade: String?
    ) -> [Fact] {
        let glass = request.breakGlass.isEmpty ? [] : glass(request, standing, planDigest)?.gates ?? []
        // Of a train that leaves out who is blocked, what else goes along is no new request.
        let isOfTrain = train == nil || train == standing?.train || (train?.mode == .skipBlocked && train?.id == standing?.train?.id)
        if let standing, isOfTrain, request.ticket == nil || request.ticket == standing.ticket,
            glass.isEmpty || isOnRecord(glass, standing, planDigest)
        {
            return []
        }
        var facts: [Fact] = []
        if let open, standing == nil {
            facts.append(
                .superseded(PromotionClosed(subject: open.subject, reason: "\(subject.version) takes its place")))
        }
        let from = workflow.upstream(of: stage).map(\.name).joined(separator: ",")
        facts.append(
            .requested(
                PromotionRequested(
                    subject: subject, from: from.isEmpty ? nil : from, requester: standing?.requester ?? request.requester,
                    trigger: standing?.trigger ?? request.trigger, planDigest: planDigest,
                    reason: request.reason ?? standing?.reason, ticket: request.ticket ?? standing?.ticket, downgradeFrom: downgrade,
                    breakGlass: glass, train: train ?? standing?.train)))
        return facts
    }

    private func decision(
        _ outcome: PromotionDecision.Outcome, gates: [Gate], facts: [Fact] = [], subject: PromotionSubject?,
        requester: String, _ downgrade: String? = nil
    ) -> PromotionDecision {
        PromotionDecision(
            outcome: outcome, gates: gates, facts: facts, subject: subject, requester: requester,
            downgradeFrom: downgrade)
    }
}
