public import PromotionEngine

extension DeliveryMetrics.Row {
    /// Nil without a deployment that ended.
    public var isSuccessMet: Bool? { successRate.map { $0 > DeliveryMetrics.successTarget } }
    /// Nil without a failure that was recovered from.
    public var isRecoveryMet: Bool? { meanRecovery.map { $0 < DeliveryMetrics.recoveryTarget } }

    public var perWeekText: String { Plot.number(perWeek) }
    public var leadMedianText: String { Durations.text(leadMedian) }
    public var leadNinetiethText: String { Durations.text(leadNinetieth) }
    public var failureText: String { Durations.percent(changeFailureRate) }
    public var successText: String { Durations.percent(successRate) }
    public var recoveryText: String { Durations.text(meanRecovery) }
    public var longestText: String { Durations.text(longestRecovery) }

    var json: JSONValue {
        func share(_ value: Double?) -> JSONValue { value.map { .string(DeliveryMetrics.decimal($0)) } ?? .null }
        func seconds(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        return [
            "name": .string(name), "deployments": .int(deployments), "per_week": .string(DeliveryMetrics.decimal(perWeek)),
            "lead_time_p50_seconds": seconds(leadMedian), "lead_time_p90_seconds": seconds(leadNinetieth),
            "change_failure_rate": share(changeFailureRate), "success_rate": share(successRate), "recoveries": .int(recoveries),
            "mean_recovery_seconds": seconds(meanRecovery), "longest_recovery_seconds": seconds(longestRecovery),
            "unrecovered": .int(unrecovered),
            "targets": [
                "success_rate": isSuccessMet.map(JSONValue.bool) ?? .null, "mean_recovery": isRecoveryMet.map(JSONValue.bool) ?? .null,
            ],
        ]
    }
}

extension DeliveryMetrics {
    public var weeksText: String { Plot.number(weeks) }

    /// A decimal text with four places: documents of gradus hold whole numbers only.
    static func decimal(_ value: Double) -> String {
        let parts = Int((value * 10_000).rounded())
        let rest = String(parts % 10_000)
        return "\(parts / 10_000)." + String(repeating: "0", count: 4 - rest.count) + rest
    }

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "DeliveryMetrics", "scope": scope.json, "weeks": .string(Self.decimal(weeks)),
            "targets": ["success_rate": "> 0.99", "mean_recovery_seconds": .string("< \(Self.recoveryTarget)")],
            "total": total.json, "services": .array(services.map(\.json)), "classes": .array(classes.map(\.json)),
            "definitions": .array(Self.definitions.map { ["name": .string($0.name), "meaning": .string($0.meaning)] }),
            "weekly": .array(
                trend.map { ["start": .string($0.start.description), "deployments": .int($0.deployments), "failures": .int($0.failures)] }),
        ]
    }
}
