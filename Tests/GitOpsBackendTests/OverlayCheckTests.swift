import GitOpsBackend
import Testing
import WorkflowModel

/// Faults of updates that only the repository's files show, told at the update in the workflow file.
@Suite struct OverlayCheckTests {
    /// Files in memory, all on the target branch.
    private struct Files: OverlaySource {
        let files: [String: String]

        func tree(ofBranch branch: String?) -> (any PathLister)? { branch == nil ? ListedPaths(files.keys) : nil }
        func bytes(of path: String, onBranch branch: String?) -> [UInt8]? { branch == nil ? files[path].map { Array($0.utf8) } : nil }
    }

    private static func workflow(_ updates: String, environment: String = "environments/dev") -> String {
        """
        apiVersion: gradus/v1
        workflow: shop
        services: [web, api]
        updates:
        \(updates)
        stages: [{name: dev, environment: \(environment)}]

        """
    }

    private static let kustomization = "kind: Kustomization\nimages:\n- name: shop/web\n  newTag: \"1\"\n- name: shop/api\n  newTag: \"1\"\n"

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var updates: String
        var environment = "environments/dev"
        var expected: [String]

        var testDescription: String { name }
    }

    @Test(arguments: [
        Fault(
            name: "a file that does not exist", updates: "  - {yaml: \"{environment}/valuse.yaml\", set: {\"{service}.tag\": \"{version}\"}}",
            expected: [
                """
                workflows/shop.yaml:5:5: error: `environments/dev/valuse.yaml` does not exist (and 1 more like it: api in dev)
                  - {yaml: "{environment}/valuse.yaml", set: {"{service}.tag": "{version}"}}
                    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                hint: did you mean `environments/dev/values.yaml`?
                """
            ]),
        Fault(
            name: "an image that is not there", updates: "  - {kustomization: \"{environment}/kustomization.yaml\", image: \"shop/{service}b\"}",
            expected: [
                """
                workflows/shop.yaml:5:5: error: `environments/dev/kustomization.yaml:2`: `images` has no entry for `shop/webb` (and 1 more like it: api in dev)
                  - {kustomization: "{environment}/kustomization.yaml", image: "shop/{service}b"}
                    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                hint: did you mean `shop/web`?
                """,
                """
                environments/dev/kustomization.yaml:2:1: note: `images` has no entry for `shop/webb`
                images:
                ^~~~~~
                """,
            ]),
        Fault(
            name: "one value by two kinds of update",
            updates: """
                  - {kustomization: "{environment}/kustomization.yaml", image: "shop/{service}"}
                  - {yaml: "{environment}/kustomization.yaml", set: {"images[0].newTag": "{version}"}, for: [web]}
                """,
            expected: [
                """
                workflows/shop.yaml:6:5: error: `images[name=shop/web].newTag` of `environments/dev/kustomization.yaml` is written twice in stage `dev`, first by the update in line 5
                  - {yaml: "{environment}/kustomization.yaml", set: {"images[0].newTag": "{version}"}, for: [web]}
                    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                """
            ]),
        Fault(
            name: "a branch that does not exist", updates: "  - {yaml: \"{environment}/values.yaml\", set: {\"{service}.tag\": \"{version}\"}}",
            environment: "{branch: env/dev}",
            expected: [
                """
                workflows/shop.yaml:6:17: error: the environment of stage `dev` is on branch `env/dev`, which does not exist
                stages: [{name: dev, environment: {branch: env/dev}}]
                                ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                hint: make the branch, or mend `environment:`
                """
            ]),
        Fault(
            name: "a template that does not exist", updates: "  - {template: templates/ap.yaml, to: \"{environment}/{service}.yaml\"}",
            expected: [
                """
                workflows/shop.yaml:5:5: error: `templates/ap.yaml` does not exist (and 1 more like it: api in dev)
                  - {template: templates/ap.yaml, to: "{environment}/{service}.yaml"}
                    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                hint: did you mean `templates/app.yaml`?
                """
            ]),
        Fault(
            name: "nothing", updates: "  - {yaml: \"{environment}/values.yaml\", set: {\"{service}.tag\": \"{version}\"}}", expected: []),
    ])
    func tellsAtTheUpdate(fault: Fault) throws {
        let text = Self.workflow(fault.updates, environment: fault.environment)
        let file = RuleFile(path: "workflows/shop.yaml", bytes: Array(text.utf8), blobID: "")
        let source = Files(files: [
            "environments/dev/kustomization.yaml": Self.kustomization,
            "environments/dev/values.yaml": "web: {tag: \"1\"}\napi: {tag: \"1\"}\n",
            "templates/app.yaml": "kind: {{service}}\n",
        ])
        let (rules, diagnostics) = RulesReader.read([file], trees: source)
        #expect(diagnostics.map { "\($0)" } == [])
        let found = try OverlayCheck(source, files: [file]).run(rules)
        #expect(found.diagnostics.map { "\($0)" } == fault.expected)
    }
}
