internal import Expressions
internal import PromotionEngine

/// Objects that keep pods running.
enum WorkloadHealth {
    private static let unobserved = "Waiting for the spec update to be observed"

    static func deployment(_ object: ResourceObject) -> ResourceHealth {
        if object.value["spec", "paused"]?.flag == true { return ResourceHealth(.suspended, "Deployment is paused") }
        if object.isUnobserved { return ResourceHealth(.progressing, unobserved) }
        if object.condition("Progressing")?["reason"]?.text == "ProgressDeadlineExceeded" {
            return ResourceHealth(.degraded, "Deployment \(object.name) exceeded its progress deadline")
        }
        let updated = object.number("status", "updatedReplicas") ?? 0
        let current = object.number("status", "replicas") ?? 0
        let available = object.number("status", "availableReplicas") ?? 0
        if let wanted = object.number("spec", "replicas"), updated < wanted {
            return ResourceHealth(.progressing, "\(updated) of \(wanted) new replicas have been updated")
        }
        if current > updated { return ResourceHealth(.progressing, "\(current - updated) old replicas are pending termination") }
        if available < updated { return ResourceHealth(.progressing, "\(available) of \(updated) updated replicas are available") }
        return ResourceHealth(.healthy)
    }

    static func statefulSet(_ object: ResourceObject) -> ResourceHealth {
        if object.observedGeneration == 0 || object.isUnobserved { return ResourceHealth(.progressing, unobserved) }
        let ready = object.number("status", "readyReplicas") ?? 0
        let wanted = object.number("spec", "replicas")
        if let wanted, ready < wanted { return ResourceHealth(.progressing, "\(ready) of \(wanted) pods are ready") }
        let strategy = object.value["spec", "updateStrategy"]
        let type = strategy?["type"]?.text ?? "RollingUpdate"
        if type == "RollingUpdate", let rolling = strategy?["rollingUpdate"] {
            let updated = object.number("status", "updatedReplicas") ?? 0
            if let partition = rolling["partition"]?.whole, let wanted, updated < wanted - partition {
                return ResourceHealth(.progressing, "\(updated) of \(wanted - partition) new pods have been updated")
            }
            return ResourceHealth(.healthy)
        }
        if type == "OnDelete" { return ResourceHealth(.healthy) }
        guard object.value["status", "updateRevision"]?.text == object.value["status", "currentRevision"]?.text else {
            let updated = object.number("status", "updatedReplicas") ?? 0
            return ResourceHealth(.progressing, "\(updated) pods are at the new revision")
        }
        return ResourceHealth(.healthy)
    }

    static func daemonSet(_ object: ResourceObject) -> ResourceHealth {
        if object.isUnobserved { return ResourceHealth(.progressing, unobserved) }
        if object.value["spec", "updateStrategy", "type"]?.text == "OnDelete" { return ResourceHealth(.healthy) }
        let wanted = object.number("status", "desiredNumberScheduled") ?? 0
        let updated = object.number("status", "updatedNumberScheduled") ?? 0
        let available = object.number("status", "numberAvailable") ?? 0
        if updated < wanted { return ResourceHealth(.progressing, "\(updated) of \(wanted) new pods have been updated") }
        if available < wanted { return ResourceHealth(.progressing, "\(available) of \(wanted) updated pods are available") }
        return ResourceHealth(.healthy)
    }

    static func replicaSet(_ object: ResourceObject) -> ResourceHealth {
        if object.isUnobserved { return ResourceHealth(.progressing, unobserved) }
        if let failure = object.condition("ReplicaFailure"), failure["status"]?.text == "True" {
            return ResourceHealth(.degraded, failure["message"]?.text ?? "ReplicaFailure")
        }
        let available = object.number("status", "availableReplicas") ?? 0
        if let wanted = object.number("spec", "replicas"), available < wanted {
            return ResourceHealth(.progressing, "\(available) of \(wanted) replicas are available")
        }
        return ResourceHealth(.healthy)
    }
}
