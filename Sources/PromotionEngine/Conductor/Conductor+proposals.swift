internal import WorkflowModel

/// What an open promotion that is delivered by branch or pull request needs next.
enum ProposalStep {
    /// Append these, then look again.
    case record([Fact], by: Identity?)
    /// Append these, the admission among them, then merge.
    case merge([Fact], gates: [Gate])
    /// Somebody else's turn.
    case wait(gates: [Gate])
    /// Read everything again.
    case lost
}

extension Conductor {
    /// How long automation leaves a pull request alone that the forge would not merge.
    private static let mergeRetry = TimeSpan.minutes(10)

    /// What is decided about an open proposal: its plan on the present tip, and what the gates say.
    struct ProposalView {
        let workflow: Workflow
        let service: Service
        let stage: Stage
        let intent: EditIntent
        let plan: EditPlan
        let digest: String
        let gates: [Gate]
        /// Those that admit it, where every gate holds.
        let facts: [Fact]
        let release: ReleaseState?
    }

    /// Looks at the branch, the forge and the gates, does there what is missing, and says what to record.
    func proposalStep(_ open: Promotion, _ request: PromotionRequest, _ context: Context, _ snapshot: LedgerSnapshot) throws -> ProposalStep {
        let view = try view(of: open, request, context, snapshot)
        let stage = view.stage
        let tip = try tip(of: stage, context)
        let forge = stage.delivery == .pullRequest ? try forges.forge(for: stage) : nil
        if let forge, let number = open.proposal?.number {
            let pull = try forge.pullRequest(number)
            if let ended = try ended(pull, open, view, forge) { return ended }
        }
        let head = try proposals.proposedHead(of: Self.branch(open.service, open.stage), for: stage)
        if let proposal = open.proposal, proposal.number == nil, head == nil {
            return .record([.aborted(PromotionClosed(subject: open.subject, reason: "its branch \(proposal.branch) was deleted"))], by: nil)
        }
        if mustPropose(open, view.plan, view.digest, head, tip: tip) {
            guard let fact = try propose(open, view.intent, view.plan, view.digest, view.gates, view.release, tip: tip) else { return .lost }
            return .record([fact], by: nil)
        }
        guard let proposal = open.proposal else { return .lost }
        guard let forge, let number = proposal.number else { return byPeople(open, view) }
        let reviews = view.asksReviews ? attributed(try forge.reviews(of: number), proposal) : []
        if let step = answers(reviews, open, proposal, view, context, forge) { return step }
        let checks = view.asksChecks
            ? try forge.checks(of: proposal.head, base: try proposals.targetBranch(of: stage)).filter { !$0.name.hasPrefix("gradus/") } : []
        if let fact = try observe(reviews, checks, open, proposal, number, request, context, snapshot, forge) {
            return .record([fact], by: nil)
        }
        try tell(view.gates, stage, proposal.head, forge)
        guard view.gates.overall == .passed, !proposedNow.contains(open.id) else { return .wait(gates: view.gates) }
        if let declined = proposal.declined, declinedHere.contains(open.id) || request.trigger == .automation,
            pace.now - declined.at < Self.mergeRetry
        {
            return .wait(gates: view.gates)
        }
        return .merge(view.facts, gates: view.gates)
    }

