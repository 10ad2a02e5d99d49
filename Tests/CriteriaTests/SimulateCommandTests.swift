import PromotionEngine
import TestSupport
import Testing

/// The ledger replayed under other rules.
@Suite struct SimulateCommandTests {
    private func promoted() throws -> Shop {
        let shop = try Shop()
        try shop.must("release", "create", "web", "1.0.0")
        try shop.must("report", "web", "1.0.0", "test_pass_rate=90")
        try shop.must("promote", "web", "--to", "dev")
        return shop
    }

    private func simulate(_ shop: Shop, _ stages: String, _ more: String...) throws -> JSONValue {
        let file = try shop.file("changed.yaml", Shop.workflow(stages: stages))
        let result = try shop.gradus.run(["simulate", "--workflow-file", file, "-o", "json", "--repo", shop.place] + more)
        #expect(result.code == 0, "\(result.errors)")
        guard case .array(let promotions)? = result.json?["promotions"] else { throw TestSupportError("no promotions") }
        return try #require(promotions.first)
    }

    @Test func underTheSameRulesTheSameHappened() throws {
        let shop = try promoted()
        let before = try shop.must("history", "-o", "jsonl").output
        let result = try shop.must("simulate", "-o", "json")
        #expect(result.json?["counts"]?["same"] == 1)
        #expect(try shop.must("history", "-o", "jsonl").output == before)
    }

    @Test func tighterRulesWouldHaveRefused() throws {
        let shop = try promoted()
        let promotion = try simulate(shop, Shop.stages.replacing("{name: dev,", with: "{name: dev, entry_criteria: [{test_pass_rate: 95}],"))
        #expect(promotion["change"] == "refused" && promotion["actual"]?["admitted_at"] != .null)
        #expect(promotion["simulated"]?["admitted_at"] == .null)
    }

    @Test func anApprovalThatNobodyGaveWouldStillBeMissing() throws {
        let shop = try promoted()
        let promotion = try simulate(shop, Shop.stages.replacing("{name: dev,", with: "{name: dev, approval_required: true, approvers: [platform-team],"))
        #expect(promotion["change"] == "waiting")
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func aSoakTimeWouldHaveDelayed() throws {
        let shop = try Shop(stages: Shop.stages.replacing("{name: dev,", with: "{name: dev, health: report,"))
        try shop.must("release", "create", "web", "1.0.0", clock: "-10h")
        try shop.must("promote", "web", "--to", "dev", clock: "-9h")
        let commit = try shop.git.git("rev-parse", "HEAD", in: shop.place)
        try shop.must("report", "web", "1.0.0", "--stage", "dev", "--health", "Healthy", "--revision", commit, clock: "-8h")
        try shop.must("reconcile", clock: "-8h")
        try shop.must("promote", "web", "--to", "qa", clock: "-7h")
        let file = try shop.file(
            "changed.yaml",
            Shop.workflow(
                stages: Shop.stages.replacing("{name: dev,", with: "{name: dev, health: report,")
                    .replacing("{name: qa,", with: "{name: qa, entry_criteria: [{soak_duration: 3h}],")))
        let result = try shop.must("simulate", "--workflow-file", file, "-o", "json")
        #expect(result.json?["counts"]?["delayed"] == 1 && result.json?["counts"]?["same"] == 1, "\(result.output)")
    }

    @Test func aFileOfAnotherWorkflowIsRefused() throws {
        let shop = try promoted()
        let file = try shop.file("other.yaml", "stages: [{name: dev}]\n")
        let result = try shop.run("simulate", "--workflow-file", file)
        #expect(result.code == 2 && result.errors.contains("workflow 'other'") && result.errors.contains("workflows: shop"))
    }
}
