import TestSupport
import Testing

/// The schemas of files, judged by another validator.
@Suite struct FileSchemaTests {
    private static func sample(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        return try TemporaryFolder.read(root + "/" + path)
    }

    /// All keys of a workflow in their usual forms.
    private static let example = """
        # yaml-language-server: $schema=../.gradus/workflow.schema.json
        apiVersion: gradus/v1
        workflow: storefront
        x-anchors: {team: &team [platform-team]}
        services:
          - web
          - {name: checkout, owner: checkout-team, labels: {tier: "1"}, vars: {chart: shop}}
          - {from: "environments/dev/applications/{service}.yaml"}
        updates:
          - application: "{environment}/applications/{service}.yaml"
            helm_parameters: {global.imageTag: "{version}"}
          - application: "{environment}/applications/{service}.yaml"
            stages: [prod]
            source: {index: 1}
            target_revision: "v{version}"
          - {kustomization: k.yaml, image: registry.example/web, create: true}
          - {application_set: apps.yaml, element: {stage: prod}, set: {version: "{version}"}}
          - {application_set: apps.yaml, target_revision: "{version}"}
          - {yaml: a.yaml, for: [tier=1], set: {a.b: {match: "v(.*)", value: "{version}"}, replicas: 3, on: true}}
          - {copy: {from: a, to: b}}
          - {template: templates/a.yaml, to: c.yaml, parameters: {tag: "{version}"}}
          - {flux: f.yaml, ref: {tag: "{version}"}, object: GitRepository/shop}
          - {chart: Chart.yaml, version: "{version}"}
          - {manifest: d.yaml, container: web}
        evidence: {critical_cves: {type: number, posted_by: [cab], forbid: [author], min_tests: 1}}
        pending_expires: 7d
        stages:
          - name: dev
            auto_promote: true
            exit_criteria:
              - test_pass_rate: 100
              - critical_cves: "<= 0"
              - soak_duration: 24h
            next_stage: qa
          - name: qa
            environment: {path: ., branch: env/qa}
            exit_criteria: [{depends_on: [{service: web, version: ">=1.4"}]}, {condition: "true"}]
          - name: prod
            after: [qa]
            class: production
            auto_promote: false
            approval_required: true
            approvers: *team
            approvals: {min: 2, from: [platform-team], expires: 3d}
            health: report
            delivery: commit

        """

    @Test(arguments: [("workflow", "workflows/bookverse.yaml"), ("groups", "workflows/groups.yaml")])
    func theSampleIsValid(_ schema: String, _ path: String) throws {
        let judge = try SchemaJudge(schema, try HermeticEnvironment())
        #expect(try judge.verdicts(on: [try Self.sample(path)], suffix: "yaml") == ["ok"])
    }

    @Test func aWorkflowWithEveryFormIsValid() throws {
        let judge = try SchemaJudge("workflow", try HermeticEnvironment())
        #expect(try judge.verdicts(on: [Self.example], suffix: "yaml") == ["ok"])
    }

    /// Each differs from a valid file by one slip.
    @Test func brokenWorkflowsAreRefused() throws {
        let base = "apiVersion: gradus/v1\nworkflow: w\nservices: [web]\nstages:\n  - name: dev\n"
        let slips = [
            "stages: []\nservices: [web]\napiVersion: gradus/v1\n", "apiVersion: gradus/v2\nworkflow: w\nservices: [web]\nstages: [{name: dev}]\n",
            "workflow: w\nservices: [web]\n", base + "    auto_promote: maybe\n", base + "    approvel_required: true\n",
            base + "    class: prod\n", base + "    exit_criteria: [{soak_duration: 24}]\n", base + "    updates: [{kustomization: k.yaml}]\n",
            base + "    updates: [{kustomization: k.yaml, image: w, creat: true}]\n", base + "    updates: [{application_set: a.yaml, element: {a: b}}]\n",
            base + "    updates: [{yaml: a.yaml, set: {a: {match: x}}}]\n", base + "    approvals: {min: 0}\n", base + "    environment: {folder: x}\n",
            base + "    delivery: mail\n", base + "pending_expires: soon\n", base + "evidence: {a: {type: decimal}}\n", base + "colour: red\n",
            base + "    updates: [{application: a.yaml, source: {index: -1}, target_revision: x}]\n", "services: web\nstages: [{name: dev}]\n",
        ]
        let environment = try HermeticEnvironment()
        let verdicts = try SchemaJudge("workflow", environment).verdicts(on: [base] + slips, suffix: "yaml")
        #expect(verdicts.first == "ok")
        #expect(verdicts.count == slips.count + 1)
        for (slip, verdict) in zip(slips, verdicts.dropFirst()) { #expect(verdict != "ok", "\(slip)") }
    }

    @Test(arguments: [
        ("groups", ["groups: {a: [olga]}\npermissions: [{allow: [promote], groups: [a]}]\n"], ["groups: [a]\n", "permissions: [{allow: [fly], groups: [a]}]\n"]),
        (
            "calendar", ["windows: {w: {kind: allow, schedule: 0 9 * * 1-5, duration: 8h}}\nholidays: [2026-12-25, {date: 2027-01-01, name: New Year}]\n"],
            ["windows: {w: {kind: open, schedule: x, duration: 8h}}\n", "windows: {w: {kind: allow, duration: 8h}}\n"]
        ),
        ("config", ["output: json\n", "branch: main\n", "actor: olga\nrepo: .\ncolor: never\n"], ["output: yaml\n", "colour: never\n", "branch: main\nactor: olga\n"]),
    ])
    func theOtherFilesAreJudged(_ schema: String, _ valid: [String], _ broken: [String]) throws {
        let verdicts = try SchemaJudge(schema, try HermeticEnvironment()).verdicts(on: valid + broken, suffix: "yaml")
        #expect(verdicts.prefix(valid.count).allSatisfy { $0 == "ok" }, "\(verdicts)")
        #expect(verdicts.dropFirst(valid.count).allSatisfy { $0 != "ok" }, "\(verdicts)")
    }

    /// What the schema knows the reader takes, and nothing else.
    @Test func theReaderOfConfigurationObeysItsSchema() throws {
        let site = try Site(.workTree)
        let folder = site.environment.folder
        for text in ["output: json\n", "color: never\n"] {
            try folder.write("work/.gradus/config.yaml", text)
            try site("status")
        }
        for text in ["output: yaml\n", "color: sometimes\n", "actor: olga\n"] {
            try folder.write("work/.gradus/config.yaml", text)
            #expect(try site("status", exits: 2).errors.contains(".gradus/config.yaml:1:"), "\(text)")
        }
    }
}
