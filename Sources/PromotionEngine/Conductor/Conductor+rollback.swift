internal import WorkflowModel

/// What a cell goes back to.
struct RollbackTarget {
    let version: String
    /// The commit that took the target's values away; its parent holds them byte for byte.
    let endedBy: String?
    /// Nil for a baseline, which was never registered.
    let release: ReleaseState?
}

extension Conductor {
    /// Brings a stage back to a release that was verified there, or to its baseline, and adds a hold.
    ///
    /// Asks no criteria, approvals and windows (`design.md` section 8); holds of others, yanks and freezes that include
    /// rollbacks are obeyed: what they stop is refused and not recorded, because who asks for a rollback must know that it
    /// did not happen. Throws `refused` for a version that was not verified there, a usage error when there is nothing to
    /// go back to.
    public func rollback(_ target: PromotionTarget, reason: String, dryRun: Bool = false) throws -> PromotionReport {
        try TextLimit.check(reason: reason)
        defer { if !dryRun { tellOthers([target.service]) } }
        if !dryRun { try desired.completeInterrupted() }
        let report = try racing("roll back \(target.service) in \(target.stage)") { () -> PromotionReport? in
            let context = try context(for: [target.service])
            let (workflow, service, stage) = try locate(target.service, target.stage, in: context.rules)
            var snapshot = try decidableState(LedgerScope(services: [service.name], allReleases: true))
            guard try authorize(.rollback, workflow, service, stage, version: target.version, context, &snapshot, dryRun: dryRun)
            else { return nil }
            if !dryRun {
                if case .lost = try settle(workflow, service, stage, context, &snapshot, looks: false) { return nil }
                guard try finish(workflow, service, stage, context, &snapshot),
                    let outside = try readableExternalFacts(workflow, service, stage, context, snapshot.state.service(service.name))
                else { return nil }
                for case .externalChange(let change) in outside { warnOutside(change) }
                guard try append(outside, to: &snapshot) != nil else { return nil }
            }
            let state = snapshot.state.service(service.name)
            guard let cell = state.cells[stage.name], !cell.adopted else {
                throw PromotionError(
                    .usage, "nothing was promoted to \(stage.name) for \(service.name), so there is nothing to roll back",
                    hint: "`gradus history` tells what happened")
            }
            let isDone = target.version.map { $0 == cell.version }
                ?? state.holds.contains { $0.rollback != nil && $0.rollback == cell.stay.promotion }
            if isDone, !cell.isExternal { return standing(cell, workflow, service, stage) }
            let goal = try goal(target.version, cell, state, service, stage, workflow, context)
            let subject = PromotionSubject(
                promotion: "\(service.name)-\(stage.name)-\(snapshot.seq + 1)", service: service.name, version: goal.version,
                stage: stage.name, workflow: workflow.name)
            let (plan, digest) = try rollbackPlan(goal, workflow, service, stage, state, context)
            let gates = rollbackGates(goal, workflow, service, stage, state, digest, context, snapshot).map(\.refusing)
            var report = PromotionReport(
                id: subject.promotion, workflow: workflow.name, service: service.name, version: goal.version, from: [], stage: stage,
                phase: .admitted, result: .promoted, commit: nil, planDigest: digest, requester: initiator.id, gates: gates,
                edits: plan.edits, downgradeFrom: cell.version)
            report.isRollback = true
            if dryRun || gates.overall != .passed {
                (report.id, report.phase, report.result) = (nil, .pending, dryRun ? .planned : .refused)
                return report
            }
            try desired.checkDeliverable(plan.files.keys.sorted(), for: stage)
            let facts = rollbackFacts(subject, reason, plan, digest, gates, state, nextSeq: snapshot.seq + 1)
            guard try append(facts, to: &snapshot) != nil else { return nil }
            return report
        }
        guard report.phase == .admitted, let id = report.id else { return report }
        let ended = try deliver(report, id: id)
        if ended.phase != .proposed { sweep(target.service, ended.stage, because: "\(target.service) was rolled back to \(ended.version)") }
        return ended
    }

    private func standing(_ cell: Cell, _ workflow: Workflow, _ service: Service, _ stage: Stage) -> PromotionReport {
        PromotionReport(
            id: cell.stay.promotion, workflow: workflow.name, service: service.name, version: cell.version, from: [], stage: stage,
            phase: .succeeded, result: .unchanged, commit: cell.stay.commit, planDigest: "", requester: initiator.id, gates: [],
            edits: [], downgradeFrom: nil)
    }

