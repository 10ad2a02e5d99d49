public import WorkflowModel

/// One release's time in one stage, from its delivery until another takes its place.
public struct Stay: Sendable, Hashable {
    /// One observed health, in ledger order.
    public struct Observation: Sendable, Hashable {
        public let at: Instant
        public let status: HealthStatus
        /// Looked at by Gradus, not reported.
        public let isLooked: Bool
        /// It could not be found out.
        public let isErrored: Bool
        /// A rollback trigger fired.
        public let isTriggered: Bool
        /// The trigger wants to go back step by step.
        public let isGradual: Bool
        /// Why the release is ill or nothing is known; nil otherwise.
        public let message: String?

        public init(
            at: Instant, status: HealthStatus, isLooked: Bool = false, isErrored: Bool = false, isTriggered: Bool = false,
            isGradual: Bool = false, message: String? = nil
        ) {
            self.isGradual = isGradual
            self.at = at
            self.status = status
            self.isLooked = isLooked
            self.isErrored = isErrored
            self.isTriggered = isTriggered
            self.message = message
        }
    }

    /// Nil for a baseline, which no promotion brought.
    public var promotion: String?
    /// The commit that brought the values.
    public var commit: String
    public var since: Instant
    /// Nil while the release is there.
    public var until: Instant?
    /// The commit that took its values away, and the record that says so; nil while the release is there.
    public var ended: Ending?
    /// Only observations that counted for this stay.
    public var observations: [Observation]

    public struct Ending: Sendable, Hashable {
        public let commit: String
        public let seq: Int
    }

    public init(
        promotion: String?, commit: String, since: Instant, until: Instant? = nil, observations: [Observation] = []
    ) {
        self.promotion = promotion
        self.commit = commit
        self.since = since
        self.until = until
        self.observations = observations
    }

    /// The newest status, `Unknown` without any or when the newest is older than `staleAfter`.
    public func health(at now: Instant, staleAfter: TimeSpan?) -> HealthStatus {
        guard let latest = observations.last else { return .unknown }
        if let staleAfter, now - latest.at > staleAfter { return .unknown }
        return latest.status
    }

    /// When the unbroken run of Healthy that reaches to the newest observation began; nil when the newest is not Healthy.
    public var healthySince: Instant? {
        var start: Instant?
        for observation in observations.reversed() {
            guard observation.status == .healthy else { break }
            start = observation.at
        }
        return start
    }

    /// How long the release has been continuously healthy here, up to `now` or to the end of the stay.
    ///
    /// Ill health resets the clock. With `staleAfter`, time further than that from the observation before it was not
    /// observed and does not count (`design.md` section 6, health facts).
    public func healthyTime(at now: Instant, staleAfter: TimeSpan?) -> TimeSpan {
        guard let start = healthySince else { return .seconds(0) }
        let end = min(until ?? now, now)
        guard let staleAfter else { return max(.seconds(0), end - start) }
        // The run is the last ones by order of the ledger: times may go back.
        let run = observations.reversed().prefix { $0.status == .healthy }.reversed().map(\.at)
        var total = 0
        for (position, time) in run.enumerated() {
            let next = position + 1 < run.count ? run[position + 1] : end
            total += max(0, min((next - time).seconds, staleAfter.seconds))
        }
        return .seconds(total)
    }
}
