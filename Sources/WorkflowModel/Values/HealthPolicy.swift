/// How a stage learns that a delivered release is healthy, and what it waits for (`design.md` section 8).
public struct HealthPolicy: Sendable, Hashable {
    /// What Gradus does at the agent after a delivery.
    public enum Sync: Sendable, Hashable {
        case none
        /// Asks Argo CD to sync the source's application.
        case argocd
    }

    /// Worst of all wins. Empty where only triggers watch the release.
    public var sources: [HealthSource]
    /// How long health must stand before the release counts as verified.
    public var verifyFor: TimeSpan
    /// How long after the first observation of the delivered state health may fail to appear.
    public var healthTimeout: TimeSpan
    /// Facts older than this are unobserved; nil: a fact stands until the next one.
    public var staleAfter: TimeSpan?
    public var sync: Sync
    /// How long the agent may take to be seen at the delivered state; nil: without end.
    public var syncTimeout: TimeSpan?
    public var triggers: [RollbackTrigger]
    /// Applications of Argo CD that do not sync by themselves from before the delivery until the promotion is over.
    public var pausedApps: [String] = []
    /// They sync again after this time at the latest.
    public var pauseLimit = TimeSpan.hours(1)

    public init(
        sources: [HealthSource] = [.report], verifyFor: TimeSpan = .seconds(0),
        healthTimeout: TimeSpan = .minutes(10), staleAfter: TimeSpan? = nil, sync: Sync = .none, syncTimeout: TimeSpan? = nil,
        triggers: [RollbackTrigger] = []
    ) {
        self.sources = sources
        self.verifyFor = verifyFor
        self.healthTimeout = healthTimeout
        self.staleAfter = staleAfter
        self.sync = sync
        self.syncTimeout = syncTimeout
        self.triggers = triggers
    }

    /// Something that can be looked at, beside reports that somebody posts.
    public var canBeLookedAt: Bool { sources.contains { $0.settings != .report } || !triggers.isEmpty }

    /// After how many looks that found it ill, and within which time, a release has failed; one look without such a trigger.
    public var failedChecks: (count: Int, within: TimeSpan)? {
        for trigger in triggers where trigger.kind == .failedChecks {
            if case .above(let count) = trigger.threshold { return (max(1, Int(count)), trigger.duration) }
        }
        return nil
    }
}
