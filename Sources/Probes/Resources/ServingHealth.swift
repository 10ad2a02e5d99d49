internal import Expressions
internal import PromotionEngine

/// Objects through which something is reached or kept.
enum ServingHealth {
    static func volumeClaim(_ object: ResourceObject) -> ResourceHealth {
        switch object.value["status", "phase"]?.text ?? "" {
        case "Bound": ResourceHealth(.healthy)
        case "Pending": ResourceHealth(.progressing)
        case "Lost": ResourceHealth(.degraded)
        default: ResourceHealth(.unknown)
        }
    }

    static func service(_ object: ResourceObject) -> ResourceHealth {
        object.value["spec", "type"]?.text == "LoadBalancer" ? ingress(object) : ResourceHealth(.healthy)
    }

    static func ingress(_ object: ResourceObject) -> ResourceHealth {
        (object.value["status", "loadBalancer", "ingress"]?.items.isEmpty ?? true)
            ? ResourceHealth(.progressing, "no address has been given out") : ResourceHealth(.healthy)
    }

    static func apiService(_ object: ResourceObject) -> ResourceHealth {
        guard let available = object.condition("Available") else { return ResourceHealth(.progressing, "Waiting to be processed") }
        let reason = [available["reason"]?.text, available["message"]?.text].compactMap(\.self).joined(separator: ": ")
        return ResourceHealth(available["status"]?.text == "True" ? .healthy : .progressing, reason)
    }

    static func disruptionBudget(_ object: ResourceObject) -> ResourceHealth {
        for condition in object.conditions {
            if condition["status"]?.text == "False", condition["reason"]?.text != "InsufficientPods" {
                return ResourceHealth(.degraded, condition["message"]?.text ?? condition["reason"]?.text ?? "")
            }
        }
        return object.conditions.isEmpty ? ResourceHealth(.progressing, "no condition is known yet") : ResourceHealth(.healthy)
    }
}
