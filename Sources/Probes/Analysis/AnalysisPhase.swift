/// How a measurement, a metric or a whole analysis stands (`semantics.md` section 4).
public enum AnalysisPhase: String, Sendable, Hashable, CaseIterable {
    case successful = "Successful"
    case running = "Running"
    case pending = "Pending"
    case inconclusive = "Inconclusive"
    case error = "Error"
    case failed = "Failed"

    /// Nothing comes after it.
    public var isCompleted: Bool { self != .running && self != .pending }

    /// Over several metrics the worst counts: Failed is worse than Error, and Error than Inconclusive. Inside one metric the
    /// order is another one, see `MetricRun`.
    var badness: Int {
        switch self {
        case .successful: 0
        case .running: 1
        case .pending: 2
        case .inconclusive: 3
        case .error: 4
        case .failed: 5
        }
    }
}
