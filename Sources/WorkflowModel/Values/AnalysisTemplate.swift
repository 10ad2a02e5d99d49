/// An AnalysisTemplate of Argo Rollouts: metrics with arguments (`semantics.md` 4.8).
public struct AnalysisTemplate: Sendable, Hashable {
    public var name: String
    /// Declared arguments with their values; nil: to be supplied.
    public var arguments: [(name: String, value: String?)]
    public var metrics: [AnalysisMetric]
    /// Patterns of the names of metrics that never decide.
    public var dryRun: [String]

    public init(name: String, arguments: [(name: String, value: String?)], metrics: [AnalysisMetric], dryRun: [String] = []) {
        self.name = name
        self.arguments = arguments
        self.metrics = metrics
        self.dryRun = dryRun
    }

    public static func == (lhs: AnalysisTemplate, rhs: AnalysisTemplate) -> Bool {
        lhs.name == rhs.name && lhs.metrics == rhs.metrics && lhs.dryRun == rhs.dryRun
            && lhs.arguments.elementsEqual(rhs.arguments) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(metrics)
    }

    /// Why a template cannot be used with these arguments.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// The metrics with every `{{args.NAME}}` replaced.
    ///
    /// Given values win over declared ones; a value for an argument that is not declared is dropped. Throws when a declared
    /// argument has no value, even an unused one, and for any other `{{…}}`.
    public func resolved(_ given: [String: String]) throws(Fault) -> [AnalysisMetric] {
        var values: [String: String] = [:]
        for argument in arguments {
            guard let value = given[argument.name] ?? argument.value else {
                throw Fault(description: "args.\(argument.name) was not resolved")
            }
            values[argument.name] = value
        }
        var resolved: [AnalysisMetric] = []
        for metric in metrics {
            var copy = metric
            copy.successCondition = try Self.fill(copy.successCondition, values)
            copy.failureCondition = try Self.fill(copy.failureCondition, values)
            copy.provider.query = try Self.fill(copy.provider.query, values)
            if let address = copy.provider.address { copy.provider.address = try Self.fill(address, values) }
            if let path = copy.provider.jsonPath { copy.provider.jsonPath = try Self.fill(path, values) }
            for (name, text) in copy.provider.headers { copy.provider.headers[name] = try Self.fill(text, values) }
            resolved.append(copy)
        }
        return resolved
    }

    private static func fill(_ text: String, _ values: [String: String]) throws(Fault) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            result += rest[..<open.lowerBound]
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            let tag = rest[open.upperBound..<close.lowerBound]
            let name = tag.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            guard String(name).hasPrefix("args."), let value = values[String(String(name).dropFirst(5))] else {
                throw Fault(description: "failed to resolve {{\(tag)}}")
            }
            result += value
            rest = rest[close.upperBound...]
        }
        return result + rest
    }
}
