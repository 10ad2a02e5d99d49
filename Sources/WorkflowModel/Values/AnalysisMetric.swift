/// One metric of an analysis: what is measured how often, and how many measurements may be bad (`semantics.md` section 4).
public struct AnalysisMetric: Sendable, Hashable {
    public var name: String
    /// Seconds between measurements.
    public var interval: Double?
    /// Seconds before the first one.
    public var initialDelay: Double?
    /// How many measurements that did not error; nil or 0 with an interval: without end, without one: 1.
    public var count: Int?
    public var successCondition: String
    public var failureCondition: String
    /// More failures than this fail the metric; -1: any number is borne.
    public var failureLimit: Int
    public var inconclusiveLimit: Int
    public var consecutiveErrorLimit: Int
    /// So many successes in a row are enough; 0: not looked at.
    public var consecutiveSuccessLimit: Int
    /// Where the value comes from.
    public var provider: MetricProvider
    /// True for one that is only looked at and never decides.
    public var isDryRun: Bool

    public init(
        name: String, interval: Double? = nil, initialDelay: Double? = nil, count: Int? = nil, successCondition: String = "",
        failureCondition: String = "", failureLimit: Int = 0, inconclusiveLimit: Int = 0, consecutiveErrorLimit: Int = 4,
        consecutiveSuccessLimit: Int = 0, provider: MetricProvider = MetricProvider(), isDryRun: Bool = false
    ) {
        self.provider = provider
        self.isDryRun = isDryRun
        self.name = name
        self.interval = interval
        self.initialDelay = initialDelay
        self.count = count
        self.successCondition = successCondition
        self.failureCondition = failureCondition
        self.failureLimit = failureLimit
        self.inconclusiveLimit = inconclusiveLimit
        self.consecutiveErrorLimit = consecutiveErrorLimit
        self.consecutiveSuccessLimit = consecutiveSuccessLimit
    }

    /// Nil: without end.
    public var effectiveCount: Int? {
        if let count, count > 0 { return count }
        return interval == nil ? 1 : nil
    }

    /// What is wrong with the settings (`semantics.md` 4.1); empty when nothing is.
    public var faults: [String] {
        var faults: [String] = []
        if failureLimit < -1 { faults.append("failureLimit must be -1 or more") }
        if consecutiveSuccessLimit < 0 { faults.append("consecutiveSuccessLimit must be 0 or more") }
        if failureLimit == -1, consecutiveSuccessLimit == 0 {
            faults.append("failureLimit and consecutiveSuccessLimit cannot both be off")
        }
        if inconclusiveLimit < 0 { faults.append("inconclusiveLimit must be 0 or more") }
        if consecutiveErrorLimit < 0 { faults.append("consecutiveErrorLimit must be 0 or more") }
        guard let count, count > 0 else { return faults }
        if failureLimit >= 0, consecutiveSuccessLimit >= 0, count < failureLimit + consecutiveSuccessLimit {
            faults.append("count must be at least failureLimit + consecutiveSuccessLimit")
        } else if count < consecutiveSuccessLimit {
            faults.append("count must be at least consecutiveSuccessLimit")
        }
        if count < inconclusiveLimit { faults.append("count must be at least inconclusiveLimit") }
        if count > 1, interval == nil { faults.append("a count above 1 needs an interval") }
        return faults
    }
}

/// Where a metric's value comes from: a Prometheus server, or a web service's answer.
public struct MetricProvider: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case prometheus
        case web
    }

    public var kind: Kind
    /// Of the server, or of the web service's answer; nil: the source's.
    public var address: String?
    public var query: String
    /// Nil: an instant query.
    public var range: Range?
    /// JSON path into a web service's answer.
    public var jsonPath: String?
    /// Headers of the request, by name.
    public var headers: [String: String]
    /// Seconds for one request.
    public var timeout: Double

    public struct Range: Sendable, Hashable {
        /// An expression that gives a time, such as `now() - duration("5m")`.
        public var start: String
        public var end: String
        /// Seconds.
        public var step: Double

        public init(start: String, end: String = "now()", step: Double) {
            self.start = start
            self.end = end
            self.step = step
        }
    }

    public init(
        kind: Kind = .prometheus, address: String? = nil, query: String = "", range: Range? = nil, jsonPath: String? = nil,
        headers: [String: String] = [:], timeout: Double = 30
    ) {
        self.kind = kind
        self.address = address
        self.query = query
        self.range = range
        self.jsonPath = jsonPath
        self.headers = headers
        self.timeout = timeout
    }
}
