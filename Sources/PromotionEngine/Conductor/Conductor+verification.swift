public import WorkflowModel

/// What the verification of a delivered release waits for.
public struct VerificationStatus: Sendable {
    /// When it, or the step of the rollout that stands, was delivered.
    public let since: Instant
    /// What is waited for, in one clause; `not_synced` until the agent was seen at the delivered state.
    public let reason: String
    public let verifyFor: TimeSpan
    /// From the first observation on; nil where the stage watches no health.
    public let healthTimeout: TimeSpan?
    /// From the delivery on; nil: without end.
    public let syncTimeout: TimeSpan?
    /// The newest observation that counts.
    public let last: Stay.Observation?
    /// The commands that carry it on.
    public let carryOn: [String]

    /// False for a rollout in a stage without health, which only waits for its pauses.
    public var watchesHealth: Bool { healthTimeout != nil }

    public var json: JSONValue {
        [
            "since": .string(since.description), "reason": .string(reason), "verify_for": .string(verifyFor.description),
            "health_timeout": .optional(healthTimeout?.description), "sync_timeout": .optional(syncTimeout?.description),
            "last": last.map { last in
                [
                    "at": .string(last.at.description), "status": .string(last.status.rawValue), "message": .optional(last.message),
                ]
            } ?? .null,
            "carry_on": .array(carryOn.map(JSONValue.string)),
        ]
    }
}

extension Conductor {
    /// How a verification stands, as the ledger tells it: nobody is asked. Nil when nothing is verified there.
    func verification(_ state: ServiceState, _ service: Service, _ stage: Stage) -> VerificationStatus? {
        guard state.verifying(stage.name) != nil, let cell = state.cells[stage.name] else { return nil }
        let judgement = RolloutJudgement.judge(cell, stage, isHeld: state.isHeld(in: stage.name, at: pace.now), at: pace.now)
        let (reason, isDecided) =
            switch judgement {
            case .advance(let step): ("step \(step) is due", true)
            case .retreat(let step, let why): ("\(why); it goes back to step \(step)", true)
            case .verification(.watching(let reason)): (reason, false)
            case .verification(.succeeded(let why)), .verification(.failed(let why)), .verification(.notSynced(let why)): (why, true)
            }
        let stay = cell.stayInStep
        let report = "gradus report \(service.name) \(cell.version) --stage \(stage.name) --health Healthy --revision \(stay.commit)"
        let takesReports = stage.health?.sources.contains(.report) ?? false
        let needsReport = takesReports && !isDecided && stay.observations.last?.status != .healthy
        return VerificationStatus(
            since: stay.since, reason: reason, verifyFor: stage.health?.verifyFor ?? .seconds(0), healthTimeout: stage.health?.healthTimeout,
            syncTimeout: stage.health?.syncTimeout, last: stay.observations.last,
            carryOn: (needsReport ? [report] : []) + ["gradus reconcile --service \(service.name)"])
    }

    /// A promotion that is delivered and being verified, with what it waits for.
    public func verifying(_ open: Promotion) throws -> PromotionReport {
        let (workflow, service, stage) = try locate(open.service, open.stage, in: try context(for: [open.service]).rules)
        let state = try ledger.load(.service(open.service, version: open.version)).state.service(open.service)
        var report = PromotionReport(
            id: open.id, workflow: workflow.name, service: service.name, version: open.version,
            from: workflow.upstream(of: stage).map(\.name), stage: stage, phase: .verifying, result: .pending, commit: open.commit,
            planDigest: open.planDigest, requester: open.requester, gates: [], edits: [], downgradeFrom: nil)
        report.rollout = state.cells[stage.name]?.rollout?.step
        report.verification = verification(state, service, stage)
        return report
    }
}
