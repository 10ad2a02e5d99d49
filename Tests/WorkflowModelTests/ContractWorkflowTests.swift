import Testing
import WorkflowModel

@Suite struct ContractWorkflowTests {
    private static let text = """
        apiVersion: gradus/v1
        workflow: storefront
        x-scan: &scan {security_scan: pass}
        x-stage: &stage {verify_for: 1m, health: report}
        services:
          - web
          - {name: checkout, owner: checkout-team, labels: {tier: "1"}, vars: {chart: shop}}
          - name: search
            updates:
              - {helm_values: "{environment}/search.yaml", set: {image.tag: "{tag}"}}
        updates:
          - application: "{environment}/applications/{service}.yaml"
            helm_parameters: {global.imageTag: "{version}"}
          - application: "{environment}/applications/{service}.yaml"
            stages: [prod]
            target_revision: "v{version}"
        evidence:
          critical_cves: {type: number}
          signed: {type: bool}
          licence: {type: text, posted_by: [cab]}
          change_advisory: {posted_by: [cab], forbid: [requester, author]}
        criteria: [{licence: clean}, {target_health: healthy}]
        approvals: {min: 2, from: [platform-team], expires: 2d}
        pending_expires: 3d
        stages:
          - name: dev
            auto_promote: true
            approval_required: false
            exit_criteria:
              - test_pass_rate: 100
              - code_coverage: ">= 80.5"
              - *scan
              - critical_cves: "<= 0"
              - signed: true
            next_stage: qa
          - <<: *stage
            name: qa
            environment: {path: "envs/{stage}/"}
            health_timeout: 20m
            health_stale_after: 6h
            updates:
              - {kustomization: "{environment}/{service}/kustomization.yaml", image: "registry.example/{service}", create: true, for: [tier=1]}
            next_stage: staging
          - name: canary
            replace_updates: true
            updates:
              - {yaml: canary.yaml, set: {"apps[name={service}].version": "{version}", "apps[name={service}].replicas": 3}}
            after: dev
          - name: staging
            approvals: {min: 1, from: [olga], required: [cab], forbid: [author], expires: 12h}
            record_only: true
            after: [canary]
          - name: prod
            class: production
            approval_required: true
            approvers: [platform-team, service-owner]
            approvals: {allow_self: true}
            after: [staging]
            entry_criteria:
              target_health: Healthy
              qa_stable: 48h
              change_ticket: "^CHG-[0-9]+$"
            promotion_criteria:
              - depends_on: [{service: web, stage: prod, version: ">= 1.4"}, {service: checkout}]
        """ + "\n"

    /// Both services that prod depends on are of the workflow itself, and each waits for the other there.
    private static func waiting(_ file: String, _ ring: String) -> String {
        "\(file):64:9: warning: services wait for each other in `prod`: \(ring) [`gradus train run` brings them together]"
    }

    private static let groups = """
        groups:
          platform-team: [olga, pavel]
          checkout-team: [carl]
          cab: [carla]
          service-owner: [sam]
        people:
          olga: {name: Olga O., emails: [olga@example.com], github: olga, ssh_keys: ["ssh-ed25519 AAAA"]}
        x-note: kept for people
        """ + "\n"

    private static func read() throws -> Workflow {
        let (rules, diagnostics) = Fixtures.read(["storefront.yaml": text, "groups.yaml": groups])
        #expect(Fixtures.lines(diagnostics) == [waiting("storefront.yaml", "checkout -> web -> checkout")])
        return try #require(rules.workflows.first)
    }

