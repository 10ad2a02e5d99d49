internal import WorkflowModel

/// One service, one stage, and a version if it was named.
public struct PromotionTarget: Sendable, Hashable {
    public var service: String
    public var stage: String
    public var version: String?

    public init(service: String, stage: String, version: String? = nil) {
        self.service = service
        self.stage = stage
        self.version = version
    }

}

extension Conductor {
    /// Everything read for one decision, and the decision.
    struct Consideration {
        let workflow: Workflow
        let intent: EditIntent
        let plan: EditPlan
        let planDigest: String
        let decision: PromotionDecision
        let release: ReleaseState
        /// What is proposed for this release in this stage.
        var proposal: Proposal?

        /// The open promotion that asking again would carry on; nil where it would open another.
        func standing(in state: ServiceState) -> Promotion? {
            state.undelivered(intent.stage.name).flatMap { $0.version == release.version && !$0.trigger.putsBack ? $0 : nil }
        }

        func report(_ result: PromotionReport.Result, _ phase: Phase) -> PromotionReport {
            var report = PromotionReport(
                id: decision.subject?.promotion, workflow: workflow.name, service: intent.service.name,
                version: release.version, from: workflow.upstream(of: intent.stage).map(\.name), stage: intent.stage,
                phase: phase, result: result, commit: nil, planDigest: planDigest, requester: decision.requester,
                gates: decision.gates, edits: plan.edits, downgradeFrom: decision.downgradeFrom)
            report.proposal = proposal
            return report
        }
    }

    /// Decides and says what would happen; writes nothing.
    public func preview(_ target: PromotionTarget, _ request: PromotionRequest) throws -> PromotionReport {
        try previewFiles(target, request).report
    }

    /// The files that a promotion would change now, old and new, for showing the exact difference.
    public func previewFiles(
        _ target: PromotionTarget, _ request: PromotionRequest
    ) throws -> (report: PromotionReport, plan: EditPlan) {
        let previewed = try previewed(target, request)
        return (previewed.report, previewed.plan)
    }

    /// With the service's state that it was decided on.
    func previewed(
        _ target: PromotionTarget, _ request: PromotionRequest
    ) throws -> (report: PromotionReport, plan: EditPlan, state: ServiceState) {
        let context = try context(for: [target.service])
        let snapshot = try decidableState(try scope(of: target, in: context.rules))
        let considered = try consider(target, request, context, snapshot)
        let state = snapshot.state.service(target.service)
        let isThere = considered.decision.outcome == .unchanged
        var report = isThere ? unchanged(considered, state) : considered.report(.planned, .pending)
        // What is opened only by asking for it has no id yet.
        if !isThere { report.id = considered.standing(in: state)?.id }
        return (report, considered.plan, state)
    }

