internal import Expressions
internal import PromotionEngine

enum PodHealth {
    static func pod(_ object: ResourceObject) -> ResourceHealth {
        let restarts = restartsAlways(object)
        let containers = object.value["status", "containerStatuses"]?.items ?? []
        if restarts, let waiting = stuck(containers) { return waiting }
        let message = object.value["status", "message"]?.text ?? ""
        switch object.value["status", "phase"]?.text ?? "" {
        case "Pending": return ResourceHealth(.progressing, message)
        case "Succeeded": return ResourceHealth(.healthy, message)
        case "Failed": return ResourceHealth(.degraded, message.isEmpty ? failure(object) : message)
        case "Running": return restarts ? running(object, containers, message) : ResourceHealth(.progressing, message)
        case let phase: return ResourceHealth(.unknown, phase.isEmpty ? "the pod has no phase" : "phase \(phase)")
        }
    }

    private static func restartsAlways(_ object: ResourceObject) -> Bool {
        let policy = object.value["spec", "restartPolicy"]?.text ?? "Always"
        let ignores = object.annotation("argocd.argoproj.io/ignore-restart-policy") == "true" && !object.isHook
        return policy == "Always" || ignores
    }

    /// Waiting reasons of the pod's own containers; those of init containers are not looked at (`semantics.md` 7.2).
    private static func stuck(_ containers: [Value]) -> ResourceHealth? {
        let messages = containers.compactMap { container -> String? in
            guard let waiting = container["state", "waiting"], let reason = waiting["reason"]?.text,
                reason.hasPrefix("Err") || reason.hasSuffix("Error") || reason.hasSuffix("BackOff")
            else { return nil }
            return waiting["message"]?.text ?? reason
        }
        return messages.isEmpty ? nil : ResourceHealth(.degraded, messages.joined(separator: ", "))
    }

    private static func running(_ object: ResourceObject, _ containers: [Value], _ message: String) -> ResourceHealth {
        if object.condition("Ready")?["status"]?.text == "True" { return ResourceHealth(.healthy, message) }
        if containers.contains(where: { $0["lastState", "terminated"] != nil }) {
            return ResourceHealth(.degraded, message.isEmpty ? "a container was restarted and is not ready" : message)
        }
        return ResourceHealth(.progressing, message)
    }

    /// The first container that failed, init containers before the others.
    private static func failure(_ object: ResourceObject) -> String {
        let all = (object.value["status", "initContainerStatuses"]?.items ?? []) + (object.value["status", "containerStatuses"]?.items ?? [])
        for container in all {
            guard let ended = container["state", "terminated"] else { continue }
            if let message = ended["message"]?.text, !message.isEmpty { return message }
            if ended["reason"]?.text == "OOMKilled" { return "OOMKilled" }
            if let code = ended["exitCode"]?.whole, code != 0 {
                return "container \"\(container["name"]?.text ?? "")\" failed with exit code \(code)"
            }
        }
        return ""
    }
}
