import Manifests
import Testing
import YAMLEdit

@Suite struct WorkloadTests {
    static func workload(_ kind: String, version: String = "apps/v1", indentation: Int = 0, around: String = "spec:\n  template:\n") -> String {
        let pod = """
            spec:
              initContainers:
              - name: migrate   # first
                image: registry.example/web:v1   # same image
              containers:
              - image: "registry.example/web:v1"
                name: web
              - {name: proxy, image: envoy@sha256:aa}

            """
        let depth = around.isEmpty ? 0 : (around.split(separator: "\n").last?.prefix { $0 == " " }.count ?? 0) + 2
        let inner = pod.split(separator: "\n").map { String(repeating: " ", count: depth) + $0 }.joined(separator: "\n")
        return "apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: web}\n\(around)\(inner)\n"
    }

    static func web(_ tag: String?, digest: String? = nil, container: String? = nil, object: String? = nil) -> ManifestUpdate {
        .containerImage(
            ContainerSelector(object: object, container: container, image: container == nil ? "registry.example/web" : nil),
            newName: nil, tag: tag, digest: digest)
    }

    @Test(arguments: [
        ("Deployment", "apps/v1", "spec:\n  template:\n"), ("StatefulSet", "apps/v1", "spec:\n  template:\n"),
        ("DaemonSet", "apps/v1", "spec:\n  template:\n"), ("ReplicaSet", "apps/v1", "spec:\n  template:\n"),
        ("Job", "batch/v1", "spec:\n  template:\n"), ("Rollout", "argoproj.io/v1alpha1", "spec:\n  template:\n"),
        ("CronJob", "batch/v1", "spec:\n  jobTemplate:\n    spec:\n      template:\n"), ("Pod", "v1", ""),
    ])
    func setsTheImageOfEveryContainerThatRunsIt(kind: String, version: String, around: String) throws {
        let text = Self.workload(kind, version: version, around: around)
        try ManifestCase(kind, text, "w.yaml", Self.web("1.10"), replacing: ("example/web:v1", "example/web:1.10")).check()
        try ManifestCase(kind, text, "w.yaml", Self.web("v2", container: "migrate"),
            replacing: ("web:v1   # same", "web:v2   # same")).check()
        try ManifestCase(kind, text, "w.yaml", Self.web(nil, digest: "sha256:bb", container: "proxy"),
            replacing: ("sha256:aa", "sha256:bb")).check()
    }

    static let two = workload("Deployment") + "---\n" + workload("CronJob", version: "batch/v1", around: "spec:\n  jobTemplate:\n    spec:\n      template:\n")
        .replacing("name: web}", with: "name: night}")

    @Test(arguments: [
        ManifestCase("ephemeral container", workload("Pod", version: "v1", around: "").replacing("initContainers", with: "ephemeralContainers"), "w.yaml",
            web("v2", container: "migrate"), replacing: ("web:v1   #", "web:v2   #")),
        ManifestCase("all documents by image", two, "w.yaml", web("v2"), replacing: ("example/web:v1", "example/web:v2")),
        ManifestCase("tag and digest", workload("Deployment"), "w.yaml", web("v2", digest: "sha256:cc"),
            replacing: ("example/web:v1", "example/web:v2@sha256:cc")),
        ManifestCase("kept tag", workload("Deployment"), "w.yaml", web("*", digest: "sha256:cc"),
            replacing: ("example/web:v1", "example/web:v1@sha256:cc")),
    ])
    func editsOnlyTheImages(_ row: ManifestCase) throws { try row.check() }

    @Test func oneOfSeveralWorkloadsIsNamed() throws {
        let file = try ManifestFile(bytes: Array(Self.two.utf8), path: "w.yaml")
        let result = try file.applying([Self.web("v2", container: "web", object: "CronJob/night")])
        #expect(result.changes.map(\.path) == [
            "kind=CronJob,metadata.name=night#spec.jobTemplate.spec.template.spec.containers[name=web].image"
        ])
    }

    @Test(arguments: [
        RefusedCase(name: "container in two workloads", text: two, update: web("v2", container: "web"), code: .ambiguous,
            shown: "add `image:` or `object: Deployment/web`"),
        RefusedCase(name: "misspelt container", text: workload("Deployment"), update: web("v2", container: "wbe"), code: .notFound,
            shown: "did you mean `web`?"),
        RefusedCase(name: "other image", text: workload("Deployment").replacing("example/web", with: "example/shop"), update: web("v2"),
            code: .notFound, shown: "no container has the image `registry.example/web`"),
        RefusedCase(name: "no workload", text: "kind: Service\n", update: web("v2"), code: .notThisKind, shown: "holds no workload"),
    ])
    func refusesWithAReason(_ row: RefusedCase) throws { try row.check() }
}

@Suite struct ChartTests {
    static let chart = """
        apiVersion: v2
        name: shop   # umbrella
        version: 1.4.0
        appVersion: "1.9"
        dependencies:
          - name: postgresql
            version: ~12.1   # pinned by ops
            repository: https://charts.example
          - {name: web, alias: front, version: 0.3.0}
          - {name: web, alias: back, version: 0.3.0}

        """

    @Test(arguments: [
        ManifestCase("chart's version", chart, "Chart.yaml", .chart(.version, "1.5.0"), replacing: ("1.4.0", "1.5.0")),
        ManifestCase("chart's version that looks like a number", chart, "Chart.yaml", .chart(.version, "1.10"),
            replacing: ("version: 1.4.0", "version: \"1.10\"")),
        ManifestCase("app version", chart, "Chart.yaml", .chart(.appVersion, "1.10"), replacing: ("\"1.9\"", "\"1.10\"")),
        ManifestCase("dependency", chart, "Chart.yaml", .chart(.dependency("postgresql"), "12.2.0"), replacing: ("~12.1 ", "12.2.0 ")),
        ManifestCase("dependency by alias", chart, "Chart.yaml", .chart(.dependency("back"), "0.4.0"),
            replacing: ("back, version: 0.3.0", "back, version: 0.4.0")),
        ManifestCase("requirements of an old chart", "dependencies:\n- name: db\n  version: 1.0.0\n", "requirements.yaml",
            .chart(.dependency("db"), "1.1.0"), replacing: ("1.0.0", "1.1.0")),
    ])
    func editsOnlyTheVersion(_ row: ManifestCase) throws { try row.check() }

    @Test(arguments: [
        RefusedCase(name: "dependency twice", text: chart, update: .chart(.dependency("web"), "1"), code: .ambiguous, shown: "2 dependencies"),
        RefusedCase(name: "misspelt dependency", text: chart, update: .chart(.dependency("postgres"), "1"), code: .notFound,
            shown: "did you mean `postgresql`?"),
        RefusedCase(name: "no chart", text: "a: 1\n", update: .chart(.version, "1"), code: .notThisKind, shown: "no Chart.yaml"),
    ])
    func refusesWithAReason(_ row: RefusedCase) throws { try row.check() }
}