    /// One try at it.
    ///
    /// - Parameter watched: what was told of it last by who waits; the promotion is not asked for again once it has ended.
    func promoteOnce(_ target: PromotionTarget, _ request: PromotionRequest, _ watched: PromotionReport?) throws -> PromotionReport {
        try desired.completeInterrupted()
        looks = [:]
        proposedNow = []
        var rollback: String?
        let report = try racing("promote \(target.service) to \(target.stage)") { () -> PromotionReport? in
            rollback = nil
            let context = try context(for: [target.service])
            var snapshot = try decidableState(try scope(of: target, in: context.rules))
            let (workflow, service, stage) = try locate(target.service, target.stage, in: context.rules)
            guard
                try authorize(.promote, workflow, service, stage, version: target.version, context, &snapshot)
            else { return nil }
            if !request.breakGlass.isEmpty {
                let mayBreak = try authorize(.breakGlass, workflow, service, stage, version: target.version, context, &snapshot)
                guard mayBreak else { return nil }
            }
            if let ended = try ended(watched, snapshot.state) { return ended }
            let state = snapshot.state.service(service.name)
            let asked = target.version ?? VersionChoice(workflow: workflow, stage: stage, state: state).byDefault
            let settlement = try settle(workflow, service, stage, context, &snapshot)
            if case .lost = settlement { return nil }
            if case .failed(let promotion, let back?) = settlement {
                // Somebody asked for another version: it is decided when the failed one is taken back.
                guard asked == nil || asked == promotion.version else { return nil }
                rollback = back
                return failed(promotion, workflow, stage)
            }
            guard case .nothing = try takeStep(workflow, service, stage, context, &snapshot) else { return nil }
            guard try finish(workflow, service, stage, context, &snapshot) else { return nil }
            guard try recordExternalChanges(workflow, service, stage, context, &snapshot, refuses: true) else { return nil }
            // What has just been found out, or finished, may have ended it.
            if let ended = try ended(watched, snapshot.state) { return ended }
            let considered = try consider(target, request, context, snapshot)
            try checkMoves(considered)
            if case .failed(let promotion, nil) = settlement, promotion.version == considered.release.version {
                // It has just failed: that is the answer. Asked for again, it would be a new attempt.
                var report = unchanged(considered, snapshot.state.service(service.name))
                (report.planDigest, report.requester) = (promotion.planDigest, promotion.requester)
                return report
            }
            if stage.isProposed, considered.decision.outcome != .unchanged, considered.plan.changes {
                return try carry(considered, target, request, context, &snapshot)
            }
            return try act(on: considered, context, &snapshot)
        }
        let done = try rollback.map { try deliverRollback(report, id: $0) } ?? finished(report)
        if done.phase != .proposed { sweep(target.service, report.stage, because: "the promotion is \(done.phase.rawValue)") }
        return done
    }

    /// Delivers what was admitted.
    private func finished(_ report: PromotionReport) throws -> PromotionReport {
        guard report.phase == .admitted, let id = report.id else { return report }
        return try deliver(report, id: id)
    }

    /// The report of a promotion that has just failed.
    private func failed(_ promotion: Promotion, _ workflow: Workflow, _ stage: Stage) -> PromotionReport {
        PromotionReport(
            id: promotion.id, workflow: workflow.name, service: promotion.service, version: promotion.version,
            from: workflow.upstream(of: stage).map(\.name), stage: stage, phase: .failed, result: .failed, commit: promotion.commit,
            planDigest: promotion.planDigest, requester: promotion.requester, gates: [], edits: [], downgradeFrom: nil)
    }

    /// Delivers the rollback that was admitted with a failure: the report stays that of the promotion that failed.
    private func deliverRollback(_ failed: PromotionReport, id: String) throws -> PromotionReport {
        var report = failed
        switch try deliver([id], scope: LedgerScope(services: [failed.service], allReleases: true))[id] {
        case .delivered?:
            report.phase = .rolledBack
            warn("\(failed.service) \(failed.version) failed in \(failed.stage.name) and was rolled back by \(id); a hold stands (`gradus resume \(failed.service) --stage \(failed.stage.name)`)")
        case .failed(let error)?: report.problem = error
        case .withdrawn(let reason)?: warn("the rollback was withdrawn: \(reason)")
        // Somebody else carried it on between its admission and now.
        case nil: report.phase = try report.id.map { try course(of: $0).end } ?? .failed
        }
        return report
    }

    /// The end of the promotion that is waited for; nil while it is open, and where none is waited for.
    private func ended(_ watched: PromotionReport?, _ state: LedgerState) throws -> PromotionReport? {
        guard let watched, let id = watched.id else { return nil }
        return try ended(watched, id, state.service(watched.service))
    }

    /// A stage without updates would be entered on paper only; that is done where the workflow says so.
    func checkMoves(_ considered: Consideration) throws {
        let stage = considered.intent.stage
        guard considered.intent.updates.isEmpty, !stage.recordOnly else { return }
        throw PromotionError(
            .usage,
            "stage '\(stage.name)' of workflow '\(considered.workflow.name)' has no updates for \(considered.intent.service.name)",
            hint: "declare `updates:` or say `record_only: true` in \(considered.workflow.path)")
    }

