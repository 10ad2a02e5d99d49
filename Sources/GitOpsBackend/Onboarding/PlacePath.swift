/// What the parts of a path mean: environment, service, group, or nothing that varies.
struct PlacePath: Hashable {
    /// Parts with `{stage}`, `{service}` and `{group}` in the place of names.
    var template: String
    /// Nil: the path names no environment.
    var environment: EnvironmentName?
    /// Nil: the path names no service.
    var service: String?
    /// What stands for `{group}`; nil: nothing does.
    var group: String?

    /// Names of folders and files that say what they hold, not whose it is.
    private static let generic: Set<String> = [
        "app", "application", "applications", "apps", "argo", "argocd", "base", "bases", "chart", "charts", "cluster", "clusters",
        "config", "configs", "deploy", "deployment", "deployments", "env", "environment", "environments", "envs", "flux", "gitops",
        "helm", "helmrelease", "helmreleases", "image", "images", "infra", "infrastructure", "k8s", "kubernetes", "kustomization",
        "kustomize", "manifest", "manifests", "overlay", "overlays", "release", "releases", "service", "services", "svc", "tenants",
        "teams", "value", "values", "workloads", "products", "projects",
    ]

    init(_ path: String) {
        var parts = path.split(separator: "/").map(String.init)
        let suffix = parts.last.map { $0.hasSuffix(".yml") ? ".yml" : ".yaml" } ?? ""
        if let last = parts.last { parts[parts.count - 1] = String(last.dropLast(suffix.count)) }
        environment = parts.compactMap(EnvironmentName.init(whole:)).first
        var names: [Int] = []
        for (index, part) in parts.enumerated() {
            if let environment, part == environment.name {
                parts[index] = "{stage}"
            } else if environment == nil, let found = EnvironmentName.part(of: part) {
                environment = found.environment
                let isGeneric = Self.generic.contains(found.rest.lowercased())
                if !isGeneric { service = found.rest }
                let rest = isGeneric ? found.rest : "{service}"
                parts[index] = found.template.hasPrefix("{") ? found.template + rest : rest + found.template
            } else if !Self.generic.contains(part.lowercased()) {
                names.append(index)
            }
        }
        if service == nil, let last = names.popLast() {
            service = parts[last]
            parts[last] = "{service}"
        }
        // A part that repeats the service's name means the service.
        if let service { for index in names where parts[index] == service { parts[index] = "{service}" } }
        names.removeAll { parts[$0] == "{service}" }
        if let last = names.last {
            group = parts[last]
            parts[last] = "{group}"
        }
        template = parts.joined(separator: "/") + suffix
    }

    /// The same path with the group's name in its place.
    var withoutGroup: String { group.map { template.replacingFirst("{group}", with: $0) } ?? template }
}

extension String {
    func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
