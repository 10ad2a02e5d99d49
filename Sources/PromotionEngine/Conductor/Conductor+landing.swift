internal import WorkflowModel

extension Conductor {
    /// The commit of the target branch that brought what was proposed, however it was merged: by the promotion's trailer, else
    /// by its values (a squash that lost the message). Nil while it is not merged.
    func landedCommit(
        _ proposal: Proposal, of promotion: Promotion, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState,
        _ tip: String
    ) throws -> String? {
        if tip == proposal.base { return nil }
        let edits = proposal.proposed.edits
        if let commit = try desired.deployCommit(of: promotion.id, from: proposal.base, to: tip, edits: edits) { return commit }
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: try content(of: promotion, state))
        let observed = try desired.observe(intent, known: state.knownReleases, at: tip)
        let now = Dictionary(observed.fields.map { ($0.file + "#" + $0.field, $0.old) }, uniquingKeysWith: { $1 })
        guard edits.allSatisfy({ now[$0.file + "#" + $0.field] == .some($0.new) }) else { return nil }
        return try desired.commitBringing(edits, intent: intent, from: proposal.base, to: tip)
    }

    /// The records for a proposal that somebody has merged; nil while it is not.
    ///
    /// Where its gates held, or hold now, it was admitted; else the closed ones are on record with the delivery.
    func landingFacts(
        _ open: Promotion, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: LedgerSnapshot
    ) throws -> [Fact]? {
        guard let proposal = open.proposal, open.phase == .proposed else { return nil }
        let state = snapshot.state.service(service.name)
        let tip = try tip(of: stage, context)
        guard let commit = try landedCommit(proposal, of: open, workflow, service, stage, state, tip) else { return nil }
        func delivered(past gates: [String]) throws -> [Fact] {
            let fact = PromotionDelivered(subject: open.subject, commit: commit, closedGates: gates, edits: proposal.proposed.edits)
            return try deliveryFacts(fact, workflow, service, stage, state)
        }
        if open.admission != nil { return try delivered(past: []) }
        let (gates, facts) = try verdict(on: open, proposal, workflow, service, stage, context, snapshot)
        if gates.overall == .passed { return try facts + delivered(past: []) }
        return try delivered(past: gates.filter { $0.verdict != .passed && !$0.isSkipped }.map(\.id))
    }

    /// Says aloud what was merged past gates.
    func tellUngated(_ facts: [Fact]) {
        for case .delivered(let delivered) in facts where delivered.ungated {
            warn("\(delivered.subject.promotion) was merged by hand past \(delivered.closedGates.joined(separator: ", ")); the audit report lists it")
        }
    }

    /// What the gates say about a proposal as it was made, although its values may stand by now.
    private func verdict(
        on open: Promotion, _ proposal: Proposal, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context,
        _ snapshot: LedgerSnapshot
    ) throws -> (gates: [Gate], facts: [Fact]) {
        let state = snapshot.state.service(service.name)
        if open.trigger.putsBack {
            let goal = RollbackTarget(version: open.version, endedBy: nil, release: state.releases[open.version])
            return (rollbackGates(goal, workflow, service, stage, state, open.planDigest, context, snapshot), [])
        }
        let release = try release(open.version, of: service.name, in: state)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release.release)
        // The rules of now, the edits of then.
        let plan = EditPlan(
            base: proposal.base, edits: proposal.proposed.edits,
            files: Dictionary(proposal.proposed.edits.map { ($0.file, FileContent.bytes([])) }, uniquingKeysWith: { $1 }))
        let decider = Decider(
            workflow: workflow, service: service, stage: stage, state: state, others: snapshot.state.services,
            people: context.rules.people, nextSeq: snapshot.seq + 1, now: pace.now, restrictions: restrictions(
                context, snapshot, loosenings: try loosenings(workflow, stage, state, context),
                signatures: signatures(of: release, for: stage, context.rules.people)))
        let decision = decider.decide(
            PromotionRequest(requester: open.requester, trigger: open.trigger), release: release, plan: plan,
            planDigest: digest(workflow, intent, plan))
        return (decision.gates, decision.facts)
    }
}
