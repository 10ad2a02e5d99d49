import Manifests
import Testing
import YAMLEdit

/// Files beside an application's manifests that make an edit of the Application void.
@Suite struct SourceOverrideTests {
    private static func application(_ helm: String) throws -> ManifestFile {
        let text = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: web, namespace: team}
            spec:
              source:
                path: ./charts/web/
                targetRevision: v1
                \(helm)

            """
        return try ManifestFile(bytes: Array(text.utf8), path: "apps/web.yaml")
    }

    private static let parameter = ManifestUpdate.applicationHelmParameter(name: "image.tag", value: "2", source: .only)
    private static let value = ManifestUpdate.applicationHelmValue(
        path: YAMLPath(keys: ["image", "tag"]), text: "2", typing: .string, source: .only)

    @Test func theFilesAreFoundByPathNameAndNamespace() throws {
        let file = try Self.application("helm: {parameters: [{name: image.tag, value: '1'}]}")
        let overrides = try #require(try SourceOverride(of: Self.parameter, in: file))
        #expect(overrides.paths == ["charts/web/.argocd-source.yaml", "charts/web/.argocd-source-web.yaml", "charts/web/.argocd-source-team_web.yaml"])
        // `targetRevision` in such a file is ignored.
        #expect(try SourceOverride(of: .applicationTargetRevision("v2", source: .only), in: file) == nil)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var update: ManifestUpdate
        var helm: String
        var override: String
        /// Nil: the edit has its effect.
        var shown: String?

        var testDescription: String { name }
    }

    private static let image: ManifestUpdate = {
        do { return .applicationKustomizeImage(try ImageArgument(parsing: "web:2"), source: .only) } catch { return parameter }
    }()
    private static let list = "helm: {parameters: [{name: image.tag, value: '1'}]}"
    private static let object = "helm: {valuesObject: {image: {tag: '1'}}}"
    private static let block = "helm: {values: 'image: {tag: 1}'}"

    @Test(arguments: [
        Row(name: "list of parameters", update: parameter, helm: list, override: "helm:\n  parameters:\n  - {name: other, value: x, forcestring: true}\n", shown: "takes the place of the Application's list"),
        Row(name: "keys in other letters", update: parameter, helm: list, override: "Helm: {Parameters: []}\n", shown: "takes the place"),
        Row(name: "helm removed", update: parameter, helm: list, override: "helm: null\n", shown: "is removed here"),
        Row(name: "other helm field", update: parameter, helm: list, override: "helm: {releaseName: x}\n"),
        Row(name: "kustomize only", update: parameter, helm: list, override: "kustomize: {images: [a:1]}\n"),
        Row(name: "empty file", update: parameter, helm: list, override: "# nothing\n"),
        Row(name: "value by parameter", update: value, helm: object, override: "helm: {parameters: [{name: image.tag, value: x}]}\n", shown: "wins over Helm values"),
        Row(name: "value in the object", update: value, helm: object, override: "helm: {valuesObject: {image: {tag: x}}}\n", shown: "`image.tag` is set here"),
        Row(name: "another value in the object", update: value, helm: object, override: "helm: {valuesObject: {image: {name: x}}}\n"),
        Row(name: "above the value", update: value, helm: object, override: "helm: {valuesObject: {image: x}}\n", shown: "is set here"),
        Row(name: "object over block", update: value, helm: block, override: "helm: {valuesObject: {a: 1}}\n", shown: "takes the place of `helm.values`"),
        Row(name: "block over block", update: value, helm: block, override: "helm: {values: 'a: 1'}\n", shown: "takes the place of the Application's"),
        Row(name: "block under object", update: value, helm: object, override: "helm: {values: 'a: 1'}\n"),
        Row(name: "images", update: image, helm: "kustomize: {images: ['web:1']}", override: "kustomize: {images: ['web:0']}\n", shown: "`kustomize.images` here takes the place"),
    ])
    func anEditThatWouldDoNothingIsTold(_ row: Row) throws {
        let overrides = try #require(try SourceOverride(of: row.update, in: try Self.application(row.helm)))
        let fault = overrides.fault(by: try ManifestFile(bytes: Array(row.override.utf8), path: ".argocd-source-web.yaml"))
        #expect((fault == nil) == (row.shown == nil), "\(String(describing: fault))")
        if let shown = row.shown, let fault {
            #expect(fault.code == .ineffective)
            #expect(fault.description.contains(shown) && fault.description.contains(".argocd-source-web.yaml:"), "\(fault)")
        }
    }
}
