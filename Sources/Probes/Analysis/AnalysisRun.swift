internal import Patterns
public import WorkflowModel

/// Several metrics watched together (`semantics.md` 4.7). Pure: it says what to measure and is told what came of it.
public struct AnalysisRun: Sendable {
    public private(set) var metrics: [MetricRun]
    public private(set) var phase: AnalysisPhase = .pending
    public private(set) var message = ""
    public let startedAt: Double
    /// Names of the metrics that are only looked at.
    private let dryRun: Set<String>
    private var isTerminated = false

    /// Throws nothing: settings that make no sense are an analysis in the phase Error with the reason, and measure nothing.
    ///
    /// - Parameter dryRun: patterns of names of metrics that never decide; one that fits no metric is an error.
    public init(_ metrics: [AnalysisMetric], dryRun patterns: [String] = [], startedAt: Double) {
        self.metrics = metrics.map(MetricRun.init)
        self.startedAt = startedAt
        var faults = metrics.flatMap { metric in metric.faults.map { "metric '\(metric.name)': \($0)" } }
        if metrics.isEmpty { faults.append("no metrics are specified") }
        if Set(metrics.map(\.name)).count < metrics.count { faults.append("two metrics have the same name") }
        var dry = Set(metrics.filter(\.isDryRun).map(\.name))
        for pattern in patterns {
            let found = metrics.map(\.name).filter { Self.finds(pattern, in: $0) }
            if found.isEmpty { faults.append("Rule didn't match any metric name(s)") }
            dry.formUnion(found)
        }
        dryRun = dry
        if let fault = faults.first {
            phase = .error
            message = fault
        }
    }

    /// Patterns are regular expressions found anywhere; one that is none finds nothing (`semantics.md` 0.2).
    private static func finds(_ pattern: String, in name: String) -> Bool {
        do { return try Pattern(pattern).firstMatch(in: name) != nil } catch { return false }
    }

    /// Positions of the metrics that want a measurement now.
    public func due(at now: Double) -> [Int] {
        guard !phase.isCompleted, !isTerminating else { return [] }
        return metrics.indices.filter { metrics[$0].isDue(at: now, startedAt: startedAt) }
    }

    /// When something is due next; nil: never.
    public var nextDue: Double? {
        phase.isCompleted ? nil : metrics.compactMap { $0.nextDue(startedAt: startedAt) }.min()
    }

    public mutating func record(_ measurement: Measurement, of position: Int) {
        guard !phase.isCompleted, metrics.indices.contains(position) else { return }
        metrics[position].record(measurement)
        assess()
    }

    /// Ends the run: what is under way counts as it stands.
    public mutating func terminate() {
        isTerminated = true
        assess()
    }

    /// One metric that ended badly ends the run; the others then count as they stand.
    private var isTerminating: Bool {
        isTerminated || metrics.contains { !dryRun.contains($0.metric.name) && $0.phase.isCompleted && $0.phase != .successful }
    }

    /// Works out all phases from the measurements so far.
    public mutating func assess() {
        guard !phase.isCompleted else { return }
        for position in metrics.indices { metrics[position].assess(isTerminating: isTerminated) }
        if isTerminating { for position in metrics.indices { metrics[position].assess(isTerminating: true) } }
        guard metrics.allSatisfy(\.phase.isCompleted) else {
            phase = .running
            return
        }
        let deciding = metrics.filter { !dryRun.contains($0.metric.name) }
        let worst = deciding.max { $0.phase.badness < $1.phase.badness }
        phase = worst?.phase ?? .successful
        if let worst, worst.phase != .successful {
            message = "Metric \"\(worst.metric.name)\" assessed \(worst.phase.rawValue) due to \(worst.complaint)"
        } else if isTerminated {
            message = "Run Terminated"
        }
    }
}
