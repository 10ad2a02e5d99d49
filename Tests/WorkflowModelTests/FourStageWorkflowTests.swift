import Testing
import WorkflowModel

/// The plainest full workflow: the same two updates written out in each of four stages.
@Suite struct FourStageWorkflowTests {
    private static let stages = ["dev", "qa", "staging", "prod"]

    private static var text: String {
        var lines = ["apiVersion: gradus/v1", "workflow: storefront", "services: [checkout, web]", "stages:"]
        for (index, stage) in stages.enumerated() {
            lines += [
                "  - name: \(stage)", "    environment: environments/\(stage)",
                "    auto_promote: \(index < 2)", "    updates:",
                "      - kustomization: environments/\(stage)/{service}/kustomization.yaml",
                "        image: registry.example/{service}",
                "      - application: environments/\(stage)/applications/{service}.yaml",
                "        target_revision: \"v{version}\"",
                "        helm_parameters: {global.imageTag: \"{version}\"}",
            ]
            if stage == "dev" {
                lines += ["    promotion_criteria:", "      - test_pass_rate: 100", "      - security_scan: pass"]
            }
            if stage == "prod" { lines += ["    approval_required: true", "    approvers: [platform-team]"] }
            if index + 1 < stages.count { lines.append("    next_stage: \(stages[index + 1])") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func loadsWithoutDiagnostics() throws {
        let groups = "groups:\n  platform-team: [olga, pavel]\n  service-owner: [sam]\n"
        let (rules, diagnostics) = Fixtures.read(["storefront.yaml": Self.text, "groups.yaml": groups])
        #expect(Fixtures.lines(diagnostics) == [])
        let workflow = try #require(rules.workflow(of: "checkout"))
        #expect(workflow.stages.map(\.name) == Self.stages)
        #expect(workflow.stages.map(\.after) == [[], ["dev"], ["qa"], ["staging"]])
        #expect(workflow.stages.map(\.exitCriteria.count) == [2, 0, 0, 0])
        #expect(workflow.stages.map(\.approvals) == [[], [], [], [ApprovalRule(from: ["platform-team"])]])
        #expect(workflow.stages.map(\.updates.count) == [2, 2, 2, 2])
        #expect(rules.serviceNames == ["checkout", "web"])
        #expect(rules.workflow(of: "other") == nil)
    }
}
