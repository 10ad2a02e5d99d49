import PromotionEngine
import TestSupport
import Testing

/// The table of facts, times and verdicts in `Verdicts/`, through the command line.
@Suite struct VerdictTableTests {
    private static let folder = #filePath.replacing("VerdictTableTests.swift", with: "Verdicts")

    private func validate(_ folder: String, _ environment: HermeticEnvironment) throws -> GradusResult {
        try GradusProcess(environment).run(["validate", folder + "/workflows", "--tests", "-o", "json"])
    }

    @Test func everyRowHolds() throws {
        let result = try validate(Self.folder, HermeticEnvironment())
        let document = try #require(result.json, "\(result.errors)")
        #expect(result.code == 0 && document["failed"] == 0, "\(result.errors)")
        guard case .int(let passed)? = document["passed"] else { throw TestSupportError("no count") }
        #expect(passed >= 150)
    }

    /// A table that cannot fail proves nothing.
    @Test func aRowThatDoesNotHoldIsToldAtItsPlace() throws {
        let environment = try HermeticEnvironment()
        let files = [
            "workflows/shop.yaml": """
                apiVersion: gradus/v1
                workflow: shop
                services: [web]
                updates: [{yaml: "{environment}/{service}.yaml", set: {version: "{version}"}}]
                stages: [{name: dev, entry_criteria: [{test_pass_rate: 100}]}]
                """,
            "workflows/tests/dev.yaml": """
                defaults: {service: web, stage: dev, now: 2027-01-15T10:00:00Z}
                tests:
                  - {name: holds, facts: [{evidence: {test_pass_rate: 100}}], expect: {verdict: passed}}
                  - {name: does not, facts: [{evidence: {test_pass_rate: 99}}], expect: {verdict: passed}}
                """,
        ]
        for (path, text) in files { try environment.folder.write(path, text + "\n") }
        let result = try validate(environment.folder("."), environment)
        #expect(result.code == 6 && result.json?["passed"] == 1 && result.json?["failed"] == 1)
        #expect(result.errors.contains("tests/dev.yaml:4:5: error: test 'does not': the verdict is failed, not passed (dev.entry.test_pass_rate failed"))
    }

    @Test(arguments: [
        ("tests: [{name: x, stage: dev, expect: {verdict: passed}}]", "a test needs `service`"),
        ("tests: [{name: x, service: web, stage: dev, now: t, facts: [{evidnce: {a: 1}}], expect: {verdict: passed}}]", "unknown key `evidnce`"),
        ("tests: [{name: x, service: web, stage: dev, now: t, expect: {verdict: pased}}]", "did you mean `passed`?"),
        ("defaults: {}", "needs `tests`"),
    ])
    func faultsOfAFileOfTestsAreTold(_ text: String, _ message: String) throws {
        let environment = try HermeticEnvironment()
        try environment.folder.write("workflows/shop.yaml", "stages: [{name: dev}]\n")
        try environment.folder.write("workflows/tests/dev.yaml", text + "\n")
        let result = try validate(environment.folder("."), environment)
        #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
    }
}
