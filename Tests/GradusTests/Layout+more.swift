extension Layout {
    /// Conventions beside the five most common ones.
    static let more = [workloads, applicationSet, umbrellaCharts, fluxFile]

    static let workloads: Layout = {
        let (services, stages) = (["api", "worker"], ["test", "prod"])
        var files: [String: String] = [:]
        for service in services {
            for stage in stages {
                files["manifests/\(stage)/\(service)/deployment.yaml"] = """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: \(service)}
                    spec:
                      template:
                        spec:
                          initContainers:
                            - {name: wait, image: "busybox:1.36"}
                          containers:
                            - name: \(service)
                              image: registry.example/shop/\(service):2.0.0 # released
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: \(service)}

                    """
            }
        }
        return Layout(
            name: "plain", files: files, services: services, stages: stages, service: "worker", version: "2.1.0",
            image: ["--image", "registry.example/shop/worker:2.1.0"]
        ) {
            (
                "manifests/\($0)/worker/deployment.yaml", "@@ -11 +11 @@ spec:",
                "          image: registry.example/shop/worker:2.0.0 # released", "          image: registry.example/shop/worker:2.1.0 # released"
            )
        }
    }()

    static let applicationSet: Layout = {
        let (services, stages) = (["cart", "search"], ["dev", "prod"])
        let elements = services.flatMap { service in
            stages.map { "          - {service: \(service), env: \($0), version: 4.0.0} # \(service)" }
        }
        let files = [
            "argocd/apps.yaml": """
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata: {name: apps}
            spec:
              generators:
                - list:
                    elements:
            \(elements.joined(separator: "\n"))
              template:
                metadata: {name: "{{service}}-{{env}}"}
                spec:
                  source: {repoURL: "https://charts.example/acme", chart: "{{service}}", targetRevision: "{{version}}"}

            """,
            "argocd/tenants.yaml": """
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata: {name: tenants}
            spec:
              generators:
                - git:
                    repoURL: https://git.example/fleet.git
                    directories: [{path: "tenants/*"}]
              template: {metadata: {name: "{{path.basename}}"}}

            """,
        ]
        return Layout(name: "sets", files: files, services: services, stages: stages, service: "search", version: "4.1.0") { stage in
            let line = stage == "dev" ? 10 : 11
            return (
                "argocd/apps.yaml", "@@ -\(line) +\(line) @@ spec:",
                "          - {service: search, env: \(stage), version: 4.0.0} # search", "          - {service: search, env: \(stage), version: 4.1.0} # search"
            )
        }
    }()

    static let umbrellaCharts: Layout = {
        let (services, stages) = (["billing", "ledger"], ["dev", "staging", "prod"])
        var files: [String: String] = [:]
        for service in services {
            for stage in stages {
                files["envs/\(stage)/\(service)/Chart.yaml"] = """
                    apiVersion: v2
                    name: \(service)-\(stage)
                    version: 0.0.1
                    dependencies:
                      - name: \(service)
                        version: 5.0.0
                        repository: https://charts.example/acme

                    """
                files["envs/\(stage)/\(service)/values.yaml"] = "\(service):\n  replicas: 2\n"
            }
        }
        return Layout(name: "umbrella", files: files, services: services, stages: stages, service: "ledger", version: "5.1.0") {
            ("envs/\($0)/ledger/Chart.yaml", "@@ -6 +6 @@ dependencies:", "    version: 5.0.0", "    version: 5.1.0")
        }
    }()

    /// A release and its source in one file, so that the object must be named.
    static let fluxFile: Layout = {
        let (services, stages) = (["edge", "portal"], ["staging", "production"])
        var files: [String: String] = [:]
        for service in services {
            for stage in stages {
                files["clusters/\(stage)/\(service).yaml"] = """
                    apiVersion: source.toolkit.fluxcd.io/v1
                    kind: OCIRepository
                    metadata: {name: \(service)}
                    spec: {url: "oci://registry.example/charts/\(service)", ref: {tag: 7.0.0}}
                    ---
                    apiVersion: helm.toolkit.fluxcd.io/v2
                    kind: HelmRelease
                    metadata: {name: \(service)}
                    spec:
                      chartRef: {kind: OCIRepository, name: \(service)}
                      values: {replicas: 2}

                    """
            }
        }
        return Layout(name: "flux-oci", files: files, services: services, stages: stages, service: "portal", version: "7.1.0") {
            (
                "clusters/\($0)/portal.yaml", "@@ -4 +4 @@ metadata: {name: portal}",
                "spec: {url: \"oci://registry.example/charts/portal\", ref: {tag: 7.0.0}}",
                "spec: {url: \"oci://registry.example/charts/portal\", ref: {tag: 7.1.0}}"
            )
        }
    }()
}
