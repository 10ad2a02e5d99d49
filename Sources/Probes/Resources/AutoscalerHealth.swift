internal import Expressions
internal import PromotionEngine

enum AutoscalerHealth {
    /// Reasons that mean failure whatever the condition's status is.
    private static let failures: [String: Set<String>] = [
        "AbleToScale": ["FailedGetScale", "FailedUpdateScale"],
        "ScalingActive": [
            "FailedGetResourceMetric", "FailedGetObjectMetric", "FailedGetPodsMetric", "FailedGetExternalMetric",
            "FailedComputeMetricsReplicas", "InvalidSelector",
        ],
    ]

    static func autoscaler(_ object: ResourceObject) -> ResourceHealth {
        var conditions = object.conditions
        if object.version == "v1" {
            // The first version keeps them as a text of JSON in an annotation.
            let text = object.annotation("autoscaling.alpha.kubernetes.io/conditions") ?? ""
            if text.isEmpty { return waiting }
            do { conditions = try JSONReading.value(Array(text.utf8)).items } catch {
                return ResourceHealth(.degraded, "the annotation of its conditions is no JSON: \(error)")
            }
        }
        for condition in conditions {
            let reason = condition["reason"]?.text ?? ""
            if failures[condition["type"]?.text ?? ""]?.contains(reason) ?? false {
                return ResourceHealth(.degraded, condition["message"]?.text ?? reason)
            }
        }
        let good = conditions.first { condition in
            ["AbleToScale", "ScalingLimited"].contains(condition["type"]?.text ?? "") && condition["status"]?.text == "True"
        }
        return good.map { ResourceHealth(.healthy, $0["message"]?.text ?? "") } ?? waiting
    }

    private static let waiting = ResourceHealth(.progressing, "Waiting to Autoscale")
}
