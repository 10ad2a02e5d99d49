internal import WorkflowModel

extension Conductor {
    /// Takes a release that is being verified one step on in its stage, or one back, when that is due.
    ///
    /// One step is one deploy commit and one record. A process that dies between them leaves a commit that names the
    /// promotion: whoever comes next finds it and records it. Nil when nothing is due; `lost` when everything must be read
    /// again.
    func takeStep(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: inout LedgerSnapshot
    ) throws -> StepOutcome {
        let state = snapshot.state.service(service.name)
        guard let plan = stage.rollout, let promotion = state.verifying(stage.name), let cell = state.cells[stage.name],
            cell.stay.promotion == promotion.id, let rollout = cell.rollout
        else { return .nothing }
        let release = try release(promotion.version, of: service.name, in: state).release
        let tip = try tip(of: stage, context)
        func planned(_ number: Int) throws -> (intent: EditIntent, plan: EditPlan) {
            let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release, step: number)
            return (intent, try desired.plan(intent, at: tip))
        }
        func delivered(_ number: Int, _ edits: [FieldEdit], _ commit: String, _ reason: String?) throws -> StepDelivered {
            let rest = try unreached(beyond: number, promotion.version, workflow, service, stage, state, at: commit)
            return StepDelivered(
                subject: promotion.subject, step: RolloutStep(number, of: plan), commit: commit, edits: edits + rest, reason: reason)
        }
        if try planned(rollout.step.number).plan.changes {
            // Not what the ledger says: a step that was not recorded, or a change from outside, which others look at.
            for number in [rollout.step.number + 1, rollout.step.number - 1] where (1...plan.count).contains(number) {
                let edits = try planned(number).plan.edits
                guard let commit = try desired.deployCommit(of: promotion.id, from: cell.stay.commit, to: tip, edits: edits) else { continue }
                let isBack = number < rollout.step.number
                let reason = isBack ? rollout.retreat ?? cell.stay.observations.last?.message ?? "the release failed" : nil
                return try record(delivered(number, edits, commit, reason), to: &snapshot)
            }
            if try desired.revision(tip, carries: cell.edits, of: cell.stay.commit) {
                warn(
                    "\(promotion.id) stays at step \(rollout.step): the rules of \(stage.name) ask for other values since its delivery; begin anew with `gradus promote \(service.name) --to \(stage.name) --version \(promotion.version)`")
            }
            return .nothing
        }
        let (number, reason): (Int, String?)
        switch RolloutJudgement.judge(cell, stage, isHeld: state.isHeld(in: stage.name, at: pace.now), at: pace.now) {
        case .verification: return .nothing
        case .advance(let next): (number, reason) = (next, nil)
        case .retreat(let last, let why): (number, reason) = (last, why)
        }
        let next = try planned(number)
        if stage.hasWaves {
            // What somebody changed is on record before anything is written over it.
            guard let outside = try externalFacts(workflow, service, stage, context, state) else { return .lost }
            guard outside.isEmpty else { return .nothing }
        }
        try desired.checkDeliverable(next.plan.files.keys.sorted(), for: stage)
        // Looking at health takes time: what was decided meanwhile binds this step too.
        guard try ledger.load(.service(service.name, version: promotion.version)).head == snapshot.head else { return .lost }
        let delivery = Delivery(
            promotion: promotion, intent: next.intent, plan: next.plan, planDigest: promotion.planDigest, initiator: initiator,
            step: RolloutStep(number, of: plan))
        guard case .landed(let commits) = try desired.land([delivery], on: tip, at: pace.now), let commit = commits.last else { return .lost }
        return try record(delivered(number, next.plan.edits, commit, reason), to: &snapshot)
    }

    /// How an attempt to take a step ended.
    enum StepOutcome {
        case nothing, lost
        case taken(StepDelivered)
    }

    private func record(_ delivered: StepDelivered, to snapshot: inout LedgerSnapshot) throws -> StepOutcome {
        guard try append([.stepDelivered(delivered)], to: &snapshot) != nil else { return .lost }
        // What was seen before says nothing about this step.
        looks[delivered.subject.promotion]?.known = -1
        return .taken(delivered)
    }

    /// Steps that are due in some cells, of some services or of all (nil); whether any was taken.
    func takeSteps(
        _ scope: ReconcileScope, of services: Set<String>?, _ report: inout ReconcileReport, _ broken: inout Set<String>
    ) throws -> Bool {
        guard hasRollouts, services?.isEmpty != true else { return false }
        var taken = false
        let cells = try selected(scope, context(for: services).rules).filter {
            $0.stage.rollout != nil && services?.contains($0.service.name) ?? true
        }
        let state = try decidableState(LedgerScope(services: Set(cells.map(\.service.name)))).state
        for cell in cells where state.service(cell.service.name).verifying(cell.stage.name) != nil && !broken.contains(cell.key) {
            do {
                let step = try racing("take the next step of \(cell.key)") { () -> StepDelivered?? in
                    let context = try context(for: [cell.service.name])
                    var snapshot = try decidableState(.service(cell.service.name))
                    switch try takeStep(cell.workflow, cell.service, cell.stage, context, &snapshot) {
                    case .nothing: return .some(nil)
                    case .lost: return nil
                    case .taken(let delivered): return delivered
                    }
                }
                guard let step else { continue }
                taken = true
                report.note(step)
            } catch let error as PromotionError {
                broken.insert(cell.key)
                report.errors.append((cell.service.name, cell.stage.name, error))
            }
        }
        return taken
    }
}

extension ReconcileReport {
    fileprivate mutating func note(_ delivered: StepDelivered) {
        let way = delivered.reason.map { "back to step \(delivered.step): \($0)" } ?? "step \(delivered.step)"
        moves.append(Move(subject: delivered.subject, phase: .verifying, commit: delivered.commit, reason: way))
    }
}
