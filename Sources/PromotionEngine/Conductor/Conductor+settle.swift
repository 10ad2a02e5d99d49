internal import WorkflowModel

extension Conductor {
    /// What was recorded about the promotion whose health is watched.
    enum Settlement {
        case nothing, succeeded
        /// The promotion that failed, and the rollback to deliver, when one was admitted with the failure.
        case failed(Promotion, rollback: String?)
        /// The race was lost.
        case lost
    }

    /// Looks at the promotion whose health is watched, and records that it has succeeded or failed, with what follows.
    func settle(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: inout LedgerSnapshot,
        looks: Bool = true
    ) throws -> Settlement {
        if looks {
            let seen = lookFacts(service.name, stage, snapshot.state.service(service.name))
            guard try append(seen, to: &snapshot) != nil else { return .lost }
        }
        guard let outcome = try outcomeFacts(workflow, service, stage, context, snapshot, nextSeq: snapshot.seq + 1) else { return .lost }
        guard let first = outcome.facts.first else { return .nothing }
        let verified = snapshot.state.service(service.name).verifying(stage.name)
        guard try append(outcome.facts, to: &snapshot) != nil else { return .lost }
        for case .externalChange(let change) in outcome.facts { warnOutside(change) }
        if case .externalChange = first { return .nothing }
        if case .failed = first, let verified { return .failed(verified, rollback: outcome.deliver) }
        return .succeeded
    }

    /// The records that end the promotion being verified, what its failure leads to among them, and the rollback to deliver
    /// then; no fact while its health says nothing. Nil when everything must be read again.
    func outcomeFacts(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: LedgerSnapshot,
        nextSeq: Int
    ) throws -> (facts: [Fact], deliver: String?)? {
        let state = snapshot.state.service(service.name)
        // What is admitted is finished first: it takes the place of what is verified, and no reaction may close it.
        if state.undelivered(stage.name)?.phase == .admitted { return ([], nil) }
        guard let (fact, isIllness) = verificationFact(state, stage) else { return ([], nil) }
        guard case .failed(let closed) = fact, isIllness, let verifying = state.verifying(stage.name) else { return ([fact], nil) }
        // What somebody changed by hand meanwhile is on record before anything is put back over it, and ends the verification.
        guard let outside = try readableExternalFacts(workflow, service, stage, context, state) else { return nil }
        if !outside.isEmpty { return (outside, nil) }
        return try reaction(to: closed, of: verifying, workflow, service, stage, context, snapshot, nextSeq: nextSeq)
    }

    /// What the observed health now says about the promotion that is being verified; nil while it says nothing.
    ///
    /// The flag tells illness from an agent that was never seen at the delivered state.
    func verificationFact(_ state: ServiceState, _ stage: Stage) -> (Fact, isIllness: Bool)? {
        guard let verifying = state.verifying(stage.name), let cell = state.cells[stage.name] else { return nil }
        guard
            case .verification(let verification) = RolloutJudgement.judge(
                cell, stage, isHeld: state.isHeld(in: stage.name, at: pace.now), at: pace.now)
        else { return nil }
        switch verification {
        case .succeeded(let summary): return (.succeeded(PromotionClosed(subject: verifying.subject, reason: summary)), false)
        case .failed(let reason): return (.failed(PromotionClosed(subject: verifying.subject, reason: reason)), true)
        case .notSynced(let reason): return (.failed(PromotionClosed(subject: verifying.subject, reason: reason)), false)
        case .watching: return nil
        }
    }

    /// Finishes what others began in this cell: delivers what is admitted, and records a commit that landed late.
    ///
    /// False when the state has changed and must be read again.
    func finish(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: inout LedgerSnapshot
    ) throws -> Bool {
        guard let open = snapshot.state.service(service.name).undelivered(stage.name) else { return true }
        if open.phase == .admitted {
            guard case .failed(let error)? = try deliver([open.id], scope: .service(service.name))[open.id] else { return false }
            // A hook that stopped it has ended its admission: that is no reason not to go on with something else.
            let now = try ledger.load(.service(service.name)).state.service(service.name).undelivered(stage.name)
            if error.kind == .conflict || now?.phase == .admitted { throw error }
            warn(error.message)
            return false
        }
        let landing = try landingFacts(open, workflow, service, stage, context, snapshot)
        guard let facts = try landing ?? lateFacts(open, workflow, service, stage, context, snapshot) else { return true }
        if landing != nil { finished.insert(open.id) }
        tellUngated(facts)
        _ = try append(facts, to: &snapshot)
        return false
    }

    /// The records for a deploy commit that turned up after its admission had been withdrawn; nil when there is none.
    func lateFacts(
        _ promotion: Promotion, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context,
        _ snapshot: LedgerSnapshot
    ) throws -> [Fact]? {
        guard let base = promotion.withdrawnBase, promotion.proposal == nil else { return nil }
        let state = snapshot.state.service(service.name)
        let release = try content(of: promotion, state)
        let intent = EditIntent(
            workflow: workflow, service: service, stage: stage, release: release, step: promotion.trigger.putsBack ? nil : 1)
        let tip = try tip(of: stage, context)
        let landed: (id: String, edits: [FieldEdit])?
        do {
            let (plan, digest) = try plan(of: promotion, intent, workflow, state, at: tip)
            let found = try desired.deployCommit(of: promotion.id, from: base, to: tip, edits: plan.edits).map { ($0, plan.edits) }
            landed = try found
                ?? (digest == promotion.planDigest ? nil : commitOfOtherRules(promotion, intent, state, from: base, to: tip))
        } catch let error as PromotionError where error.kind == .conflict {
            landed = try self.commit(of: promotion, intent, workflow, state, from: base, to: tip)
        }
        return try landed.map { landed in
            let delivered = PromotionDelivered(subject: promotion.subject, commit: landed.id, late: true, edits: landed.edits)
            return try deliveryFacts(delivered, workflow, service, stage, state)
        }
    }
}
