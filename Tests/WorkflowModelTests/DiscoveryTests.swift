import Testing
import WorkflowModel

/// Services that are found by their files.
@Suite struct DiscoveryTests {
    private static func read(_ workflow: String, _ paths: [String]) -> (rules: Rules, lines: [String]) {
        let file = RuleFile(path: "workflows/flow.yaml", bytes: Array(workflow.utf8), blobID: "")
        let (rules, diagnostics) = RulesReader.read([file], trees: SingleTree(ListedPaths(paths)))
        return (rules, Fixtures.lines(diagnostics))
    }

    private static func workflow(_ services: String, _ update: String = "services/{group}/{service}/overlays/{stage}/kustomization.yaml") -> String {
        """
        apiVersion: gradus/v1
        workflow: shop
        services: \(services)
        updates: [{kustomization: "\(update)", image: "registry.example/{service}"}]
        stages: [{name: dev, next_stage: prod}, {name: prod}]

        """
    }

    private static let paths = [
        "services/pay/ledger/overlays/dev/kustomization.yaml", "services/pay/ledger/overlays/prod/kustomization.yaml",
        "services/shop/web/overlays/dev/kustomization.yaml", "services/shop/draft/overlays/dev/notes.md",
        "services/shop/old/overlays/prod/kustomization.yaml", "services/README.md",
    ]

