import PromotionEngine
import TestSupport
import Testing

/// `explain` of a promotion that everything stands against.
@Suite struct ExplainTests {
    private static let stages = """
          - {name: dev, next_stage: qa}
          - name: qa
            next_stage: prod
            health: report
            exit_criteria:
              [{test_pass_rate: 100}, {code_coverage: 80}, {soak_duration: 24h}, {qa_stable: 1h}, {upstream_health: healthy}]
          - name: prod
            approvals: {min: 2, from: [platform-team]}
            entry_criteria:
              - security_scan: pass
              - critical_cves: "<= 0"
              - depends_on: [{service: api, stage: prod, version: ">=1.0.0"}]
              - window: {kind: allow, schedule: "0 3 30 2 *", duration: 1h, timezone: UTC}
              - change_ticket: "^CHG-[0-9]+$"
              - condition: "release.version == '2.0.0'"
        """

    /// Every gate that stands against it, with the start of the command that clears it.
    private static let blockers = [
        "upstream": "gradus report web 1.0.0 --stage qa --health Healthy",
        "qa.exit.test_pass_rate": "gradus report web 1.0.0 test_pass_rate=100",
        "qa.exit.code_coverage": "gradus report web 1.0.0 code_coverage=80",
        "qa.exit.soak_duration": "gradus report web 1.0.0 --stage qa --health Healthy",
        "qa.exit.qa_stable": "gradus report web 1.0.0 --stage qa --health Healthy",
        "qa.exit.upstream_health": "gradus report web 1.0.0 --stage qa --health Healthy",
        "prod.entry.security_scan": "gradus report web 1.0.0 security_scan=pass",
        "prod.entry.critical_cves": "gradus report web 1.0.0 critical_cves=0",
        "prod.entry.depends_on": "gradus promote api --to prod",
        "prod.entry.window": "gradus promote web --to prod --version 1.0.0 --break-glass prod.entry.window --reason",
        "prod.entry.change_ticket": "gradus promote web --to prod --version 1.0.0 --ticket",
        "prod.entry.condition": "gradus promote web --to prod --version 1.0.0 --break-glass prod.entry.condition --reason",
        "approval": "gradus approve web@prod",
        "freeze": "gradus freeze remove freeze-",
        "hold": "gradus hold remove hold-",
    ]

    @Test func allThatStandsAgainstAPromotionIsToldAtOnceWithTheCommandThatClearsIt() throws {
        let shop = try Shop(stages: Self.stages, top: "evidence: {critical_cves: {type: number}}")
        let services = Shop.workflow(stages: Self.stages, top: "evidence: {critical_cves: {type: number}}")
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("services:") ? "services: [{name: web, owner: platform-team}, api]" : String($0) }
        var files = ["workflows/shop.yaml": services.joined(separator: "\n")]
        for stage in ["dev", "qa", "prod"] { files["environments/\(stage)/api.yaml"] = "version: '0.9.0'\n" }
        try shop.change(files)
        try shop.must("release", "create", "web", "1.0.0")
        for stage in ["dev", "qa"] { try shop.must("promote", "web", "--to", stage) }
        try shop.must("report", "web", "1.0.0", "test_pass_rate=98", "security_scan=fail")
        try shop.must("freeze", "add", "--stage", "prod", "--reason", "end of year", "--start", "2020-01-01", "--until", "2099-01-01")
        try shop.must("hold", "add", "--service", "web", "--stage", "prod", "--reason", "incident")

        let explained = try shop.run("explain", "web", "--to", "prod", "-o", "json")
        #expect(explained.code == 0)
        guard case .array(let gates)? = explained.json?["gates"] else { throw TestSupportError("no gates: \(explained.errors)") }
        #expect(Set(gates.compactMap { $0["id"]?.stringValue }) == Set(Self.blockers.keys), "each of them, and nothing else")
        for gate in gates {
            let id = try #require(gate["id"]?.stringValue)
            #expect(gate["verdict"] != "passed", "\(id)")
            #expect(gate["reason"]?.stringValue?.isEmpty == false, "\(id)")
            let command = gate["clear_with"]?.stringValue ?? ""
            #expect(command.hasPrefix(try #require(Self.blockers[id])), "\(id): \(command)")
        }

        let text = try shop.run("explain", "web", "--to", "prod").output
        for (id, command) in Self.blockers { #expect(text.contains("\(id): \(command)"), "\(text)") }
        #expect(try shop.run("explain", "web", "--to", "prod", "--exit-code").code == 6)
        #expect(try shop.run("promote", "web", "--to", "prod", "-o", "json").json?["gates"] == explained.json?["gates"])
    }
}
