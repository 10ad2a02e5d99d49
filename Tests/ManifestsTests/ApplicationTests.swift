import Manifests
import Testing
import YAMLEdit

@Suite struct ApplicationTests {
    static let single = """
        # web in dev
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: web
        spec:
          source:
            repoURL: https://git.example/shop.git
            targetRevision: v1.0.0   # follow releases
            helm:
              parameters:
              - name: "global.imageTag"
                value: "1.9"   # set by promotion
              - {name: replicas, value: '2'}
          destination: {server: https://kubernetes.default.svc}

        """
    static let multi = """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: web}
        spec:
          source: {repoURL: ignored, targetRevision: old}
          sources:
            - repoURL: https://charts.example
              chart: shop
              targetRevision: 1.2.3
            - repoURL: https://git.example/values.git
              ref: values
              targetRevision: main
        """

    static let rows: [(before: String, update: ManifestUpdate, old: String, new: String, path: String)] = [
        (single, .applicationTargetRevision("v1.1.0", source: .only), "targetRevision: v1.0.0   #",
            "targetRevision: v1.1.0   #", "spec.source.targetRevision"),
        (single, .applicationHelmParameter(name: "global.imageTag", value: "1.10", source: .only), "\"1.9\"   #",
            "\"1.10\"   #", "spec.source.helm.parameters[name=global.imageTag].value"),
        (single, .applicationHelmParameter(name: "replicas", value: "3", source: .only), "value: '2'}", "value: '3'}",
            "spec.source.helm.parameters[name=replicas].value"),
        (multi, .applicationTargetRevision("1.10", source: SourceSelector(chart: "shop")), "targetRevision: 1.2.3",
            "targetRevision: \"1.10\"", "spec.sources[0].targetRevision"),
        (multi, .applicationTargetRevision("v2", source: SourceSelector(index: 1)), "targetRevision: main",
            "targetRevision: v2", "spec.sources[1].targetRevision"),
        (multi, .applicationTargetRevision("v2", source: SourceSelector(repoURL: "https://git.example/values.git")),
            "targetRevision: main", "targetRevision: v2", "spec.sources[1].targetRevision"),
        ("kind: ConfigMap\nmetadata: {name: x}\nspec: {source: {targetRevision: v0}}\n---\n" + single,
            .applicationTargetRevision("v1.1.0", source: .only), "targetRevision: v1.0.0   #", "targetRevision: v1.1.0   #",
            "kind=Application,metadata.name=web#spec.source.targetRevision"),
        (single.replacing("  source:\n", with: "  sourceHydrator:\n   drySource:\n"),
            .applicationTargetRevision("v1.1.0", source: .only), "targetRevision: v1.0.0   #", "targetRevision: v1.1.0   #",
            "spec.sourceHydrator.drySource.targetRevision"),
    ]

    @Test(arguments: rows)
    func editsTheSourceThatArgoCDUses(
        _ row: (before: String, update: ManifestUpdate, old: String, new: String, path: String)
    ) throws {
        let file = try ManifestFile(bytes: Array(row.before.utf8), path: "apps/web.yaml")
        let result = try file.applying([row.update])
        #expect(String(decoding: result.bytes, as: UTF8.self) == row.before.replacing(row.old, with: row.new))
        #expect(result.changes.map(\.path) == [row.path])
        let again = try ManifestFile(bytes: result.bytes, path: "apps/web.yaml").applying([row.update])
        #expect(again.bytes == result.bytes)
        #expect(again.changes.allSatisfy { $0.old == $0.new })
    }

    @Test func appliesSeveralUpdatesAtOnce() throws {
        let file = try ManifestFile(bytes: Array(Self.single.utf8), path: "apps/web.yaml")
        let result = try file.applying([
            .applicationTargetRevision("v2", source: .only),
            .applicationHelmParameter(name: "global.imageTag", value: "2.0", source: .only),
            .value(path: YAMLPath(parsing: "metadata.name"), text: "shop", typing: .string),
        ])
        let wanted = Self.single.replacing("v1.0.0", with: "v2").replacing("\"1.9\"", with: "\"2.0\"")
            .replacing("name: web", with: "name: shop")
        #expect(String(decoding: result.bytes, as: UTF8.self) == wanted)
        #expect(result.changes.map(\.line) == [9, 13, 5])
    }

    static let faults: [(text: String, update: ManifestUpdate, code: ManifestError.Code, shown: String)] = [
        (multi, .applicationTargetRevision("v2", source: .only), .ambiguous, "source 1: repoURL https://git.example/values.git"),
        (multi, .applicationTargetRevision("v2", source: SourceSelector(chart: "x")), .notFound, "no source fits chart x"),
        (single, .applicationHelmParameter(name: "global.imageTga", value: "1", source: .only), .notFound,
            "did you mean `global.imageTag`?"),
        (single, .applicationTargetRevision("v2", source: SourceSelector(name: "x")), .notFound, "does not fit name x"),
        (single + "---\n" + multi, .applicationTargetRevision("v2", source: .only), .ambiguous, "holds 2 Applications"),
        ("apiVersion: app.k8s.io/v1\nkind: Application\n", .applicationTargetRevision("v2", source: .only), .notThisKind,
            "apps/web.yaml:2:7: error: the file holds no Application of argoproj.io"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {path: x}}\n",
            .applicationTargetRevision("v2", source: .only), .notFound, "`spec.source` has no key `targetRevision`"),
    ]

    @Test(arguments: faults)
    func explainsFaults(
        _ row: (text: String, update: ManifestUpdate, code: ManifestError.Code, shown: String)
    ) throws {
        let file = try ManifestFile(bytes: Array(row.text.utf8), path: "apps/web.yaml")
        let error = try #require(throws: ManifestError.self) { try file.applying([row.update]) }
        #expect(error.code == row.code)
        #expect(error.description.contains(row.shown), "\(error)")
    }
}
