internal import WorkflowModel

extension Conductor {
    /// The records of a failure with what the stage does about it (`design.md` section 8), in one append: a rollback that was
    /// decided is admitted with the failure, so that whoever comes next finishes it.
    ///
    /// A rollback that fails in its turn is held, never rolled back again. Nil when everything must be read again.
    func reaction(
        to closed: PromotionClosed, of promotion: Promotion, _ workflow: Workflow, _ service: Service, _ stage: Stage,
        _ context: Context, _ snapshot: LedgerSnapshot, nextSeq: Int
    ) throws -> (facts: [Fact], deliver: String?)? {
        let failed = Fact.failed(closed)
        let cell = snapshot.state.service(service.name).cells[stage.name]
        // While it went back step by step it may have recovered: what began it still decides.
        let deciding = cell?.rollout?.retreat == nil ? cell?.stay.observations.last : cell?.stay.observations.last { $0.isTriggered }
        let isTriggered = deciding?.isTriggered ?? false
        guard stage.onFailure != .none || isTriggered else { return ([failed], nil) }
        let wantsRollback = stage.onFailure == .rollback || (isTriggered && stage.onFailure != .hold)
        guard wantsRollback else { return ([failed, hold(closed, stage, nextSeq, closed.reason)], nil) }
        if promotion.trigger == .rollback {
            return ([failed, hold(closed, stage, nextSeq, "the rollback failed too: \(closed.reason)")], nil)
        }
        // A rollback chooses among all releases, of which a decision loads only some.
        let whole = try decidableState(LedgerScope(services: [service.name], allReleases: true))
        guard whole.seq == snapshot.seq else { return nil }
        do {
            let rollback = try automaticRollback(closed, workflow, service, stage, context, whole, nextSeq: nextSeq + 1)
            return ([failed] + rollback.facts, rollback.deliver)
        } catch let error as PromotionError where error.kind != .error {
            let reason = "\(closed.reason); no automatic rollback: \(error.message)"
            return ([failed, hold(closed, stage, nextSeq, reason)], nil)
        }
    }

    private func automaticRollback(
        _ closed: PromotionClosed, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context,
        _ whole: LedgerSnapshot, nextSeq: Int
    ) throws -> (facts: [Fact], deliver: String?) {
        let state = whole.state.service(service.name)
        guard let cell = state.cells[stage.name], !cell.adopted else {
            throw PromotionError(.usage, "nothing was promoted to \(stage.name)")
        }
        let goal = try goal(nil, cell, state, service, stage, workflow, context)
        try checkReversible(goal, cell, state, stage)
        let (plan, digest) = try rollbackPlan(goal, workflow, service, stage, state, context)
        let gates = rollbackGates(goal, workflow, service, stage, state, digest, context, whole)
        guard gates.overall == .passed else {
            let closedGate = gates.first { $0.verdict != .passed }
            throw PromotionError(.refused, "\(closedGate?.id ?? "a gate"): \(closedGate?.reason ?? "closed")")
        }
        try desired.checkDeliverable(plan.files.keys.sorted(), for: stage)
        let subject = PromotionSubject(
            promotion: "\(service.name)-\(stage.name)-\(nextSeq)", service: service.name, version: goal.version,
            stage: stage.name, workflow: workflow.name)
        let reason = "\(closed.subject.version) failed: \(closed.reason)"
        return (rollbackFacts(subject, reason, plan, digest, gates, state, nextSeq: nextSeq), subject.promotion)
    }

    /// Throws where something that came after the goal says that nothing goes back past it by itself.
    private func checkReversible(_ goal: RollbackTarget, _ cell: Cell, _ state: ServiceState, _ stage: Stage) throws {
        let left = state.releases[goal.version]?.finishedStays[stage.name]?.ended?.seq ?? 0
        let since = state.releases.values.filter { release in
            release.version == cell.version
                || release.version != goal.version && (release.finishedStays[stage.name]?.ended?.seq ?? 0) > left
        }
        for release in since.sorted(by: { $0.registeredSeq < $1.registeredSeq }) {
            guard let reason = release.release.irreversible else { continue }
            throw PromotionError(.refused, "\(release.version) is irreversible: \(reason)")
        }
    }

    private func hold(_ closed: PromotionClosed, _ stage: Stage, _ nextSeq: Int, _ reason: String) -> Fact {
        .holdAdded(
            HoldAdded(
                id: "hold-\(nextSeq + 1)", service: closed.subject.service, stage: stage.name, workflow: closed.subject.workflow,
                owner: initiator.id, reason: "\(closed.subject.version) failed: \(reason)", until: nil, rollback: nil))
    }
}
