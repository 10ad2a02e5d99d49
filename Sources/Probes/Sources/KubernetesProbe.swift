internal import Expressions
internal import Glibc
internal import PromotionEngine
internal import Web
internal import WorkflowModel

/// A `kubernetes` source: objects judged by their kinds' rules.
struct KubernetesProbe {
    let web: WebClient
    let allowance: ProbeAllowance

    /// Where the API server keeps the objects of a kind, by the name that `kubectl` knows.
    private static let places: [String: String] = [
        "deployment": "apis/apps/v1/deployments", "statefulset": "apis/apps/v1/statefulsets", "daemonset": "apis/apps/v1/daemonsets",
        "replicaset": "apis/apps/v1/replicasets", "pod": "api/v1/pods", "job": "apis/batch/v1/jobs", "cronjob": "apis/batch/v1/cronjobs",
        "persistentvolumeclaim": "api/v1/persistentvolumeclaims", "service": "api/v1/services",
        "ingress": "apis/networking.k8s.io/v1/ingresses",
        "horizontalpodautoscaler": "apis/autoscaling/v2/horizontalpodautoscalers",
        "poddisruptionbudget": "apis/policy/v1/poddisruptionbudgets", "rollout": "apis/argoproj.io/v1alpha1/rollouts",
    ]

    func finding(_ source: KubernetesSource, _ watch: HealthWatch) throws -> HealthFinding {
        var worst: (status: HealthStatus, text: String) = (.healthy, "")
        for (name, object) in try objects(source, watch) {
            let health = object.map { HealthRules.assess(ResourceObject($0)) ?? ResourceHealth(.healthy) } ?? ResourceHealth(.missing, "it does not exist")
            if Self.order(health.status) > Self.order(worst.status) {
                worst = (health.status, health.message.isEmpty ? name : "\(name): \(health.message)")
            }
        }
        return .seen(worst.status, worst.text)
    }

    /// Best to worst (`semantics.md` 7.1).
    private static func order(_ status: HealthStatus) -> Int {
        [HealthStatus.healthy, .suspended, .progressing, .missing, .degraded, .unknown].firstIndex(of: status) ?? 0
    }

    /// Nil for an object that does not exist.
    func objects(_ source: KubernetesSource, _ watch: HealthWatch) throws -> [(name: String, Value?)] {
        let wanted = source.objects.map { watch.filled($0) }
        if let file = source.file { return try Self.chosen(wanted, in: ObjectFile.objects(at: watch.filled(file))) }
        guard let server = source.server else { throw ProbeFault("no API server is given") }
        let address = try WebAddress(watch.filled(server))
        let credentials = try allowance.token(source.tokenEnvironment)
        return try wanted.map { name in
            let parts = name.split(separator: "/").map(String.init)
            guard parts.count == 2, let place = Self.places[parts[0].lowercased()] else {
                throw ProbeFault("'\(name)' is of a kind that is not known")
            }
            var segments = place.split(separator: "/").map(String.init)
            segments.insert(contentsOf: ["namespaces", watch.filled(source.namespace)], at: segments.count - 1)
            let response = try web.send(WebRequest(.get, address.appending(segments + [parts[1]]), credentials: credentials))
            if response.status == 404 { return (name, nil) }
            guard response.isSuccess else { throw ProbeFault("the API server answered \(response.status) to \(name)") }
            return (name, try JSONReading.value(response.body))
        }
    }

    private static func chosen(_ wanted: [String], in all: [ResourceObject]) -> [(name: String, Value?)] {
        guard !wanted.isEmpty else { return all.map { ("\($0.kind.lowercased())/\($0.name)", $0.value) } }
        return wanted.map { name in (name, all.first { "\($0.kind.lowercased())/\($0.name)" == name.lowercased() }?.value) }
    }
}