    @Test func capturesBecomeVariables() {
        let (rules, lines) = Self.read(
            Self.workflow("{from: \"services/{group}/{service}/overlays/dev\", owner: \"{group}-team\", labels: {tier: \"{group}\"}, vars: {x: \"a-{service}\"}}"),
            Self.paths)
        #expect(lines == [])
        #expect(
            rules.workflows[0].services == [
                Service(name: "ledger", owner: "pay-team", labels: ["tier": "pay"], vars: ["group": "pay", "x": "a-ledger"]),
                Service(name: "web", owner: "shop-team", labels: ["tier": "shop"], vars: ["group": "shop", "x": "a-web"]),
            ])
    }

    @Test func aMatchWithoutAPromotableFileIsSkippedAndListed() {
        let (rules, _) = Self.read(Self.workflow("{from: \"services/{group}/{service}/overlays/dev\"}"), Self.paths)
        #expect(
            rules.workflows[0].skipped == [
                SkippedMatch(path: "services/shop/draft/overlays/dev", reason: "none of the files that its updates name exists")
            ])
        #expect(rules.workflows[0].discovers)
    }

    @Test func aServiceThatIsNamedBesideSaysItselfWhatItIs() {
        let (rules, lines) = Self.read(
            Self.workflow("[{from: \"services/{group}/{service}/overlays/dev\"}, {name: web, owner: web-team, vars: {group: shop}}]"), Self.paths)
        #expect(lines.filter { $0.contains("error") } == [])
        #expect(rules.workflows[0].services.map(\.name) == ["web", "ledger"])
        #expect(rules.workflows[0].services[0].owner == "web-team")
    }

    /// Looks up what was asked for, and counts the folders that it lists.
    private final class CountingTree: PathLister {
        let paths = ListedPaths(DiscoveryTests.paths)
        var listed: [String] = []

        func entries(of folder: String) -> [PathEntry]? {
            listed.append(folder)
            return paths.entries(of: folder)
        }

        func isFolder(_ path: String) -> Bool? { paths.isFolder(path) }
    }

    @Test func servicesAskedForAreFoundAsAmongAllWithoutListingTheOthers() {
        let workflow = Self.workflow("{from: \"services/{group}/{service}/overlays/dev\"}")
        let file = RuleFile(path: "workflows/flow.yaml", bytes: Array(workflow.utf8), blobID: "")
        let all = Self.read(workflow, Self.paths).rules.workflows[0].services
        for name in ["ledger", "web", "draft", "nobody", "../x"] {
            let tree = CountingTree()
            let (rules, diagnostics) = RulesReader.read([file], trees: SingleTree(tree), services: [name])
            #expect(diagnostics.isEmpty)
            #expect(rules.workflows[0].services == all.filter { $0.name == name })
            #expect(tree.listed.allSatisfy { $0 == "services" })
        }
    }

    @Test func whatAServiceDependsOnIsFoundWithIt() {
        let workflow = Self.workflow("{from: \"services/{group}/{service}/overlays/dev\"}")
            .replacing("{name: prod}", with: "{name: prod, entry_criteria: [{depends_on: [{service: ledger, stage: dev}]}]}")
        let file = RuleFile(path: "workflows/flow.yaml", bytes: Array(workflow.utf8), blobID: "")
        let (rules, diagnostics) = RulesReader.read([file], trees: SingleTree(ListedPaths(Self.paths)), services: ["web"])
        #expect(diagnostics.isEmpty)
        #expect(rules.workflows[0].services.map(\.name) == ["ledger", "web"])
    }

    @Test func partsMayHaveAFixedBeginningAndEnd() {
        let (rules, _) = Self.read(
            Self.workflow("{from: \"apps/svc-{service}.yaml\"}", "apps/svc-{service}.yaml"), ["apps/svc-web.yaml", "apps/svc-.yaml", "apps/web.yaml"])
        #expect(rules.workflows[0].services.map(\.name) == ["web"])
    }

    @Test func aCaptureTwiceTakesTheSameText() {
        let (rules, _) = Self.read(
            Self.workflow("{from: \"apps/{service}/{service}.yaml\"}", "apps/{service}/{service}.yaml"), ["apps/web/web.yaml", "apps/api/other.yaml"])
        #expect(rules.workflows[0].services.map(\.name) == ["web"])
    }

    @Test func oneNameAtTwoPlacesIsAnError() {
        let (_, lines) = Self.read(
            Self.workflow("{from: \"services/{group}/{service}/overlays/dev\"}"),
            ["services/a/web/overlays/dev/kustomization.yaml", "services/b/web/overlays/dev/kustomization.yaml"])
        #expect(lines == ["flow.yaml:3:18: error: service `web` is found twice: at services/a/web/overlays/dev and at services/b/web/overlays/dev"])
    }

    @Test func findingNothingIsAnError() {
        let (_, lines) = Self.read(Self.workflow("{from: \"servces/{group}/{service}\"}"), Self.paths)
        #expect(lines == [
            "flow.yaml:3:18: error: `servces/{group}/{service}` finds no service: nothing fits it"
        ])
    }

    @Test func withoutATreeNothingIsSaidOfUnknownServices() {
        let text = Self.workflow("{from: \"services/{group}/{service}/overlays/dev\"}")
        #expect(Fixtures.lines(Fixtures.read(["flow.yaml": text]).diagnostics) == [])
    }

    @Test func anEnvironmentMayBeABranch() {
        let text = Self.workflow("[web]", "{environment}/{service}.yaml").replacing(
            "{name: dev,", with: "{name: dev, environment: {branch: \"env/{stage}\"},")
        let stages = Fixtures.read(["flow.yaml": text]).rules.workflows[0].stages
        #expect(stages[0].branch == "env/dev")
        #expect(stages[0].environment == ".")
        #expect(stages[1].branch == nil)
    }

    /// Forty services, four stages, several kinds of update: one page.
    @Test func fortyServicesFitOneHundredLines() {
        let text = """
            apiVersion: gradus/v1
            workflow: storefront
            services:
              - {from: "environments/dev/{team}/{service}/kustomization.yaml", owner: "{team}-team", labels: {team: "{team}"}}
              - {name: gateway, owner: platform-team, vars: {team: platform}}
            updates:
              - kustomization: "{environment}/{team}/{service}/kustomization.yaml"
                image: "registry.example/{team}/{service}"
              - application: "{environment}/applications/{service}.yaml"
                for: [team=shop]
                helm_parameters: {global.imageTag: "{version}"}
            stages:
              - name: dev
                auto_promote: true
                exit_criteria: [{test_pass_rate: 100}, {security_scan: pass}]
              - name: qa
                after: [dev]
                auto_promote: true
                exit_criteria: [{integration_tests: pass}]
              - name: staging
                after: [qa]
                exit_criteria: [{performance_baseline: met}, {soak_duration: 24h}]
              - name: prod
                after: [staging]
                entry_criteria: [{change_advisory: approved}]
                approval_required: true
                approvers: [platform-team, service-owner]

            """
        var paths: [String] = []
        for stage in ["dev", "qa", "staging", "prod"] {
            for number in 1...39 {
                let team = ["shop", "pay", "search"][number % 3]
                paths.append("environments/\(stage)/\(team)/service-\(number)/kustomization.yaml")
                if team == "shop" { paths.append("environments/\(stage)/applications/service-\(number).yaml") }
            }
            paths.append("environments/\(stage)/platform/gateway/kustomization.yaml")
        }
        let groups = ["shop-team", "pay-team", "search-team", "platform-team"].map { "  \($0): [olga]" }.joined(separator: "\n")
        let files = ["flow.yaml": text, "groups.yaml": "groups:\n\(groups)\n"].map {
            RuleFile(path: "workflows/\($0.key)", bytes: Array($0.value.utf8), blobID: "")
        }
        let (rules, diagnostics) = RulesReader.read(files, trees: SingleTree(ListedPaths(paths)))
        #expect(Fixtures.lines(diagnostics) == [])
        #expect(rules.workflows[0].services.count == 40)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 100)
    }
}
