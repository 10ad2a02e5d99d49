import Manifests
import Testing
import YAMLEdit

@Suite struct FluxTests {
    static let release = """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: podinfo}
        spec:
          chart:
            spec:
              chart: podinfo
              version: 6.5.x   # range
          values:
            image:
              repository: registry.example/podinfo # {"$imagepolicy": "flux-system:podinfo:name"}
              tag: 6.5.0 # {"$imagepolicy": "flux-system:podinfo:tag"}
            digest: sha256:aa # {"$imagepolicy": "flux-system:podinfo:digest"}
            replicas: 2
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: shop}
        spec:
          url: https://git.example/shop.git
          ref:
            tag: v1.0.0 # release
            branch: main
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata: {name: manifests}
        spec: {url: "oci://registry.example/manifests", ref: {tag: latest, digest: "sha256:aa"}}
        ---
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: apps}
        spec:
          path: ./apps
          images:
            - name: web
              newTag: v1   # front

        """
    static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        spec:
          template:
            spec:
              containers:
              - name: web
                image: registry.example/web:1.0.0 # {"$imagepolicy": "flux-system:web"}
              - name: other
                image: registry.example/web:1.0.0

        """

    @Test(arguments: [
        ManifestCase("chart of a HelmRelease", release, "r.yaml", .fluxChartVersion("6.6.0", object: nil), replacing: ("6.5.x ", "6.6.0 ")),
        ManifestCase("value of a HelmRelease", release, "r.yaml",
            .fluxValue(path: YAMLPath(keys: ["replicas"]), text: "3", typing: .keepType, object: "HelmRelease/podinfo"),
            replacing: ("replicas: 2", "replicas: 3")),
        ManifestCase("tag of a GitRepository", release, "r.yaml",
            .fluxReference(key: "tag", text: "v1.1.0", beside: [], object: "shop"), replacing: ("v1.0.0", "v1.1.0")),
        ManifestCase("tag and digest of an OCIRepository", release, "r.yaml",
            .fluxReference(key: "tag", text: "v2", beside: ["tag", "digest"], object: "manifests"),
            .fluxReference(key: "digest", text: "sha256:bb", beside: ["tag", "digest"], object: "manifests"),
            replacing: ("tag: latest", "tag: v2"), ("\"sha256:aa\"", "\"sha256:bb\"")),
        ManifestCase("image of a Kustomization", release, "r.yaml",
            .fluxImage(name: "web", tag: "1.10", digest: nil, object: nil, create: false), replacing: ("newTag: v1 ", "newTag: \"1.10\" ")),
        ManifestCase("markers with parts", release, "r.yaml",
            .imagePolicy("flux-system:podinfo", image: "mirror.example/podinfo", tag: "6.6.0", digest: "sha256:bb"),
            replacing: ("registry.example/podinfo #", "mirror.example/podinfo #"), ("tag: 6.5.0", "tag: 6.6.0"),
            ("sha256:aa #", "sha256:bb #")),
        ManifestCase("marker of a whole reference", deployment, "d.yaml",
            .imagePolicy("flux-system:web", image: nil, tag: "1.1.0", digest: nil), replacing: ("1.0.0 #", "1.1.0 #")),
        ManifestCase("marker with tag and digest", deployment, "d.yaml",
            .imagePolicy("flux-system:web", image: nil, tag: "1.1.0", digest: "sha256:cc"),
            replacing: ("1.0.0 #", "1.1.0@sha256:cc #")),
    ])
    func editsOnlyTheField(_ row: ManifestCase) throws { try row.check() }

    @Test(arguments: [
        RefusedCase(name: "a digest wins over a tag", text: release,
            update: .fluxReference(key: "tag", text: "v2", beside: ["tag"], object: "manifests"), code: .ineffective,
            shown: "`digest` wins over `tag`"),
        RefusedCase(name: "a tag wins over a branch", text: release,
            update: .fluxReference(key: "branch", text: "x", beside: ["branch"], object: "shop"), code: .ineffective,
            shown: "`tag` wins over `branch`"),
        RefusedCase(name: "two sources", text: release, update: .fluxReference(key: "tag", text: "v2", beside: [], object: nil),
            code: .ambiguous, shown: "`object: GitRepository/shop`"),
        RefusedCase(name: "no digest for a marker", text: release,
            update: .imagePolicy("flux-system:podinfo", image: nil, tag: "1", digest: nil), code: .notFound,
            shown: "the release has none"),
        RefusedCase(name: "misspelt policy", text: deployment, update: .imagePolicy("flux-system:wbe", image: nil, tag: "1", digest: nil),
            code: .notFound, shown: "did you mean `flux-system:web`?"),
        RefusedCase(name: "broken marker", text: "a: b # {\"$imagepolicy\": \"web\"}\n",
            update: .imagePolicy("a:b", image: nil, tag: "1", digest: nil), code: .notThisKind, shown: "is not understood"),
        RefusedCase(name: "chart by reference",
            text: "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chartRef: {kind: OCIRepository, name: x}\n",
            update: .fluxChartVersion("1", object: nil), code: .notFound, shown: "takes its chart by `chartRef`"),
    ])
    func refusesWithAReason(_ row: RefusedCase) throws { try row.check() }

    @Test func theRevisionOfASourceIsTheDecidingKey() throws {
        let text = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nspec: {ref: {branch: main, semver: 1.x}}\n"
        let file = try ManifestFile(bytes: Array(text.utf8), path: "s.yaml")
        #expect(try file.revisionUpdate("2.x") == .fluxReference(key: "semver", text: "2.x", beside: [], object: nil))
    }
}

@Suite struct MatchTests {
    private static func match(_ pattern: String, _ text: String, _ path: String = "a") -> ManifestUpdate {
        .match(path: YAMLPath(keys: [path]), pattern: pattern, text: text, typing: .string)
    }

    @Test(arguments: [
        ManifestCase("version in an expression", "a: \"{{ .v | default '1.2.3' }}\" # c\n", "v.yaml", match("[0-9]+\\.[0-9]+\\.[0-9]+", "1.3.0"),
            replacing: ("1.2.3", "1.3.0")),
        ManifestCase("first group", "a: https://x/download/v1.2/app-v1.2.tgz\n", "v.yaml", match("download/(v[0-9.]+)/", "v1.10"),
            replacing: ("download/v1.2/", "download/v1.10/")),
        ManifestCase("in a literal", "a: |\n  export A=1\n     \n  export VERSION=v1 # c\n", "v.yaml", match("VERSION=(\\S+)", "v2"),
            replacing: ("VERSION=v1", "VERSION=v2")),
    ])
    func replacesTheOneMatch(_ row: ManifestCase) throws {
        let file = try ManifestFile(bytes: Array(row.before.utf8), path: row.path)
        #expect(String(decoding: try file.applying(row.updates).bytes, as: UTF8.self) == row.after)
        #expect(try file.read(row.updates[0]).first?.part != nil)
    }

    @Test(arguments: [
        RefusedCase(name: "two matches", text: "a: 1.2.3 1.2.4\n", update: match("1\\.2\\.[0-9]", "x"), code: .ambiguous, shown: "matches more than one place"),
        RefusedCase(name: "no match", text: "a: b\n", update: match("[0-9]", "x"), code: .notFound, shown: "matches nothing"),
        RefusedCase(name: "empty match", text: "a: b\n", update: match("^", "x"), code: .notFound, shown: "matches an empty text"),
        RefusedCase(name: "costs too much", text: "a: \(String(repeating: "a", count: 20_000))\n", update: match("(?:a?){900}(?:a?){900}b", "x"), code: .invalidArgument, shown: "takes more than"),
        RefusedCase(name: "hostile", text: "a: \(String(repeating: "a", count: 20_000))!\n", update: match("(a+)+$", "x"), code: .notFound, shown: "matches nothing"),
        RefusedCase(name: "reference to a group", text: "a: b\n", update: match("(a)\\1", "x"), code: .invalidArgument, shown: "references to groups are not supported"),
        RefusedCase(name: "no expression", text: "a: b\n", update: match("(", "x"), code: .invalidArgument, shown: "is no regular expression"),
    ])
    func refusesWithAReason(_ row: RefusedCase) throws { try row.check() }

    @Test func jsonIsDemanded() throws {
        let yaml = try ManifestFile(bytes: Array("a: 1\n".utf8), path: "a.yaml")
        #expect(throws: ManifestError.self) { try yaml.applying([.requireJSON]) }
        let json = try ManifestFile(bytes: Array("{\"a\": \"1\"}".utf8), path: "a.json")
        let update = ManifestUpdate.value(path: YAMLPath(keys: ["a"]), text: "1.10", typing: .string)
        #expect(String(decoding: try json.applying([update, .requireJSON]).bytes, as: UTF8.self) == "{\"a\": \"1.10\"}")
    }
}
