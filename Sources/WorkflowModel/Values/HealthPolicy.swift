/// How a stage learns that a delivered release is healthy (`design.md` section 8).
public struct HealthPolicy: Sendable, Hashable {
    public enum Source: String, Sendable, Hashable {
        /// Health is posted with `gradus report … --health`.
        case report
    }

    /// Worst of all wins. At least one.
    public var sources: [Source]
    /// How long health must stand before the release counts as verified.
    public var verifyFor: TimeSpan
    /// How long after the first observation of the delivered state health may fail to appear.
    public var healthTimeout: TimeSpan
    /// Facts older than this are unobserved; nil: a fact stands until the next one.
    public var staleAfter: TimeSpan?

    public init(
        sources: [Source] = [.report], verifyFor: TimeSpan = .seconds(0),
        healthTimeout: TimeSpan = .minutes(10), staleAfter: TimeSpan? = nil
    ) {
        self.sources = sources
        self.verifyFor = verifyFor
        self.healthTimeout = healthTimeout
        self.staleAfter = staleAfter
    }
}