    /// The version asked for, else the one verified there last, else the baseline.
    func goal(
        _ version: String?, _ cell: Cell, _ state: ServiceState, _ service: Service, _ stage: Stage, _ workflow: Workflow,
        _ context: Context
    ) throws -> RollbackTarget {
        let verified = state.releases.values.filter { release in
            release.isVerified(in: stage.name) && release.finishedStays[stage.name]?.isBaseline == false
                && release.version != cell.version
        }
        func target(_ release: ReleaseState) -> RollbackTarget {
            RollbackTarget(
                version: release.version, endedBy: release.finishedStays[stage.name]?.ended?.commit, release: release)
        }
        let base = try baselineTarget(state, service, stage, workflow).flatMap { base in
            // What has come back by promotion since is nothing to go back to.
            base.version == cell.version && !cell.isExternal ? nil : base
        }
        guard let version else {
            let last = verified.filter { $0.yanked == nil }.max {
                ($0.finishedStays[stage.name]?.ended?.seq ?? 0) < ($1.finishedStays[stage.name]?.ended?.seq ?? 0)
            }
            if let last { return target(last) }
            if let base { return base }
            throw PromotionError(
                .usage, "no other release of \(service.name) was verified in \(stage.name), and nothing is known of what stood before",
                hint: "promote another version with `gradus promote \(service.name) --to \(stage.name) --version V`")
        }
        if let release = verified.first(where: { $0.version == version }) { return target(release) }
        if let base, base.version == version { return base }
        let known = verified.map(\.version).sorted() + [base?.version].compactMap(\.self)
        throw PromotionError(
            .refused, "\(service.name) \(version) was not verified in \(stage.name), so it is no target of a rollback",
            hint: known.isEmpty
                ? "promote it with `gradus promote \(service.name) --to \(stage.name) --version \(version)`"
                : "roll back to \(known.joined(separator: ", ")), or promote it")
    }

    private func baselineTarget(
        _ state: ServiceState, _ service: Service, _ stage: Stage, _ workflow: Workflow
    ) throws -> RollbackTarget? {
        guard let baseline = state.baselines[stage.name], let before = try desired.parent(of: baseline.endedBy) else { return nil }
        let placeholder = Release(service: service.name, version: "0", workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: placeholder)
        // The files were changed by hand until the promotion came: they tell better than an old record.
        let held = try versionHeld(by: intent, state, at: before)
        let version = held ?? baseline.version ?? versionReplaced(in: state.cells[stage.name], by: baseline)
        return version.map { RollbackTarget(version: $0, endedBy: baseline.endedBy, release: state.releases[$0]) }
    }

    /// What a promotion delivers: its registered release; of a rollback to a baseline only the version is known.
    func content(of promotion: Promotion, _ state: ServiceState) throws -> Release {
        if promotion.trigger == .rollback, state.releases[promotion.version] == nil {
            return Release(service: promotion.service, version: promotion.version, workflow: promotion.subject.workflow)
        }
        return try release(promotion.version, of: promotion.service, in: state).release
    }

    func rollbackGates(
        _ goal: RollbackTarget, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ digest: String,
        _ context: Context, _ snapshot: LedgerSnapshot
    ) -> [Gate] {
        let release = goal.release
            ?? ReleaseState(
                release: Release(service: service.name, version: goal.version, workflow: workflow.name), registeredSeq: 0,
                registeredAt: pace.now, registeredBy: initiator.id)
        var present = state
        // The hold of an earlier rollback does not stop the next one.
        present.holds.removeAll { $0.rollback != nil }
        let evaluator = Evaluator(
            workflow: workflow, service: service, stage: stage, release: release, state: present, people: context.rules.people,
            requester: initiator.id, ticket: nil, planDigest: digest, now: pace.now,
            restrictions: Restrictions(freezes: snapshot.state.freezes.filter(\.includesRollbacks)))
        return [evaluator.freezeGate(), evaluator.holdGate()] + [evaluator.yankGate()].compactMap(\.self)
    }

    func rollbackFacts(
        _ subject: PromotionSubject, _ reason: String, _ plan: EditPlan, _ digest: String, _ gates: [Gate], _ state: ServiceState,
        nextSeq: Int, train: TrainTicket? = nil
    ) -> [Fact] {
        var facts: [Fact] = []
        if let open = state.undelivered(subject.stage) {
            facts.append(.superseded(PromotionClosed(subject: open.subject, reason: "rolled back to \(subject.version)")))
        }
        facts.append(
            .requested(
                PromotionRequested(
                    subject: subject, from: nil, requester: initiator.id, trigger: .rollback, planDigest: digest, reason: reason,
                    downgradeFrom: state.cells[subject.stage]?.version, train: train)))
        facts.append(
            .holdAdded(
                HoldAdded(
                    id: "hold-\(nextSeq + facts.count)", service: subject.service, stage: subject.stage, workflow: subject.workflow,
                    owner: initiator.id, reason: "rolled back: \(reason)", until: nil, rollback: subject.promotion)))
        facts.append(
            .admitted(
                PromotionAdmitted(subject: subject, planDigest: digest, base: plan.base, gates: gates, approvedBy: [], train: train)))
        return facts
    }
}

extension Gate {
    /// What would be waited for elsewhere is a no to whoever asks for a rollback: nothing of it stays open.
    var refusing: Gate {
        guard verdict == .waiting else { return self }
        return Gate(
            id: id, criterion: criterion, verdict: .failed, value: value, threshold: threshold, reason: reason, source: source,
            since: since, nextCheck: nextCheck, clearWith: clearWith)
    }
}
