public import WorkflowModel

/// The measurements of one metric so far (`semantics.md` 4.4 to 4.6). Pure: time is a number that it is told.
public struct MetricRun: Sendable, Hashable {
    public let metric: AnalysisMetric
    public private(set) var phase: AnalysisPhase = .pending
    public private(set) var successful = 0
    public private(set) var failed = 0
    public private(set) var inconclusive = 0
    public private(set) var errors = 0
    /// Measurements that did not error.
    public private(set) var count = 0
    public private(set) var consecutiveErrors = 0
    public private(set) var consecutiveSuccesses = 0
    public private(set) var last: Measurement?

    /// After an error the next measurement is this many seconds away, whatever the interval.
    static let errorInterval = 10.0

    public init(_ metric: AnalysisMetric) { self.metric = metric }

    public mutating func record(_ measurement: Measurement) {
        last = measurement
        switch measurement.phase {
        case .successful:
            successful += 1
            count += 1
            consecutiveErrors = 0
            consecutiveSuccesses += 1
        case .failed:
            failed += 1
            count += 1
            consecutiveErrors = 0
            consecutiveSuccesses = 0
        case .inconclusive:
            inconclusive += 1
            count += 1
            consecutiveErrors = 0
            consecutiveSuccesses = 0
        case .error:
            errors += 1
            consecutiveErrors += 1
            consecutiveSuccesses = 0
        case .running, .pending: break
        }
    }

    /// Whether a measurement is due, when the run began at `startedAt`.
    public func isDue(at now: Double, startedAt: Double) -> Bool {
        guard !phase.isCompleted else { return false }
        if let limit = metric.effectiveCount, count >= limit { return false }
        guard let last else { return now >= startedAt + (metric.initialDelay ?? 0) }
        if last.phase == .error { return now > last.finishedAt + Self.errorInterval }
        return now > last.finishedAt + (metric.interval ?? 0)
    }

    /// When the next one is due at the earliest; nil when there is none.
    public func nextDue(startedAt: Double) -> Double? {
        if phase.isCompleted { return nil }
        if let limit = metric.effectiveCount, count >= limit { return nil }
        guard let last else { return startedAt + (metric.initialDelay ?? 0) }
        return last.finishedAt + (last.phase == .error ? Self.errorInterval : metric.interval ?? 0)
    }

    /// Works out the phase. Limits in this order, so that inside one metric Error beats Inconclusive, which beats Failed.
    public mutating func assess(isTerminating: Bool) {
        guard !phase.isCompleted else { return }
        phase = assessed(isTerminating: isTerminating)
    }

    private func assessed(isTerminating: Bool) -> AnalysisPhase {
        guard let last else { return isTerminating ? .successful : .pending }
        guard last.phase.isCompleted else { return .running }
        var limited: AnalysisPhase?
        if metric.failureLimit >= 0, failed > metric.failureLimit { limited = .failed }
        if inconclusive > metric.inconclusiveLimit { limited = .inconclusive }
        if consecutiveErrors > metric.consecutiveErrorLimit { limited = .error }
        if let limited { return limited }
        let wanted = metric.consecutiveSuccessLimit
        if wanted > 0, consecutiveSuccesses >= wanted { return .successful }
        if let limit = metric.effectiveCount, count >= limit {
            guard wanted > 0 else { return .successful }
            return metric.failureLimit >= 0 ? .inconclusive : .failed
        }
        return isTerminating ? .successful : .running
    }

    /// Why the metric ended badly: `failed (1) > failureLimit (0)`.
    var complaint: String {
        let text: String
        switch phase {
        case .failed where metric.failureLimit >= 0 && failed > metric.failureLimit:
            text = "failed (\(failed)) > failureLimit (\(metric.failureLimit))"
        case .inconclusive where inconclusive > metric.inconclusiveLimit:
            text = "inconclusive (\(inconclusive)) > inconclusiveLimit (\(metric.inconclusiveLimit))"
        case .error: text = "consecutiveErrors (\(consecutiveErrors)) > consecutiveErrorLimit (\(metric.consecutiveErrorLimit))"
        default: text = "consecutiveSuccess (\(consecutiveSuccesses)) < consecutiveSuccessLimit (\(metric.consecutiveSuccessLimit))"
        }
        let detail = last.flatMap { $0.message.isEmpty ? nil : ": \"Error Message: \($0.message)\"" } ?? ""
        return text + detail
    }
}