    /// Records what was decided. Nil when the race was lost.
    private func act(
        on considered: Consideration, _ context: Context, _ snapshot: inout LedgerSnapshot
    ) throws -> PromotionReport? {
        let decision = considered.decision
        switch decision.outcome {
        case .unchanged:
            return unchanged(considered, snapshot.state.service(considered.intent.service.name))
        case .refused: return considered.report(.refused, .pending)
        case .errored: return considered.report(.errored, .errored)
        case .pending:
            let isOpened = decision.facts.contains { if case .requested = $0 { true } else { false } }
            let waiting = decision.gates.first { $0.id == "approval" && $0.verdict == .waiting }
            let owed = decision.subject.flatMap { subject in
                isOpened ? waiting.map { owedHooks(.approvalNeeded, subject, $0.reason) } : nil
            }
            guard try append(decision.facts + (owed ?? []), to: &snapshot) != nil else { return nil }
            return considered.report(.pending, .pending)
        case .admitted:
            try desired.checkDeliverable(considered.plan.files.keys.sorted(), for: considered.intent.stage)
            guard try append(decision.facts, to: &snapshot) != nil else { return nil }
            return considered.report(.promoted, .admitted)
        }
    }

    /// The release is there: told with the promotion that brought it.
    private func unchanged(_ considered: Consideration, _ state: ServiceState) -> PromotionReport {
        let place = considered.intent.stage.name
        let failed = state.releases[considered.release.version]?.outcomes[place] == .failed
        let phase: Phase = state.verifying(place) != nil ? .verifying : failed ? .failed : .succeeded
        var report = considered.report(failed ? .failed : .unchanged, phase)
        report.id = state.cells[place]?.stay.promotion
        if let verifying = state.verifying(place) { (report.planDigest, report.requester) = (verifying.planDigest, verifying.requester) }
        // What another process had begun and this one has just finished is a promotion, not a repetition.
        if let id = report.id, finished.contains(id), !failed { report.result = .promoted }
        report.commit = state.cells[place]?.stay.commit
        report.rollout = state.cells[place]?.rollout?.step
        report.verification = verification(state, considered.intent.service, considered.intent.stage)
        return report
    }

    /// Delivers the admitted promotion of a report and tells how it ended.
    func deliver(_ admitted: PromotionReport, id: String) throws -> PromotionReport {
        var report = admitted
        let ending = try deliver([id], scope: .service(admitted.service, version: admitted.version))[id]
        switch ending {
        case .delivered(let commit, let phase)?:
            report.commit = commit
            report.phase = phase
            report.result = phase == .failed ? .failed : .promoted
        case .withdrawn(let reason)?:
            warn("the admission was withdrawn: \(reason)")
            let state = try ledger.load(.service(admitted.service, version: admitted.version)).state.service(admitted.service)
            report.proposal = state.open.first { $0.id == id }?.proposal
            report.phase = report.proposal == nil ? .pending : .proposed
            report.result = .pending
        case .failed(let error)?:
            let state = try ledger.load(.service(admitted.service, version: admitted.version)).state.service(admitted.service)
            if let ended = try ended(report, id, state) {
                report = ended
                if ended.result == .promoted { return ended }
            } else {
                report.phase = state.open.contains { $0.id == id && $0.phase == .admitted } ? .admitted : .withdrawn
                report.result = .pending
            }
            report.problem = error
        case nil:
            // Somebody else finished it between the admission and now, and may have put something newer there: the ledger knows.
            let state = try ledger.load(.service(admitted.service, version: admitted.version)).state.service(admitted.service)
            if let ended = try ended(report, id, state) { return ended }
            let open = state.open.first { $0.id == id }
            report.commit = open?.commit
            (report.phase, report.result) = open?.phase == .verifying ? (.verifying, .promoted) : (.pending, .pending)
        }
        return report
    }

