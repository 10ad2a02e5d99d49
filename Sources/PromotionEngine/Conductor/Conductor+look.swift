internal import WorkflowModel

/// How a promotion that is being verified does, for people who wait.
public struct VerificationProgress: Sendable {
    public let subject: PromotionSubject
    /// What was found, in one clause.
    public let finding: String
    /// What is waited for.
    public let state: String
}

extension Conductor {
    /// Looks once at what is delivered in a cell. The facts are what has changed by it; empty when nothing has.
    ///
    /// In one round, which is one request or one pass, a cell is looked at once, also when races are lost meanwhile.
    func lookFacts(_ service: String, _ stage: Stage, _ state: ServiceState) -> [Fact] {
        guard var policy = stage.health, let cell = state.cells[stage.name], !cell.adopted,
            !cell.isExternal, let promotion = cell.stay.promotion
        else { return [] }
        let verifying = state.verifying(stage.name)
        if verifying != nil, cell.rollout != nil, let rollout = stage.rollout {
            policy.sources += rollout.analysis.filter { !policy.sources.contains($0) }
        }
        guard policy.canBeLookedAt else { return [] }
        let outcome = state.releases[cell.version]?.outcomes[stage.name]
        // Of a baseline that a rollback brought back no outcome is kept.
        guard verifying != nil || outcome == .succeeded || state.releases[cell.version] == nil else { return [] }
        let subject = PromotionSubject(
            promotion: promotion, service: service, version: cell.version, stage: stage.name,
            workflow: verifying?.subject.workflow ?? "")
        let look = look(at: cell, subject, stage, policy, isVerifying: verifying != nil)
        // What this look had to say is on record already.
        guard looks[promotion]?.known == cell.stay.observations.count else { return [] }
        let reported = policy.sources.contains(.report)
            ? cell.stayInStep.observations.last { !$0.isLooked }?.status ?? .unknown : nil
        let verdict = look.verdict(reported: reported, tolerating: stage.rollout?.maximumFailures ?? 0)
        let observed = observation(verdict, look, subject, cell, policy, isVerifying: verifying != nil)
        if verifying != nil {
            var stay = cell.stay
            if let observed { stay.observations.append(.init(observed, at: pace.now)) }
            tell(subject, verdict, cell.replacing(stay), stage, isHeld: state.isHeld(in: stage.name, at: pace.now))
        }
        return observed.map { [.healthObserved($0)] } ?? []
    }

    private func look(
        at cell: Cell, _ subject: PromotionSubject, _ stage: Stage, _ policy: HealthPolicy, isVerifying: Bool
    ) -> HealthLook {
        if let before = looks[subject.promotion] { return before.look }
        let watch = HealthWatch(
            subject: subject, commit: cell.stay.commit, environment: stage.environment, deliveredAt: cell.stay.since, policy: policy,
            wasHealthy: cell.stay.observations.contains { $0.status == .healthy }, isVerifying: isVerifying, now: pace.now,
            stepSince: isVerifying ? cell.rollout?.since : nil,
            targets: cell.rollout.flatMap { stage.rollout?.targets(upTo: $0.step.number).map(\.name) } ?? stage.rollout?.targets.map(\.name) ?? [])
        let look = health.look(at: watch) { revision in
            try desired.revision(revision, carries: cell.edits, of: cell.stay.commit)
        }
        looks[subject.promotion] = (look, cell.stay.observations.count)
        return look
    }

    /// Nil when the ledger says the same already.
    private func observation(
        _ verdict: HealthFinding, _ look: HealthLook, _ subject: PromotionSubject, _ cell: Cell, _ policy: HealthPolicy,
        isVerifying: Bool
    ) -> HealthObserved? {
        // Of a step that was just taken nothing is known, whatever was seen before it.
        let latest = cell.stayInStep.observations.last
        func observed(_ status: HealthStatus, _ message: String, errored: Bool = false) -> HealthObserved {
            HealthObserved(
                service: subject.service, version: subject.version, stage: subject.stage, status: status,
                revision: cell.stay.commit, promotion: subject.promotion, source: "probes",
                message: message.isEmpty ? nil : message, errored: errored, trigger: look.fired.first?.name,
                gradual: look.fired.first?.action == .gradual)
        }
        switch verdict {
        case .notSynced: return nil
        case .errored(let why):
            // Before anything was seen there is nothing to take back.
            guard let latest, !latest.isErrored else { return nil }
            return observed(.unknown, why, errored: true)
        case .seen(let status, let why):
            let isCounted = status == .degraded && isVerifying && policy.failedChecks != nil
            let isOld = latest.map { last in policy.staleAfter.map { pace.now - last.at > TimeSpan(seconds: $0.seconds / 2) } ?? false } ?? true
            let isSame = latest?.status == status && latest?.isErrored == false && latest?.isTriggered == !look.fired.isEmpty
            return isSame && !isCounted && !isOld ? nil : observed(status, why)
        }
    }

    private func tell(_ subject: PromotionSubject, _ verdict: HealthFinding, _ cell: Cell, _ stage: Stage, isHeld: Bool) {
        let finding =
            switch verdict {
            case .seen(let status, let why): why.isEmpty ? status.rawValue : "\(status.rawValue) (\(why))"
            case .notSynced(let why): "not_synced (\(why))"
            case .errored(let why): "errored (\(why))"
            }
        let state: String =
            if case .verification(.watching(let reason)) = RolloutJudgement.judge(cell, stage, isHeld: isHeld, at: pace.now) { reason } else { "" }
        watching(VerificationProgress(subject: subject, finding: finding, state: state))
    }
}

extension Cell {
    fileprivate func replacing(_ stay: Stay) -> Cell {
        var cell = self
        cell.stay = stay
        return cell
    }
}

extension Stay.Observation {
    /// What the ledger will know of it. Why a release is healthy is not kept: states must stay small.
    init(_ health: HealthObserved, at time: Instant) {
        self.init(
            at: time, status: health.status, isLooked: health.source != nil, isErrored: health.errored,
            isTriggered: health.trigger != nil, isGradual: health.gradual, message: health.status == .healthy ? nil : health.message)
    }
}