    @Test func readsWorkflowAndServices() throws {
        let workflow = try Self.read()
        #expect(workflow.name == "storefront")
        #expect(!workflow.isSeedForm)
        #expect(workflow.pendingExpires == .days(3))
        #expect(workflow.services.map(\.name) == ["web", "checkout", "search"])
        #expect(workflow.services[1] == Service(
            name: "checkout", owner: "checkout-team", labels: ["tier": "1"], vars: ["chart": "shop"]))
        #expect(workflow.evidence["licence"] == EvidenceRule(type: .text, postedBy: ["cab"]))
        #expect(workflow.evidence["change_advisory"] == EvidenceRule(postedBy: ["cab"], forbid: [.requester, .author]))
    }

    @Test func joinsNextStageAndAfterToOneGraph() throws {
        let stages = try Self.read().stages
        #expect(stages.map(\.name) == ["dev", "qa", "canary", "staging", "prod"])
        #expect(stages.map(\.after) == [[], ["dev"], ["dev"], ["qa", "canary"], ["staging"]])
        #expect(stages.map(\.stageClass) == [.development, .test, .development, .staging, .production])
    }

    @Test func readsEveryKindOfCriterion() throws {
        let stages = try Self.read().stages
        #expect(stages[0].exitCriteria.map(\.kind) == [
            .number(.atLeast, threshold: "100"), .number(.atLeast, threshold: "80.5"), .text("pass"),
            .number(.atMost, threshold: "0"), .text("true"),
        ])
        #expect(stages[4].entryCriteria.map(\.key) == [
            "licence", "target_health", "qa_stable", "change_ticket", "depends_on.web.prod", "depends_on.checkout",
        ])
        #expect(stages[4].entryCriteria.dropFirst().map(\.kind) == [
            .targetHealth, .stable(stage: "qa", .hours(48)), .changeTicket(pattern: "^CHG-[0-9]+$"),
            .dependsOn(Criterion.Dependency(service: "web", stage: "prod", version: ">=1.4")),
            .dependsOn(Criterion.Dependency(service: "checkout")),
        ])
    }

    @Test func entersEveryStageByTheWorkflowsCriteria() throws {
        #expect(try Self.read().stages.dropLast().allSatisfy { $0.entryCriteria.map(\.key) == ["licence", "target_health"] })
    }

    @Test func approvesByTheStageElseByTheWorkflow() throws {
        let byDefault = ApprovalRule(minimum: 2, from: ["platform-team"], expires: .days(2))
        #expect(try Self.read().stages.map(\.approvals) == [
            [], [byDefault], [byDefault],
            [
                ApprovalRule(
                    from: ["olga"], required: ["cab"], forbid: [.author], authorMustBeKnown: true, expires: .hours(12))
            ],
            [ApprovalRule(from: ["platform-team", "service-owner"]), ApprovalRule(forbid: [])],
        ])
    }

    @Test func readsHealthThroughAMergeKey() throws {
        let stages = try Self.read().stages
        #expect(stages[1].health == HealthPolicy(
            verifyFor: .minutes(1), healthTimeout: .minutes(20), staleAfter: .hours(6)))
        #expect(stages[0].health == nil)
        #expect(stages[1].environment == "envs/qa")
    }

    @Test func addsOrReplacesUpdates() throws {
        let workflow = try Self.read()
        let files = { (service: String, stage: String) throws -> [String] in
            let service = try #require(workflow.service(service))
            let stage = try #require(workflow.stage(stage))
            return workflow.updates(for: service, in: stage).map(\.file)
        }
        let application = "{environment}/applications/{service}.yaml"
        #expect(try files("web", "dev") == [application])
        #expect(try files("web", "prod") == [application, application])
        #expect(try files("web", "qa") == [application])
        #expect(try files("checkout", "qa") == [application, "{environment}/{service}/kustomization.yaml"])
        #expect(try files("checkout", "canary") == ["canary.yaml"])
        #expect(try files("search", "canary") == ["{environment}/search.yaml"])
    }

    @Test func readsEveryKindOfUpdate() throws {
        let workflow = try Self.read()
        #expect(workflow.stages[1].updates.map(\.kind) == [
            .application(
                Update.SourceFields(helmParameters: [Update.Assignment(key: "global.imageTag", value: "{version}")])),
            .application(Update.SourceFields(targetRevision: "v{version}")),
            .kustomization(image: "registry.example/{service}", create: true),
        ])
        #expect(workflow.stages[2].updates.map(\.kind) == [
            .yaml(set: [
                Update.Assignment(key: "apps[name={service}].version", value: "{version}"),
                Update.Assignment(key: "apps[name={service}].replicas", value: "3"),
            ])
        ])
        #expect(workflow.services[2].updates?.map(\.kind) == [
            .helmValues(set: [Update.Assignment(key: "image.tag", value: "{tag}")])
        ])
    }

    @Test func remembersWhereThingsStand() throws {
        let stage = try #require(try Self.read().stage("staging"))
        #expect((stage.location.line, stage.location.column) == (49, 11))
    }

    @Test func namesTheBlobsOfAllFiles() {
        let (rules, _) = Fixtures.read([
            "b.yaml": Self.text, "groups.yaml": Self.groups, "calendar.yaml": "windows: {}\n", "README.md": "[",
        ])
        #expect(rules.sources == [
            "workflows/b.yaml": "blob-b.yaml", "workflows/groups.yaml": "blob-groups.yaml",
            "workflows/calendar.yaml": "blob-calendar.yaml",
        ])
        #expect(rules.people.path == "workflows/groups.yaml")
        #expect(rules.people.groups["platform-team"] == ["olga", "pavel"])
        #expect(rules.people.people["olga"]?.emails == ["olga@example.com"])
    }

    @Test func ordersWorkflowsByPath() {
        let seed = Self.text.replacing("storefront", with: "back").replacing("web", with: "api")
            .replacing("checkout,", with: "pay,").replacing("service: checkout", with: "service: pay")
            .replacing("search", with: "find")
        let (rules, diagnostics) = Fixtures.read(["z.yaml": Self.text, "a.yaml": seed, "groups.yaml": Self.groups])
        #expect(
            Fixtures.lines(diagnostics) == [
                Self.waiting("a.yaml", "api -> pay -> api"), Self.waiting("z.yaml", "checkout -> web -> checkout"),
            ])
        #expect(rules.workflows.map(\.name) == ["back", "storefront"])
    }
}
