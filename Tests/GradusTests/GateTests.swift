import PromotionEngine
import TestSupport
import Testing

/// What holds a promotion back, and what lets it go on.
@Suite struct GateTests {
    @Test func missingEvidenceWaitsAndSaysWhatClearsIt() throws {
        let site = try Site()
        try site.register(passing: false)
        try site("reconcile")
        let waiting = try site.json("promote checkout --to qa", exits: 8)
        #expect(waiting.text("phase") == "pending" && waiting.text("result") == "pending")
        let gate = waiting.gate("dev.exit.security_scan")
        #expect(gate?.text("verdict") == "waiting")
        let command = try #require(gate?.text("clear_with"))
        try site(String(command.dropFirst("gradus ".count)))
        #expect(try site.json("explain checkout --to qa").gate("dev.exit.security_scan")?.text("verdict") == "passed")
        #expect(try site.deployments().count == 1)
    }

    @Test func failingEvidenceRefusesWithoutOpeningAPromotion() throws {
        let site = try Site()
        try site("release create checkout 1.4.2")
        try site("report checkout 1.4.2 test_pass_rate=99.9 security_scan=PASS", as: "ci")
        try site("reconcile")
        let refused = try site.json("promote checkout --to qa", exits: 6)
        let gate = try #require(refused.gate("dev.exit.test_pass_rate"))
        #expect(gate.text("verdict") == "failed" && gate.text("value") == "99.9" && gate.text("threshold") == ">= 100")
        #expect(gate.text("source")?.contains("posted by ci") == true)
        #expect(refused.gate("dev.exit.security_scan")?.text("verdict") == "passed")
        #expect(try !site.types().contains("requested") || site.records().filter { $0.text("type") == "requested" }.allSatisfy { $0.text("stage") == "dev" })
    }

    @Test func aPendingPromotionGoesOnByReconcile() throws {
        let site = try Site(.bare, Storefront(automatic: ["dev"]))
        try site.register(passing: false)
        try site("reconcile")
        let first = try site.json("promote checkout --to qa", exits: 8)
        let again = try site.json("promote checkout --to qa", exits: 8)
        #expect(first.text("id") != nil && first.text("id") == again.text("id"))
        let before = try site.records().count
        try site("reconcile")
        #expect(try site.records().count == before, "waiting was recorded twice")
        try site("report checkout 1.4.2 test_pass_rate=100 security_scan=pass")
        let moves = try site.json("reconcile")["moves"]?.items ?? []
        #expect(moves.map { $0.text("id") } == [first.text("id")])
        #expect(try site.tag("checkout", "qa") == "1.4.2")
    }

    @Test func automationGoesThroughSeveralStagesInOneCall() throws {
        let site = try Site(.bare, .open(automatic: ["dev", "qa", "staging"]))
        try site("release create checkout 1.4.2")
        try site("release create web 2.0.0")
        let document = try site.json("reconcile")
        #expect(document["moves"]?.items.count == 6)
        #expect(try site.deployments().count == 6)
        #expect(try site.tag("checkout", "staging") == "1.4.2" && site.tag("checkout", "prod") == "1.0.0")
        #expect(try site.json("reconcile")["moves"]?.items.isEmpty == true)
        try site.expectSoundLedger()
    }

    @Test func automationPutsNoOlderReleaseOverANewerOne() throws {
        let site = try Site(.bare, .open(automatic: ["dev"]))
        try site("release create checkout 1.5.0")
        try site("reconcile")
        try site("release create checkout 1.4.9")
        try site("reconcile")
        #expect(try site.tag("checkout", "dev") == "1.5.0")
        let byHand = try site.json("promote checkout --to dev --version 1.4.9")
        #expect(byHand.text("downgrade_from") == "1.5.0")
        try site("reconcile")
        #expect(try site.tag("checkout", "dev") == "1.4.9", "automation entered a version that had left")
    }

    @Test func anotherVersionSupersedesOneThatWaits() throws {
        let site = try Site(.bare, Storefront(automatic: ["dev"]))
        try site.register("1.4.2", passing: false)
        try site("reconcile")
        let old = try site.json("promote checkout --to qa", exits: 8)
        try site.register("1.4.3")
        try site("reconcile")
        try site.json("promote checkout --to qa --version 1.4.3")
        #expect(try site.tag("checkout", "qa") == "1.4.3")
        let superseded = try site.records().filter { $0.text("type") == "superseded" }
        #expect(superseded.map { $0.text("promotion") } == [old.text("id")])
    }

    @Test func withoutReleaseInTheUpstreamStageItWaitsThere() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let waiting = try site.json("promote checkout --to staging --version 1.4.2", exits: 8)
        #expect(waiting.gate("upstream")?.text("verdict") == "waiting")
        #expect(try site.deployments().isEmpty)
    }

    @Test func plansAndExplanationsWriteNothing() throws {
        let site = try Site()
        try site.register()
        let before = try site.records().count
        let plan = try site.json("plan checkout --to dev")
        #expect(plan.text("result") == "planned" && plan.text("diff")?.contains("+    newTag: 1.4.2 # bumped") == true)
        try site("plan checkout --to dev --exit-code", exits: 3)
        try site("explain checkout --to qa --version 1.4.2 --exit-code", exits: 8)
        let dryRun = try site.json("promote checkout --to dev --dry-run")
        #expect(dryRun.text("plan_digest") == plan.text("plan_digest"))
        #expect(try site("release create web 9.9.9 --dry-run").output == "Would record: Registered web 9.9.9.\n")
        try site("report checkout 1.4.2 test_pass_rate=1 --dry-run")
        try site("approve checkout@prod --version 1.4.2 --dry-run", as: "olga")
        #expect(try site.records().count == before && site.deployments().isEmpty)
    }

    @Test func aTicketOfTheRightFormIsAsked() throws {
        let site = try Site(.bare, Storefront(automatic: [], rules: ["dev": ["entry_criteria: [{change_ticket: \"^CHG-[0-9]+$\"}]"]]))
        try site("release create checkout 1.4.2")
        #expect(try site.json("promote checkout --to dev", exits: 8).gate("dev.entry.change_ticket") != nil)
        try site("promote checkout --to dev --ticket INC-7", exits: 6)
        try site("promote checkout --to dev --ticket CHG-7")
        #expect(try site.git.message(of: "main", in: site.authority).contains("\nChange-Ticket: CHG-7"))
    }
}
