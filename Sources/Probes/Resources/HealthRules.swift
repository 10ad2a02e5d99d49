internal import Expressions
internal import PromotionEngine

/// Which rule decides about which kind of object (`semantics.md` 7.2). A kind without a rule has no health.
enum HealthRules {
    private struct Rule {
        let versions: Set<String>
        let assess: @Sendable (ResourceObject) -> ResourceHealth

        init(_ versions: Set<String>, _ assess: @escaping @Sendable (ResourceObject) -> ResourceHealth) {
            self.versions = versions
            self.assess = assess
        }
    }

    /// By `group/Kind`.
    private static let rules: [String: Rule] = [
        "apps/Deployment": Rule(["v1"], WorkloadHealth.deployment),
        "apps/StatefulSet": Rule(["v1"], WorkloadHealth.statefulSet),
        "apps/DaemonSet": Rule(["v1"], WorkloadHealth.daemonSet),
        "apps/ReplicaSet": Rule(["v1"], WorkloadHealth.replicaSet),
        "/Pod": Rule(["v1"], PodHealth.pod),
        "batch/Job": Rule(["v1"], JobHealth.job),
        "batch/CronJob": Rule(["v1"], JobHealth.cronJob),
        "/PersistentVolumeClaim": Rule(["v1"], ServingHealth.volumeClaim),
        "/Service": Rule(["v1"], ServingHealth.service),
        "networking.k8s.io/Ingress": Rule(["v1", "v1beta1"], ServingHealth.ingress),
        "extensions/Ingress": Rule(["v1beta1"], ServingHealth.ingress),
        "apiregistration.k8s.io/APIService": Rule(["v1", "v1beta1"], ServingHealth.apiService),
        "autoscaling/HorizontalPodAutoscaler": Rule(["v1", "v2"], AutoscalerHealth.autoscaler),
        "policy/PodDisruptionBudget": Rule(["v1"], ServingHealth.disruptionBudget),
        "argoproj.io/Workflow": Rule(["v1alpha1"], ArgoHealth.workflow),
        "argoproj.io/Rollout": Rule(["v1alpha1"], ArgoHealth.rollout),
    ]

    /// Nil: the kind has no health, and says nothing about the whole.
    static func assess(_ object: ResourceObject) -> ResourceHealth? {
        let finalizers = object.value["metadata", "finalizers"]?.items.compactMap(\.text) ?? []
        if object.value["metadata", "deletionTimestamp"] != nil, !finalizers.contains("argocd.argoproj.io/hook-finalizer") {
            return ResourceHealth(.progressing, "Pending deletion")
        }
        guard let rule = rules["\(object.group)/\(object.kind)"] else { return nil }
        guard rule.versions.contains(object.version) else {
            return ResourceHealth(.unknown, "\(object.kind) of \(object.apiVersion) is not known")
        }
        return rule.assess(object)
    }
}
