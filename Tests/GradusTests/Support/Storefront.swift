/// The files of a GitOps repository: services in four stages, each with a kustomization and an Argo CD Application.
struct Storefront {
    static let stages = ["dev", "qa", "staging", "prod"]

    var services = ["checkout", "web"]
    /// Stages that a release enters by itself.
    var automatic: Set<String> = ["dev", "qa"]
    /// Lines that a stage has besides its updates.
    var rules: [String: [String]] = [
        "dev": ["exit_criteria: [{test_pass_rate: 100}, {security_scan: pass}]"],
        "prod": ["approval_required: true", "approvers: [platform-team]"],
    ]
    /// Files beside the standard ones, or in their place.
    var more: [String: String] = [:]

    /// Without any criterion or approval.
    static func open(automatic: Set<String> = [], services: [String] = ["checkout", "web"]) -> Storefront {
        Storefront(services: services, automatic: automatic, rules: [:])
    }

    /// Two services that are found by their files, in the stages dev and prod as given.
    static func discovered(_ stages: String) -> Storefront {
        let workflow = """
            apiVersion: gradus/v1
            workflow: shop
            services: {from: "envs/dev/{service}/kustomization.yaml"}
            updates:
              - {kustomization: "envs/{stage}/{service}/kustomization.yaml", image: "registry.example/{service}"}
            stages: \(stages)

            """
        var more = ["workflows/storefront.yaml": workflow]
        for service in ["checkout", "web"] {
            for stage in ["dev", "prod"] { more["envs/\(stage)/\(service)/kustomization.yaml"] = kustomization(service) }
        }
        return Storefront(services: [], rules: [:], more: more)
    }

    var files: [String: String] {
        var files = ["workflows/storefront.yaml": workflow, "workflows/groups.yaml": Self.groups]
        for service in services {
            for stage in Self.stages {
                files[Self.kustomizationPath(service, stage)] = Self.kustomization(service)
                files[Self.applicationPath(service, stage)] = Self.application(service, stage)
            }
        }
        return files.merging(more) { $1 }
    }

    var workflow: String {
        var lines = ["apiVersion: gradus/v1", "workflow: storefront", "services: [\(services.joined(separator: ", "))]", "stages:"]
        for (position, stage) in Self.stages.enumerated() {
            lines += [
                "  - name: \(stage)", "    auto_promote: \(automatic.contains(stage))", "    updates:",
                "      - kustomization: environments/\(stage)/{service}/kustomization.yaml",
                "        image: registry.example/{service}",
                "      - application: environments/\(stage)/applications/{service}.yaml",
                "        target_revision: \"v{version}\"", "        helm_parameters: {global.imageTag: \"{version}\"}",
            ]
            lines += (rules[stage] ?? []).map { "    " + $0 }
            if position + 1 < Self.stages.count { lines.append("    next_stage: \(Self.stages[position + 1])") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static let groups = "groups:\n  platform-team: [olga, pavel]\n  service-owner: [sam]\n"

    static func kustomizationPath(_ service: String, _ stage: String) -> String {
        "environments/\(stage)/\(service)/kustomization.yaml"
    }

    static func applicationPath(_ service: String, _ stage: String) -> String {
        "environments/\(stage)/applications/\(service).yaml"
    }

    static func kustomization(_ service: String, tag: String = "1.0.0") -> String {
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        # overlay of \(service)
        resources:
          - ../../base/\(service)   # shared
        images:
          - name: registry.example/\(service)   # the image
            newTag: \(tag) # bumped by promotions
          - name: registry.example/sidecar
            newTag: "2.0"

        """
    }

    static func application(_ service: String, _ stage: String, version: String = "1.0.0") -> String {
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: \(service)-\(stage)
        spec:
          source:
            repoURL: https://charts.example/\(service)
            targetRevision: v\(version)  # pinned
            helm:
              parameters:
                - {name: global.environment, value: \(stage)}
                - name: global.imageTag
                  value: "\(version)"

        """
    }
}
