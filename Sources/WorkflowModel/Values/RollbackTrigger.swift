/// When a delivered release is taken back although no health source calls it ill (`design.md` section 8).
public struct RollbackTrigger: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// A value of Prometheus exceeds the threshold.
        case metric(NamedMetric)
        /// An alert of Prometheus fires that was not active before the delivery.
        case alert(String, address: String)
        /// So many looks at the health sources found the release ill.
        case failedChecks
    }

    public enum Threshold: Sendable, Hashable {
        /// In the unit of the metric's query.
        case above(Double)
        /// That many times the average of the time before the delivery.
        case timesBaseline(Double, window: TimeSpan)
    }

    public enum Action: String, Sendable, Hashable, CaseIterable {
        case immediate, gradual, emergency
    }

    /// As messages call it: the metric, the type or the alert.
    public var name: String
    public var kind: Kind
    public var threshold: Threshold
    /// How long it must be exceeded without a break; for failed checks, how far back they count.
    public var duration: TimeSpan
    public var action: Action

    public init(
        name: String, kind: Kind, threshold: Threshold = .above(0), duration: TimeSpan = .seconds(0), action: Action = .immediate
    ) {
        self.name = name
        self.kind = kind
        self.threshold = threshold
        self.duration = duration
        self.action = action
    }

    /// All that decides, in one line: part of the plan's digest.
    public var declared: String {
        let limit =
            switch threshold {
            case .above(let number): "above \(number)"
            case .timesBaseline(let factor, let window): "above \(factor) times of \(window)"
            }
        let source =
            switch kind {
            case .metric(let metric): "metric \(metric.address) \(metric.query)"
            case .alert(let alert, let address): "alert \(address) \(alert)"
            case .failedChecks: "failed checks"
            }
        return "\(name): \(source) \(limit) for \(duration), \(action.rawValue)"
    }
}

/// A query with a name, by which triggers refer to it.
public struct NamedMetric: Sendable, Hashable {
    /// What a number of the query stands for.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// 5 is 5 %.
        case percent
        /// 0.05 is 5 %.
        case ratio
        case number
    }

    public var name: String
    public var query: String
    public var unit: Unit
    public var address: String

    public init(name: String, query: String, unit: Unit = .number, address: String) {
        self.name = name
        self.query = query
        self.unit = unit
        self.address = address
    }
}
