import Testing
import WorkflowModel

/// Services that wait for each other are told when files are read.
@Suite struct DependencyCycleTests {
    private static func read(_ files: [String: String]) -> [String] {
        Fixtures.lines(Fixtures.read(files).diagnostics)
    }

    private static func workflow(_ name: String, _ service: String, staging: String = "", prod: String) -> String {
        """
        apiVersion: gradus/v1
        workflow: \(name)
        services: [\(service)]
        updates: [{yaml: "{environment}/{service}.yaml", set: {v: "{version}"}}]
        stages:
          - {name: staging, next_stage: prod\(staging.isEmpty ? "" : ", entry_criteria: [\(staging)]")}
          - {name: prod, entry_criteria: [\(prod)]}
        """ + "\n"
    }

    @Test func aServiceThatOthersOfItsWorkflowWaitForDoesNotWaitForItself() {
        #expect(Self.read(["a.yaml": Self.workflow("shop", "cart, search", prod: "{depends_on: {service: search}}")]) == [])
    }

    @Test func thoseThatMeetInOneStageNeedATrain() {
        let lines = Self.read([
            "a.yaml": Self.workflow("a", "cart", prod: "{depends_on: {service: search}}"),
            "b.yaml": Self.workflow("b", "search", prod: "{depends_on: {service: cart}}"),
        ])
        #expect(lines == ["a.yaml:7:36: warning: services wait for each other in `prod`: cart -> search -> cart [`gradus train run` brings them together]"])
    }

    @Test func aCycleThroughSeveralStagesIsRefused() {
        let lines = Self.read([
            "a.yaml": Self.workflow("a", "cart", prod: "{depends_on: {service: search}}"),
            "b.yaml": Self.workflow("b", "search", staging: "{depends_on: {service: cart, stage: prod}}", prod: "{target_health: healthy}"),
        ])
        #expect(lines.count == 1 && lines[0].contains("error: services wait for each other, so that none gets in: "), "\(lines)")
        for part in ["cart in prod", "search in prod", "search in staging"] { #expect(lines[0].contains(part)) }
    }

    @Test func aServiceThatWaitsForItsOwnLaterStageIsRefused() {
        let lines = Self.read([
            "a.yaml": Self.workflow("a", "cart", staging: "{depends_on: {service: cart, stage: prod}}", prod: "{target_health: healthy}"),
        ])
        #expect(lines.count == 1 && lines[0].hasPrefix("a.yaml:6:") && lines[0].contains("cart in staging -> cart in prod -> cart in staging"), "\(lines)")
    }

    @Test func aChainIsNoCycle() {
        let lines = Self.read([
            "a.yaml": Self.workflow("a", "cart", prod: "{depends_on: {service: search}}"),
            "b.yaml": Self.workflow("b", "search", prod: "{depends_on: {service: cart, stage: staging}}"),
        ])
        #expect(lines == [])
    }
}
