internal import WorkflowModel

/// Whether a delivered release has proved itself in its stage (`design.md` section 8, stage keys).
enum Verification: Sendable, Hashable {
    case succeeded
    case failed(reason: String)
    case watching(reason: String)

    static func judge(_ stay: Stay, _ policy: HealthPolicy, at time: Instant) -> Verification {
        // A stay that ended is judged as it was when it ended.
        let now = min(stay.until ?? time, time)
        let health = stay.health(at: now, staleAfter: policy.staleAfter)
        if health == .degraded { return .failed(reason: "health is Degraded") }
        if health == .healthy {
            let healthy = stay.healthyTime(at: now, staleAfter: policy.staleAfter)
            return healthy >= policy.verifyFor
                ? .succeeded : .watching(reason: "Healthy for \(healthy) of \(policy.verifyFor)")
        }
        // The clock of the time-out starts when the agent is first seen at the delivered state, not at the delivery.
        guard let first = stay.observations.first else { return .watching(reason: "not_synced") }
        if now - first.at > policy.healthTimeout {
            return .failed(reason: "not Healthy within \(policy.healthTimeout), but \(health.rawValue)")
        }
        return .watching(reason: "health is \(health.rawValue)")
    }
}