    /// The plan and the gates of an open promotion: those of a rollback where it is one.
    private func view(
        of open: Promotion, _ request: PromotionRequest, _ context: Context, _ snapshot: LedgerSnapshot
    ) throws -> ProposalView {
        let (workflow, service, stage) = try locate(open.service, open.stage, in: context.rules)
        guard open.trigger.putsBack else {
            let target = PromotionTarget(service: open.service, stage: open.stage, version: open.version)
            let considered = try consider(target, request, context, snapshot)
            return ProposalView(
                workflow: workflow, service: service, stage: stage, intent: considered.intent, plan: considered.plan,
                digest: considered.planDigest, gates: considered.decision.gates, facts: considered.decision.facts,
                release: considered.release)
        }
        let state = snapshot.state.service(open.service)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: try content(of: open, state))
        let (plan, digest) = try plan(of: open, intent, workflow, state, at: tip(of: stage, context))
        let goal = RollbackTarget(version: open.version, endedBy: nil, release: state.releases[open.version])
        let gates = rollbackGates(goal, workflow, service, stage, state, digest, context, snapshot)
        let admission = PromotionAdmitted(
            subject: open.subject, planDigest: digest, base: plan.base, gates: gates, approvedBy: [], head: open.proposal?.head)
        return ProposalView(
            workflow: workflow, service: service, stage: stage, intent: intent, plan: plan, digest: digest, gates: gates,
            facts: gates.overall == .passed ? [.admitted(admission)] : [], release: state.releases[open.version])
    }

    /// A pull request that is open no more. One that was merged is found on the target branch as soon as that shows it.
    private func ended(_ pull: PullRequest, _ open: Promotion, _ view: ProposalView, _ forge: any ForgePort) throws -> ProposalStep? {
        switch pull.state {
        case .open: return nil
        case .merged:
            warn("pull request \(pull.number) of \(open.id) is merged, but its values are not on \(try proposals.targetBranch(of: view.stage)) yet")
            return .wait(gates: view.gates)
        case .closed:
            let account = pull.endedBy ?? "somebody"
            let decision = ApprovalDecision(
                service: open.service, version: open.version, stage: open.stage, workflow: open.subject.workflow,
                digest: view.release?.release.digest, planDigest: open.planDigest, promotion: open.id,
                reason: "closed pull request \(pull.number)", via: forge.name)
            return .record([.rejected(decision)], by: person(account, forge))
        }
    }

    /// Who has the account, else the account itself.
    private func person(_ account: String, _ forge: any ForgePort) -> Identity {
        let known = peopleInForce?.person(withAccount: account, on: Self.kind(of: forge))
        return Identity(id: known?.id ?? account, name: known?.name)
    }

    /// `github` of `GitHub (github.com)`.
    private static func kind(of forge: any ForgePort) -> String {
        let kind = forge.name.prefix { $0.isLetter }.lowercased()
        return kind == "forgejo" ? "gitea" : kind
    }

    /// A branch that people merge: that it may be merged is put on record, and taken back when it may no more.
    private func byPeople(_ open: Promotion, _ view: ProposalView) -> ProposalStep {
        let mayMerge = view.gates.overall == .passed
        if mayMerge, open.admission == nil { return .record(view.facts, by: nil) }
        if !mayMerge, open.admission != nil {
            let closed = view.gates.first { $0.verdict != .passed && !$0.isSkipped }
            let reason = "\(closed?.id ?? "a gate") does not hold any more: \(closed?.reason ?? "closed")"
            return .record([.withdrawn(PromotionClosed(subject: open.subject, reason: reason))], by: nil)
        }
        return .wait(gates: view.gates)
    }

    /// Some forges do not say which commit was looked at: what comes while a head stands is about it, what stood there before the
    /// first look at it is not.
    private func attributed(_ reviews: [ForgeReview], _ proposal: Proposal) -> [ForgeReview] {
        reviews.map { review in
            if review.commit != nil { return review }
            let before = proposal.observed?.reviews.first { $0.reviewer == review.reviewer && $0.verdict == review.verdict }
            let commit = before?.commit ?? (proposal.observed == nil ? "unknown" : proposal.head)
            return ForgeReview(reviewer: review.reviewer, verdict: review.verdict, commit: commit)
        }
    }

    /// A review of the proposed head by somebody who may approve is an approval of its plan; one that is taken back, or
    /// turned, withdraws it.
    private func answers(
        _ reviews: [ForgeReview], _ open: Promotion, _ proposal: Proposal, _ view: ProposalView, _ context: Context, _ forge: any ForgePort
    ) -> ProposalStep? {
        guard !view.stage.approvals.isEmpty, !open.trigger.putsBack, let release = view.release else { return nil }
        for review in reviews {
            guard let person = context.rules.people.person(withAccount: review.reviewer, on: Self.kind(of: forge)) else { continue }
            let standing = release.approvals.first {
                $0.person == person.id && $0.stage == open.stage && $0.planDigest == view.digest && $0.digest == release.release.digest
            }
            let decision = ApprovalDecision(
                service: open.service, version: open.version, stage: open.stage, workflow: open.subject.workflow,
                digest: release.release.digest, planDigest: view.digest, promotion: open.id,
                reason: "review of \(proposal.head.prefix(10))", via: forge.name)
            let identity = Identity(id: person.id, name: person.name)
            if review.verdict == .approved, standing == nil, review.commit == proposal.head,
                context.rules.people.objection(to: .approve, by: person.id, service: view.service, stage: open.stage) == nil
            {
                return .record([.approvalGiven(decision)], by: identity)
            }
        }
        return withdrawal(reviews, open, view, context, forge)
    }

    /// An approval by review that the forge shows no more.
    private func withdrawal(
        _ reviews: [ForgeReview], _ open: Promotion, _ view: ProposalView, _ context: Context, _ forge: any ForgePort
    ) -> ProposalStep? {
        let approving = reviews.filter { $0.verdict == .approved }.compactMap {
            context.rules.people.person(withAccount: $0.reviewer, on: Self.kind(of: forge))?.id
        }
        let gone = view.release?.approvals.first {
            $0.via == forge.name && $0.stage == open.stage && $0.planDigest == view.digest && !approving.contains($0.person)
        }
        guard let gone, let release = view.release else { return nil }
        let decision = ApprovalDecision(
            service: open.service, version: open.version, stage: open.stage, workflow: open.subject.workflow,
            digest: release.release.digest, planDigest: view.digest, promotion: open.id, reason: "the review stands no more", via: forge.name)
        return .record([.approvalWithdrawn(decision)], by: Identity(id: gone.person, name: gone.name))
    }

    /// Records what the forge says now, and brings the pull request's text up to date; nil when nothing is new.
    private func observe(
        _ reviews: [ForgeReview], _ checks: [ForgeCheck], _ open: Promotion, _ proposal: Proposal, _ number: String,
        _ request: PromotionRequest, _ context: Context, _ snapshot: LedgerSnapshot, _ forge: any ForgePort
    ) throws -> Fact? {
        var seen = snapshot
        let before = proposal.observed
        func observed(_ text: String?) -> ProposalObserved {
            ProposalObserved(
                subject: open.subject, number: number, head: proposal.head, reviews: reviews, checks: checks, text: text)
        }
        seen.state.services[open.service]?.observe(observed(before?.text))
        let view = try view(of: open, request, context, seen)
        let delivery = Delivery(promotion: open, intent: view.intent, plan: view.plan, planDigest: view.digest, initiator: initiator)
        let story = ProposalStory(
            delivery: delivery, gates: view.gates, approvers: view.release?.approvals.filter { $0.planDigest == view.digest }.map(\.person) ?? [],
            evidence: evidence(of: view.release))
        let text = try proposals.text(of: story)
        let digest = Digest.sha256(text.title + "\n" + text.body)
        if before?.text != digest { try forge.update(number, title: text.title, body: text.body) }
        let now = observed(digest)
        return now == before ? nil : .proposalObserved(now)
    }

    /// Posts the commit status by which the forge keeps people from merging early.
    private func tell(_ gates: [Gate], _ stage: Stage, _ head: String, _ forge: any ForgePort) throws {
        let closed = gates.filter { $0.verdict != .passed && !$0.isSkipped }
        // A freeze and a hold stop what could otherwise go on: they are shown as a no.
        let worst = closed.first { [.failed, .errored].contains($0.verdict) || ["freeze", "hold"].contains($0.id) }
        let state: ForgeCheck.State = closed.isEmpty ? .success : worst == nil ? .pending : .failure
        let text = (worst ?? closed.first).map { "\($0.id): \($0.reason)" } ?? "all gates hold"
        try post(state, text, for: stage.name, on: head, forge)
    }

    /// How an attempt to merge ended; nil where the target branch does not show it yet.
    enum MergeResult {
        case landed(String)
        case declined(String)
    }

    /// Merges exactly the head that was admitted.
    func merge(_ promotion: Promotion, _ delivery: Delivery, _ scope: LedgerScope) throws -> MergeResult? {
        guard let proposal = promotion.proposal, let number = proposal.number, let head = promotion.admission?.head else {
            return .declined("nothing is proposed")
        }
        let stage = delivery.intent.stage
        let forge = try forges.forge(for: stage)
        let message = try proposals.message(of: delivery)
        let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = lines.dropFirst().first.map { String($0.drop { $0 == "\n" }) } ?? ""
        let method = MergeMethod(rawValue: stage.pullRequest.method.rawValue) ?? .merge
        switch try forge.merge(number, head: head, method: method, title: String(lines.first ?? ""), message: rest) {
        case .headMoved:
            declinedHere.insert(promotion.id)
            return .declined("the branch is no longer at \(head.prefix(10))")
        case .refused(let words):
            declinedHere.insert(promotion.id)
            return .declined("\(forge.name) does not merge it: \(words)")
        case .merged:
            let context = try context(for: scope.services)
            let state = try decidableState(scope).state.service(promotion.service)
            let (workflow, service, stage) = try locate(promotion.service, promotion.stage, in: context.rules)
            return try landedCommit(proposal, of: promotion, workflow, service, stage, state, tip(of: stage, context)).map { .landed($0) }
        }
    }
}

extension Conductor.ProposalView {
    private var criteria: [Criterion] { stage.entryCriteria + workflow.upstream(of: stage).flatMap(\.exitCriteria) }
    /// Reviews matter to a criterion, or as approvals.
    var asksReviews: Bool { !stage.approvals.isEmpty || criteria.contains { $0.kind == .pullRequest } }
    var asksChecks: Bool { criteria.contains { $0.kind == .checks } }
}
