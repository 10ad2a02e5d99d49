internal import WorkflowModel

extension Conductor {
    /// Puts back what a promotion last wrote to a cell that was changed outside: the release's former bytes, by a promotion
    /// of its own. It obeys freezes, and asks nothing else: the release is one that stood there.
    ///
    /// A freeze makes it wait: nothing is written. A cell whose files cannot be read is a failure in what is returned.
    public func restoreDrift(_ target: CellSelection, reason: String, dryRun: Bool = false) throws -> DriftRestoration {
        try TextLimit.check(reason: reason)
        if !dryRun { try desired.completeInterrupted() }
        let report = try drift(target)
        let promotions = try report.findings.filter { $0.kind == .overlay }.compactMap {
            try restore($0.service, $0.stage, reason, dryRun)
        }
        return DriftRestoration(promotions: promotions, failures: report.failures)
    }

    /// Nil when somebody else put it right meanwhile, by a promotion or by accepting it.
    private func restore(_ name: String, _ place: String, _ reason: String, _ dryRun: Bool) throws -> PromotionReport? {
        let restored = try racing("restore \(name) in \(place)") { () -> PromotionReport?? in
            let context = try context()
            let (workflow, service, stage) = try locate(name, place, in: context.rules)
            var snapshot = try decidableState(LedgerScope(services: [name], allReleases: true))
            guard try authorize(.promote, workflow, service, stage, version: nil, context, &snapshot, dryRun: dryRun) else { return nil }
            if !dryRun {
                guard try finish(workflow, service, stage, context, &snapshot),
                    try recordExternalChanges(workflow, service, stage, context, &snapshot)
                else { return nil }
            }
            let state = snapshot.state.service(name)
            if !dryRun, state.cells[place]?.isExternal != true { return .some(nil) }
            guard let promoted = state.lastPromoted(in: place), let release = state.releases[promoted.version] else {
                let isBaseline = state.cells[place]?.coversBaseline == true
                throw PromotionError(
                    .usage,
                    isBaseline
                        ? "what \(name) had in \(place) was its baseline, which is no release to put back"
                        : "the ledger no longer tells what was promoted to \(place) for \(name)",
                    hint: isBaseline
                        ? "bring it back with `gradus rollback \(name) --stage \(place) --reason WHY`, or accept the change with --adopt"
                        : "promote a version with `gradus promote \(name) --to \(place) --version V`, or accept the change with --adopt")
            }
            let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release.release)
            let tip = try tip(of: stage, context)
            let goal = RollbackTarget(version: promoted.version, endedBy: promoted.stay.ended?.commit, release: release)
            let plan = try restoration(goal, intent, state, tip) ?? desired.plan(intent, at: tip)
            let digest = digest(workflow, intent, plan)
            let gates = [freezeGate(release, workflow, service, stage, state, digest, context, snapshot)]
            let subject = PromotionSubject(
                promotion: "\(name)-\(place)-\(snapshot.seq + 1)", service: name, version: promoted.version, stage: place,
                workflow: workflow.name)
            var report = PromotionReport(
                id: subject.promotion, workflow: workflow.name, service: name, version: promoted.version, from: [], stage: stage,
                phase: .admitted, result: .promoted, commit: nil, planDigest: digest, requester: initiator.id, gates: gates,
                edits: plan.edits, downgradeFrom: nil)
            if gates.overall != .passed || dryRun {
                (report.id, report.phase, report.result) = (nil, .pending, gates.overall == .passed ? .planned : .pending)
                return report
            }
            try desired.checkDeliverable(plan.files.keys.sorted(), for: stage)
            guard try append(facts(subject, reason, plan, digest, gates, state), to: &snapshot) != nil else { return nil }
            return report
        }
        guard let report = restored, report.phase == .admitted, let id = report.id else { return restored }
        return try deliver(report, id: id)
    }

    private func freezeGate(
        _ release: ReleaseState, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState,
        _ digest: String, _ context: Context, _ snapshot: LedgerSnapshot
    ) -> Gate {
        Evaluator(
            workflow: workflow, service: service, stage: stage, release: release, state: state, people: context.rules.people,
            requester: initiator.id, ticket: nil, planDigest: digest, now: pace.now,
            restrictions: restrictions(context, snapshot)
        ).freezeGate()
    }

    private func facts(
        _ subject: PromotionSubject, _ reason: String, _ plan: EditPlan, _ digest: String, _ gates: [Gate], _ state: ServiceState
    ) -> [Fact] {
        var facts: [Fact] = []
        if let open = state.undelivered(subject.stage) {
            facts.append(.superseded(PromotionClosed(subject: open.subject, reason: "\(subject.version) was restored")))
        }
        facts.append(
            .requested(
                PromotionRequested(
                    subject: subject, from: nil, requester: initiator.id, trigger: .restore, planDigest: digest, reason: reason)))
        facts.append(
            .admitted(PromotionAdmitted(subject: subject, planDigest: digest, base: plan.base, gates: gates, approvedBy: [])))
        return facts
    }
}
