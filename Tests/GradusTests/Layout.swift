import TestSupport
import Testing

/// A repository by one of the public conventions, and what a promotion changes in it.
struct Layout: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    /// Files by branch, where environments are branches.
    var branches: [String: [String: String]] = [:]
    var services: [String]
    var stages: [String]
    var service: String
    var version: String
    var image: [String] = []
    /// The one hunk of each stage: file, line, old and new text.
    var change: @Sendable (_ stage: String) -> (file: String, hunk: String, old: String, new: String)

    var testDescription: String { name }

    func branch(_ stage: String) -> String { branches.keys.first { $0.hasSuffix("/\(stage)") } ?? "main" }

    func diff(_ stage: String) -> [String] {
        let change = change(stage)
        return [
            "diff --git a/\(change.file) b/\(change.file)", "--- a/\(change.file)", "+++ b/\(change.file)", change.hunk,
            "-\(change.old)", "+\(change.new)",
        ]
    }

    func make(_ git: GitFixture) throws -> String {
        let place = try git.makeWorkTree(name, files)
        for (branch, files) in branches.sorted(by: { $0.key < $1.key }) {
            try git.git("checkout", "-q", "-b", branch, "main", in: place)
            for (path, text) in files { try git.environment.folder.write("\(name)/\(path)", text) }
            try git.git("add", ".", in: place)
            try git.git("commit", "-q", "-m", branch, in: place)
        }
        try git.git("checkout", "-q", "main", in: place)
        return place
    }

    static let all = [overlays, bookverse, applications, branchPerEnvironment, flux] + more

    private static func cells(_ services: [String], _ stages: [String], _ file: (String, String) -> (String, String)) -> [String: String] {
        Dictionary(uniqueKeysWithValues: services.flatMap { service in stages.map { file(service, $0) } })
    }

    static let overlays: Layout = {
        let (services, stages) = (["api", "web"], ["dev", "staging", "prod"])
        var files = cells(services, stages) { service, stage in
            (
                "apps/\(service)/overlays/\(stage)/kustomization.yaml",
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources:
                  - ../../base
                images:
                  - name: registry.example/shop/\(service)   # built by CI
                    newTag: 1.0.0

                """
            )
        }
        for service in services {
            files["apps/\(service)/base/kustomization.yaml"] = "kind: Kustomization\nresources: [deployment.yaml]\n"
            files["apps/\(service)/base/deployment.yaml"] = "kind: Deployment\n"
        }
        return Layout(
            name: "shop-gitops", files: files, services: services, stages: stages, service: "web", version: "1.1.0",
            image: ["--image", "registry.example/shop/web:1.1.0"]
        ) { ("apps/web/overlays/\($0)/kustomization.yaml", "@@ -7 +7 @@ images:", "    newTag: 1.0.0", "    newTag: 1.1.0") }
    }()

    static let bookverse: Layout = {
        let (services, stages) = (["inventory", "web"], ["dev", "qa", "staging", "prod"])
        let files = cells(services, stages) { service, stage in
            (
                "environments/\(stage)/applications/\(service).yaml",
                """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: \(service)-\(stage)
                spec:
                  source:
                    repoURL: https://github.com/bookverse/helm-charts
                    path: charts/\(service)
                    targetRevision: main
                    helm:
                      parameters:
                        - {name: global.environment, value: \(stage)}
                        - name: global.imageTag
                          value: "\(stage == "dev" ? "latest" : "1.4.0")"

                """
            )
        }
        return Layout(name: "bookverse", files: files, services: services, stages: stages, service: "inventory", version: "1.5.0") { stage in
            (
                "environments/\(stage)/applications/inventory.yaml", "@@ -14 +14 @@ spec:",
                "          value: \"\(stage == "dev" ? "latest" : "1.4.0")\"", "          value: \"1.5.0\""
            )
        }
    }()

    static let applications: Layout = {
        let (services, stages) = (["cart", "search"], ["dev", "prod"])
        var files = cells(services, stages) { service, stage in
            (
                "apps/\(service)-\(stage).yaml",
                """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: \(service)-\(stage)
                spec:
                  source:
                    repoURL: https://charts.example/acme
                    chart: \(service)
                    targetRevision: 2.1.0

                """
            )
        }
        files["root.yaml"] = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: root}
            spec:
              source: {repoURL: https://git.example/fleet.git, path: apps, targetRevision: HEAD}

            """
        return Layout(name: "fleet", files: files, services: services, stages: stages, service: "cart", version: "2.2.0") {
            ("apps/cart-\($0).yaml", "@@ -9 +9 @@ spec:", "    targetRevision: 2.1.0", "    targetRevision: 2.2.0")
        }
    }()

    static let branchPerEnvironment: Layout = {
        let (services, stages) = (["gateway", "ledger"], ["dev", "staging", "prod"])
        let files = Dictionary(
            uniqueKeysWithValues: services.map {
                ("\($0)/values.yaml", "image:\n  repository: registry.example/\($0)\n  tag: '3.0.1' # quoted\nreplicas: 2\n")
            })
        return Layout(
            name: "payments", files: ["README.md": "Payments\n"],
            branches: Dictionary(uniqueKeysWithValues: stages.map { ("env/\($0)", files) }), services: services, stages: stages,
            service: "ledger", version: "3.1.0"
        ) { _ in ("ledger/values.yaml", "@@ -3 +3 @@ image:", "  tag: '3.0.1' # quoted", "  tag: '3.1.0' # quoted") }
    }()

    static let flux: Layout = {
        let (services, stages) = (["backend", "podinfo"], ["staging", "production"])
        var files = cells(services, stages) { service, stage in
            (
                "apps/\(stage)/\(service).yaml",
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: \(service)
                spec:
                  interval: 50m
                  chart:
                    spec:
                      chart: \(service)
                      version: ">=1.0.0"
                  values:
                    image: {repository: registry.example/\(service), tag: 6.5.0}

                """
            )
        }
        for stage in stages {
            files["clusters/\(stage)/apps.yaml"] = """
                apiVersion: kustomize.toolkit.fluxcd.io/v1
                kind: Kustomization
                metadata: {name: apps}
                spec: {path: ./apps/\(stage), prune: true}

                """
        }
        return Layout(name: "flux-fleet", files: files, services: services, stages: stages, service: "podinfo", version: "6.6.0") { stage in
            (
                "apps/\(stage)/podinfo.yaml", "@@ -12 +12 @@ spec:",
                "    image: {repository: registry.example/podinfo, tag: 6.5.0}", "    image: {repository: registry.example/podinfo, tag: 6.6.0}"
            )
        }
    }()
}
