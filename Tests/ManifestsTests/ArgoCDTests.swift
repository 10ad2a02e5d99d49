import Manifests
import Testing
import YAMLEdit

@Suite struct ArgoCDTests {
    static let application = """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: guestbook
        spec:
          project: default
          source:
            repoURL: https://git.example/charts.git
            path: guestbook
            targetRevision: HEAD
            helm:
              releaseName: guestbook
              parameters:
                - name: "service.type"   # first
                  value: "LoadBalancer"
              values: |
                # rendered by the chart
                image:
                  repository: registry.example/guestbook
                  tag: "1.9"   # promoted

                ingress: {enabled: true}
            kustomize:
              images:
                - registry.example/web:v1 # front
                - api=registry.example/shop/api@sha256:aa
          destination:
            server: https://kubernetes.default.svc

        """
    static let object = application.replacing(
        "      values: |\n", with: "      valuesObject:\n        image:\n          tag: v1\n      values: |\n")
    static let set = """
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {name: guestbook}
        spec:
          goTemplate: true
          generators:
            - matrix:
                generators:
                  - clusters: {}
                  - list:
                      elements:
                        - stage: qa     # first
                          version: "1.4"
                        - {stage: prod, version: 1.3.0, replicas: 3}
            - list:
                elementsYaml: |
                  - stage: edge
                    version: v9
          template:
            metadata: {name: 'guestbook-{{.stage}}'}
            spec:
              source:
                repoURL: https://git.example/charts.git
                targetRevision: '{{.version}}'
                chart: guestbook
                helm:
                  parameters:
                    - {name: image.tag, value: v1}

        """

    private static func path(_ text: String) -> YAMLPath {
        YAMLPath(keys: text.split(separator: ".").map { String($0) })
    }

    private static func image(_ text: String) throws -> ImageArgument { try ImageArgument(parsing: text) }

    private static func element(
        _ stage: String, _ key: String, _ text: String, _ typing: ValueTyping = .string, create: Bool = false
    ) -> ManifestUpdate {
        .applicationSetElement(
            matching: [.init(["stage"], equals: stage)], path: path(key), text: text, typing: typing, object: nil,
            create: create)
    }

    @Test(arguments: [
        ManifestCase("value in `values`", application, "a.yaml",
            .applicationHelmValue(path: path("image.tag"), text: "1.10", typing: .string, source: .only),
            replacing: ("tag: \"1.9\"", "tag: \"1.10\"")),
        ManifestCase("truth value in `values`", application, "a.yaml",
            .applicationHelmValue(path: path("ingress.enabled"), text: "false", typing: .keepType, source: .only),
            replacing: ("enabled: true", "enabled: false")),
        ManifestCase("`valuesObject` wins over `values`", object, "a.yaml",
            .applicationHelmValue(path: path("image.tag"), text: "v2", typing: .string, source: .only),
            replacing: ("tag: v1", "tag: v2")),
        ManifestCase("created value in `values`", application, "a.yaml",
            .applicationHelmValue(path: path("image.digest"), text: "sha256:bb", typing: .string, source: .only, create: true),
            replacing: ("# promoted\n", "# promoted\n          digest: sha256:bb\n")),
        ManifestCase("parameter", application, "a.yaml",
            .applicationHelmParameter(name: "service.type", value: "ClusterIP", source: .only),
            replacing: ("\"LoadBalancer\"", "\"ClusterIP\"")),
        ManifestCase("created parameter", application, "a.yaml",
            .applicationHelmParameter(name: "image.tag", value: "v2", source: .only, create: true),
            replacing: ("\"LoadBalancer\"\n", "\"LoadBalancer\"\n        - name: image.tag\n          value: v2\n")),
        ManifestCase("created parameter that looks like a number", application, "a.yaml",
            .applicationHelmParameter(name: "image.tag", value: "20240101", source: .only, create: true),
            replacing: (
                "\"LoadBalancer\"\n",
                "\"LoadBalancer\"\n        - name: image.tag\n          value: \"20240101\"\n          forceString: true\n"
            )),
        ManifestCase("string of kustomize.images", application, "a.yaml",
            .applicationKustomizeImage(try image("registry.example/web:v2"), source: .only),
            replacing: ("web:v1 #", "web:v2 #")),
        ManifestCase("string with a new name keeps it", application, "a.yaml",
            .applicationKustomizeImage(try image("api:v2"), source: .only),
            replacing: ("api=registry.example/shop/api@sha256:aa", "api=registry.example/shop/api:v2")),
        ManifestCase("string with tag and digest", application, "a.yaml",
            .applicationKustomizeImage(try image("api=*:v2@sha256:cc"), source: .only),
            replacing: ("api=registry.example/shop/api@sha256:aa", "api=registry.example/shop/api:v2@sha256:cc")),
        ManifestCase("created string of kustomize.images", application, "a.yaml",
            .applicationKustomizeImage(try image("db=registry.example/db:1.10"), source: .only, create: true),
            replacing: ("@sha256:aa\n", "@sha256:aa\n        - db=registry.example/db:1.10\n")),
        ManifestCase("first string of kustomize.images", application.replacing("kustomize:", with: "directory:"), "a.yaml",
            .applicationKustomizeImage(try image("db:v1"), source: .only, create: true),
            replacing: ("@sha256:aa\n", "@sha256:aa\n    kustomize:\n      images:\n        - db:v1\n")),
        ManifestCase("several fields at once", application, "a.yaml",
            .applicationTargetRevision("v2", source: .only),
            .applicationHelmValue(path: path("image.tag"), text: "2.0", typing: .string, source: .only),
            .applicationHelmParameter(name: "service.type", value: "NodePort", source: .only),
            replacing: ("HEAD", "v2"), ("\"1.9\"", "\"2.0\""), ("LoadBalancer", "NodePort")),
        ManifestCase("element of a list generator", set, "s.yaml", element("qa", "version", "1.10"),
            replacing: ("\"1.4\"", "\"1.10\"")),
        ManifestCase("element in braces", set, "s.yaml", element("prod", "version", "1.4"),
            replacing: ("1.3.0", "\"1.4\"")),
        ManifestCase("element's number", set, "s.yaml", element("prod", "replicas", "5", .keepType),
            replacing: ("replicas: 3", "replicas: 5")),
        ManifestCase("element in elementsYaml", set, "s.yaml", element("edge", "version", "v10"),
            replacing: ("version: v9", "version: v10")),
        ManifestCase("created key of an element", set, "s.yaml", element("qa", "digest", "sha256:aa", create: true),
            replacing: ("\"1.4\"\n", "\"1.4\"\n                  digest: sha256:aa\n")),
        ManifestCase("template's parameter", set, "s.yaml",
            .applicationHelmParameter(name: "image.tag", value: "v2", source: SourceSelector(holder: .applicationSet)),
            replacing: ("value: v1", "value: v2")),
        ManifestCase("write-back file of Image Updater",
            "helm:\n  parameters:\n  - name: image.name\n    value: foo\n    forcestring: true\n  - name: image.tag\n    value: \"1.9\"\n    forcestring: true\n",
            "guestbook/.argocd-source-guestbook.yaml",
            .value(path: try YAMLPath(parsing: "helm.parameters[name=image.tag].value"), text: "1.10", typing: .string),
            replacing: ("1.9", "1.10")),
        ManifestCase("created parameter of a write-back file",
            "helm:\n  parameters:\n  - name: image.name\n    value: foo\n    forcestring: true\n", ".argocd-source.yaml",
            .value(path: try YAMLPath(parsing: "helm.parameters[name=image.tag].value"), text: "1.10", typing: .string, create: true),
            replacing: ("true\n", "true\n  - name: image.tag\n    value: \"1.10\"\n")),
    ])
    func editsOnlyTheField(_ row: ManifestCase) throws { try row.check() }

