internal import WorkflowModel

/// Whether a delivered release has proved itself in its stage (`design.md` section 8, stage keys).
enum Verification: Sendable, Hashable {
    case succeeded(summary: String)
    case failed(reason: String)
    /// The agent was not seen at the delivered state in time; `on_failure` has no part in that.
    case notSynced(reason: String)
    case watching(reason: String)

    static func judge(_ stay: Stay, _ policy: HealthPolicy, at time: Instant) -> Verification {
        // A stay that ended is judged as it was when it ended.
        let now = min(stay.until ?? time, time)
        guard let latest = stay.observations.last, let first = stay.observations.first else {
            if let timeout = policy.syncTimeout, now - stay.since > timeout {
                return .notSynced(reason: "not_synced within \(timeout)")
            }
            return .watching(reason: "not_synced")
        }
        // What cannot be found out proves nothing, and no time-out makes an illness of it.
        if latest.isErrored { return .watching(reason: "errored: \(latest.message ?? "a health source")") }
        let health = stay.health(at: now, staleAfter: policy.staleAfter)
        let detail = latest.message.map { ": \($0)" } ?? ""
        if health == .degraded { return degraded(stay, latest, policy, now, detail) }
        if health == .healthy {
            let healthy = stay.healthyTime(at: now, staleAfter: policy.staleAfter)
            return healthy >= policy.verifyFor
                ? .succeeded(summary: summary(stay, policy)) : .watching(reason: "Healthy for \(healthy) of \(policy.verifyFor)")
        }
        // The clock of the time-out starts when the agent is first seen at the delivered state, not at the delivery.
        if now - first.at > policy.healthTimeout {
            return .failed(reason: "not Healthy within \(policy.healthTimeout), but \(health.rawValue)\(detail)")
        }
        return .watching(reason: "health is \(health.rawValue)\(detail)")
    }

    /// A trigger that fired decides at once; else so many looks count as the stage says, one by default.
    private static func degraded(
        _ stay: Stay, _ latest: Stay.Observation, _ policy: HealthPolicy, _ now: Instant, _ detail: String
    ) -> Verification {
        guard let checks = policy.failedChecks, !latest.isTriggered else { return .failed(reason: "health is Degraded\(detail)") }
        let failed = stay.observations.count { $0.status == .degraded && (checks.within.seconds == 0 || now - $0.at <= checks.within) }
        if failed >= checks.count { return .failed(reason: "\(failed) looks found it Degraded\(detail)") }
        return .watching(reason: "\(failed) of \(checks.count) looks found it Degraded\(detail)")
    }

    /// `Healthy for 1m; before: Progressing, Degraded`.
    private static func summary(_ stay: Stay, _ policy: HealthPolicy) -> String {
        let before = stay.observations.dropLast().map(\.status).filter { $0 != .healthy }
        let passed = before.isEmpty ? "" : "; before: " + before.suffix(5).map(\.rawValue).joined(separator: ", ")
        return "Healthy for \(policy.verifyFor)\(passed)"
    }
}