    /// The service itself and those that its edges depend on. Throws a usage error for an unknown service.
    func scope(of target: PromotionTarget, in rules: Rules) throws -> LedgerScope {
        let (workflow, _) = try locate(target.service, in: rules)
        var scope = LedgerScope.service(target.service, version: target.version)
        scope.services?.formUnion(workflow.dependencies)
        if workflow.looksAtRecentReleases { scope.recentOf.insert(target.service) }
        return scope
    }

    /// Reads what a decision needs and decides.
    func consider(
        _ target: PromotionTarget, _ request: PromotionRequest, _ context: Context, _ snapshot: LedgerSnapshot
    ) throws -> Consideration {
        let (workflow, service, stage) = try locate(target.service, target.stage, in: context.rules)
        let state = snapshot.state.service(service.name)
        let choice = VersionChoice(workflow: workflow, stage: stage, state: state)
        let version = try target.version ?? choice.byDefault ?? baselineUpstream(workflow, service, stage, context)
        let release = try release(version, of: service.name, in: state)
        let step = state.step(of: version, in: stage)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release.release, step: step)
        let (plan, digest) = try plan(intent, workflow, at: tip(of: stage, context))
        try checkSteps(after: step, intent, workflow, at: plan.base)
        let decider = Decider(
            workflow: workflow, service: service, stage: stage, state: state, others: snapshot.state.services,
            people: context.rules.people, nextSeq: snapshot.seq + 1, now: pace.now,
            restrictions: restrictions(
                context, snapshot, loosenings: try loosenings(workflow, stage, state, context),
                signatures: signatures(of: release, for: stage, context.rules.people)))
        let decision = decider.decide(request, release: release, plan: plan, planDigest: digest)
        try check(request.breakGlass, decision, stage)
        return Consideration(
            workflow: workflow, intent: intent, plan: plan, planDigest: digest, decision: decision, release: release,
            proposal: state.undelivered(stage.name).flatMap { $0.version == release.version ? $0.proposal : nil })
    }

    /// Throws what would stop a later step: before anything is admitted, not in the middle.
    func checkSteps(after step: Int?, _ intent: EditIntent, _ workflow: Workflow, at commit: String) throws {
        guard step == 1, let rollout = intent.stage.rollout, rollout.count > 1 else { return }
        _ = try desired.plan(
            EditIntent(workflow: workflow, service: intent.service, stage: intent.stage, release: intent.release), at: commit)
    }

    /// Throws a usage error for a gate that the edge does not have: a slip must not look like a gate that was skipped.
    private func check(_ ids: [String], _ decision: PromotionDecision, _ stage: Stage) throws {
        guard decision.outcome != .unchanged else { return }
        let known = decision.gates.map(\.id)
        for id in ids where !known.contains(id) {
            throw PromotionError(
                .usage, "no gate '\(id)' guards \(stage.name)", hint: "its gates are \(known.joined(separator: ", "))\(suggestion(id, known))")
        }
    }

    /// Without a record upstream, what the upstream files hold: promoting it asks for its registration.
    private func baselineUpstream(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context
    ) throws -> String {
        for before in workflow.upstream(of: stage) {
            let placeholder = Release(service: service.name, version: "0", workflow: workflow.name)
            let intent = EditIntent(workflow: workflow, service: service, stage: before, release: placeholder)
            if let version = try desired.observe(intent, known: [], at: tip(of: before, context)).version { return version }
        }
        let upstream = workflow.upstream(of: stage).map(\.name).joined(separator: ", ")
        throw PromotionError(
            .usage,
            upstream.isEmpty
                ? "no release of \(service.name) is registered" : "no release of \(service.name) is in \(upstream)",
            hint: "register one with `gradus release create \(service.name) VERSION`")
    }
}