    @Test(arguments: [
        RefusedCase(name: "value behind a parameter", text: application,
            update: .applicationHelmValue(path: path("service.type"), text: "x", typing: .string, source: .only),
            code: .ineffective, shown: "the parameter `service.type` wins"),
        RefusedCase(name: "value that `valuesObject` lacks", text: object,
            update: .applicationHelmValue(path: path("ingress.enabled"), text: "x", typing: .string, source: .only),
            code: .notFound, shown: "`spec.source.helm.valuesObject` has no key `ingress`"),
        RefusedCase(name: "misspelt value", text: application,
            update: .applicationHelmValue(path: path("image.tga"), text: "x", typing: .string, source: .only),
            code: .notFound, shown: "did you mean `tag`?"),
        RefusedCase(name: "no values at all", text: "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {path: x}}\n",
            update: .applicationHelmValue(path: path("a"), text: "x", typing: .string, source: .only),
            code: .notFound, shown: "neither `helm.valuesObject` nor `helm.values`"),
        RefusedCase(name: "image that is not listed", text: application,
            update: .applicationKustomizeImage(try image("apy:v1"), source: .only), code: .notFound, shown: "did you mean `api`?"),
        RefusedCase(name: "template that the generator fills", text: set,
            update: .applicationTargetRevision("v2", source: SourceSelector(holder: .applicationSet)),
            code: .ineffective, shown: "`{{.version}}`, which the generator fills"),
        RefusedCase(name: "element that is not there", text: set, update: element("pord", "version", "v2"),
            code: .notFound, shown: "did you mean `prod`?"),
        RefusedCase(name: "ApplicationSet for an Application", text: set, update: .applicationTargetRevision("v2", source: .only),
            code: .notThisKind, shown: "the file holds no Application"),
        RefusedCase(name: "Application of another name", text: application,
            update: .applicationTargetRevision("v2", source: SourceSelector(object: "gestbook")), code: .notFound,
            shown: "did you mean `guestbook`?"),
    ])
    func refusesWithAReason(_ row: RefusedCase) throws { try row.check() }

    @Test func theRevisionOfAFileIsFoundByItsKind() throws {
        let file = try ManifestFile(bytes: Array(Self.application.utf8), path: "a.yaml")
        #expect(try file.revisionUpdate("v2") == .applicationTargetRevision("v2", source: .only))
        let argument = try ImageArgument(parsing: "api:v2")
        #expect(try argument.update(in: file) == .applicationKustomizeImage(argument, source: .only))
    }
}
