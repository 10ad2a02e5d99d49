internal import Expressions
internal import PromotionEngine

/// Objects of the Argo projects.
enum ArgoHealth {
    static func workflow(_ object: ResourceObject) -> ResourceHealth {
        let message = object.value["status", "message"]?.text ?? ""
        return switch object.value["status", "phase"]?.text ?? "" {
        case "", "Pending", "Running": ResourceHealth(.progressing, message)
        case "Succeeded": ResourceHealth(.healthy, message)
        case "Failed", "Error": ResourceHealth(.degraded, message)
        default: ResourceHealth(.unknown, message)
        }
    }

    /// The controller's own verdict, once it speaks of the present spec. It writes the observed generation as text.
    static func rollout(_ object: ResourceObject) -> ResourceHealth {
        let observed = object.value["status", "observedGeneration"].map { $0.text ?? $0.whole.map(String.init) ?? "" } ?? ""
        guard object.generation == 0 || observed == String(object.generation) else {
            return ResourceHealth(.progressing, "Waiting for the spec update to be observed")
        }
        let message = object.value["status", "message"]?.text ?? ""
        return switch object.value["status", "phase"]?.text ?? "" {
        case "Healthy": ResourceHealth(.healthy, message)
        case "Paused": ResourceHealth(.suspended, message)
        case "Degraded": ResourceHealth(.degraded, message)
        default: ResourceHealth(.progressing, message)
        }
    }
}
