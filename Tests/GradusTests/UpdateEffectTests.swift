import PromotionEngine
import TestSupport
import Testing

/// Edits that would do nothing are refused, and what is edited is named so that it stays the same thing.
@Suite struct UpdateEffectTests {
    private static let application = """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: web}
        spec:
          source:
            path: charts/web
            helm: {parameters: [{name: tag, value: "1.0.0"}]}
            kustomize:
              images:
                - registry.example:5000/shop/api:1.0.0
                - web=registry.example/shop/web:1.0.0 # ours

        """

    private static func storefront(_ updates: String, _ more: [String: String] = [:]) -> Storefront {
        let workflow = """
            apiVersion: gradus/v1
            workflow: shop
            services: [web]
            updates:
              - application: apps/web.yaml
                \(updates)
            stages: [{name: dev}]

            """
        return Storefront(
            services: [], rules: [:],
            more: ["workflows/storefront.yaml": workflow, "apps/web.yaml": application, "charts/web/Chart.yaml": "name: web\n"].merging(more) { $1 })
    }

    @Test func anOverrideBesideTheChartIsNoticedBeforeAnythingIsRecorded() throws {
        let override = ["charts/web/.argocd-source-web.yaml": "helm:\n  parameters:\n  - name: tag\n    value: \"0.9.0\"\n    forcestring: true\n"]
        let site = try Site(.bare, Self.storefront("helm_parameters: {tag: \"{version}\"}", override))
        let told = try site("validate", exits: 2).errors
        #expect(told.contains("workflows/storefront.yaml:5:5: error: ") && told.contains("takes the place of the Application's list"), "\(told)")
        try site("release create web 1.1.0")
        let refused = try site("promote web --to dev", exits: 2).errors
        #expect(refused.contains("charts/web/.argocd-source-web.yaml:3:3") && refused.contains("promote this file instead"), "\(refused)")
        #expect(try site.types() == ["segment.opened", "release.registered"] && site.deployments().isEmpty)
    }

    @Test func anImageInAListIsNamedByItsName() throws {
        let site = try Site(.bare, Self.storefront("kustomize_images: [\"web=registry.example/shop/web:{version}\"]"))
        try site("release create web 1.1.0")
        let plan = try site.json("plan web --to dev")
        #expect(plan["edits"]?[0]?.text("field") == "spec.source.kustomize.images[image=web]")
        try site("promote web --to dev")
        #expect(try site.file("apps/web.yaml").contains("    - web=registry.example/shop/web:1.1.0 # ours\n"))
        // Another entry before it changes nothing of what is known of ours.
        let moved = try site.file("apps/web.yaml").replacing("      images:\n", with: "      images:\n        - cache:7\n")
        try site.git.commit(["apps/web.yaml": moved], "another image", to: site.authority)
        let cell = try site.json("matrix")["services"]?[0]?["cells"]?["dev"]
        #expect(cell?.text("version") == "1.1.0" && cell?["drift"] == false, "\(String(describing: cell))")
        try site("release create web 1.2.0")
        try site("promote web --to dev")
        #expect(try site.file("apps/web.yaml").contains("    - cache:7\n"))
        try site.expectSoundLedger()
    }

    @Test func aCopyWithoutItsSourceIsToldByValidate() throws {
        var storefront = Self.storefront("helm_parameters: {tag: \"{version}\"}")
        storefront.more["workflows/storefront.yaml"] = "apiVersion: gradus/v1\nworkflow: shop\nservices: [web]\nupdates:\n  - copy: {from: charts/wep, to: live/web}\nstages: [{name: dev}]\n"
        let told = try Site(.bare, storefront)("validate", exits: 2).errors
        #expect(told.contains("`charts/wep` does not exist") && told.contains("did you mean `charts/web`?"), "\(told)")
    }

    @Test func editImageKeepsTheLastOfTwoEntriesAsKustomizeDoes() throws {
        let environment = try HermeticEnvironment()
        let gradus = GradusProcess(environment)
        try environment.folder.write(
            "kustomization.yaml",
            "images:\n- name: web # first\n  newTag: \"1\"\n- name: api\n  newTag: \"3\" # stays\n- name: web\n  newName: registry.example/web\n  newTag: \"2\" # last\n")
        let result = try gradus.run(["edit", "image", "kustomization.yaml", "web=*:4"], in: environment.folder.path)
        #expect(result.code == 0, "\(result)")
        #expect(
            try environment.folder.read("kustomization.yaml")
                == "images:\n- name: api\n  newTag: \"3\" # stays\n- name: web\n  newName: registry.example/web\n  newTag: \"4\" # last\n")
    }

    /// Names found by discovery follow the branch within one process, whatever of the tree changes.
    @Test func discoveredServicesFollowEveryCommit() throws {
        let site = try Site(.bare, .discovered("[{name: dev, next_stage: prod}, {name: prod}]"))
        try site("release create web 1.1.0")
        try site("promote web --to dev")
        try site("promote web --to prod")
        let added = Dictionary(uniqueKeysWithValues: ["dev", "prod"].map { ("envs/\($0)/search/kustomization.yaml", Storefront.kustomization("search")) })
        try site.git.commit(added, "a service", to: site.authority)
        #expect(try site.json("matrix")["services"]?.items.compactMap { $0.text("service") } == ["checkout", "search", "web"])
        try site("release create search 2.0.0")
        try site("promote search --to dev")
    }
}
