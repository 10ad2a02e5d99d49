internal import WorkflowModel

/// What becomes of a delivered release now: its next step, a step back, or what its verification says.
///
/// 1. A step follows when its pause is over and its health is Healthy since the step; a hold keeps it where it is.
/// 2. What a release fails in decides how: with a rollback to come, the failure stands at once. Without one, or by a gradual
///    trigger, a growing value goes back first, so that fewer are exposed while people look.
/// 3. The last step is verified like any delivery.
enum RolloutJudgement: Sendable, Hashable {
    case advance(to: Int)
    case retreat(to: Int, reason: String)
    case verification(Verification)

    static func judge(_ cell: Cell, _ stage: Stage, isHeld: Bool, at now: Instant) -> RolloutJudgement {
        guard let rollout = cell.rollout, let plan = stage.rollout else {
            guard let policy = stage.health else { return .verification(.succeeded(summary: "the stage watches no health")) }
            return .verification(Verification.judge(cell.stay, policy, at: now))
        }
        let step = rollout.step
        let rest = rollout.since + plan.pause
        if let reason = rollout.retreat {
            let isGradual = cell.stay.observations.last { $0.isTriggered }?.isGradual ?? false
            guard isGradual else { return .verification(.failed(reason: reason)) }
            guard now >= rest else { return .verification(.watching(reason: "going back, step \(step) until \(rest)")) }
            return step.number > 1 ? .retreat(to: step.number - 1, reason: reason) : .verification(.failed(reason: reason))
        }
        switch verdict(cell, stage, step, at: now) {
        case .failed(let reason):
            return back(reason, cell, stage, plan, step)
        case .notSynced(let reason): return .verification(.notSynced(reason: reason))
        case .watching(let reason): return .verification(.watching(reason: "step \(step): \(reason)"))
        case .succeeded(let summary):
            if step.isLast { return .verification(.succeeded(summary: "step \(step): \(summary)")) }
            if isHeld { return .verification(.watching(reason: "step \(step): a hold keeps it there")) }
            guard now >= rest else { return .verification(.watching(reason: "step \(step): the next one at \(rest)")) }
            return .advance(to: step.number + 1)
        }
    }

    /// Between the steps Healthy is enough; only the last one is watched for the whole of `verify_for`.
    private static func verdict(_ cell: Cell, _ stage: Stage, _ step: RolloutStep, at now: Instant) -> Verification {
        guard var policy = stage.health else { return .succeeded(summary: "the stage watches no health") }
        if !step.isLast { policy.verifyFor = .seconds(0) }
        return Verification.judge(cell.stayInStep, policy, at: now)
    }

    private static func back(
        _ reason: String, _ cell: Cell, _ stage: Stage, _ plan: RolloutPlan, _ step: RolloutStep
    ) -> RolloutJudgement {
        guard plan.goesBackByStep, step.number > 1 else { return .verification(.failed(reason: reason)) }
        let latest = cell.stay.observations.last
        let isTriggered = latest?.isTriggered ?? false
        let isRolledBack = stage.onFailure == .rollback || (isTriggered && stage.onFailure != .hold)
        if isRolledBack, latest?.isGradual != true { return .verification(.failed(reason: reason)) }
        return .retreat(to: step.number - 1, reason: reason)
    }
}

extension Stage {
    /// A delivery is all that the stage asks of a promotion.
    var isVerifiedByDelivery: Bool { health == nil && rollout == nil }
}

extension ServiceState {
    /// Whether somebody stopped the service in this stage.
    func isHeld(in stage: String, at now: Instant) -> Bool { holds.contains { $0.stage == stage && $0.isActive(at: now) } }

    /// The step whose values a promotion of this version to the stage is about: the first one, or the one that stands where
    /// the version is there already.
    func step(of version: String, in stage: Stage) -> Int? {
        guard stage.rollout != nil else { return nil }
        guard let cell = cells[stage.name], cell.version == version, !cell.adopted, !cell.isExternal,
            releases[version]?.outcomes[stage.name] != .failed
        else { return 1 }
        return cell.rollout?.step.number ?? 0
    }
}
