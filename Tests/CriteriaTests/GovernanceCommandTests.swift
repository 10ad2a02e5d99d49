import PromotionEngine
import TestSupport
import Testing

/// Break-glass with its reviews and what they owe, queues, the inbox.
@Suite struct GovernanceCommandTests {
    private static let groups = """
        groups: {platform-team: [olga, pavel], security: [sam]}
        permissions:
          - {allow: [promote, approve, hold, rollback], groups: ['*']}
          - {allow: [break-glass], groups: [security], stages: [prod]}

        """

    private func shop(_ stages: String = Shop.stages, groups: String = Self.groups) throws -> Shop {
        let shop = try Shop(stages: stages, files: ["workflows/groups.yaml": groups])
        try shop.must("release", "create", "web", "1.0.0", "--author", "ann")
        return shop
    }

    private func records(_ shop: Shop, _ type: String) throws -> [JSONValue] {
        try #require(try shop.must("history", "-o", "jsonl").lines).filter { $0["type"]?.stringValue == type }
    }

    private func items(_ value: JSONValue?) -> [JSONValue] {
        guard case .array(let items)? = value else { return [] }
        return items
    }

    @Test func brokenGlassSkipsExactlyTheNamedGatesOnRecord() throws {
        let shop = try shop()
        try shop.must("hold", "add", "--service", "web", "--stage", "prod", "--reason", "looking", by: "olga")
        // The hold is not named, so it holds.
        let held = try shop.run(
            "promote", "web", "--to", "prod", "--version", "1.0.0", "--break-glass", "upstream", "--reason", "loses orders", "-o", "json", by: "sam")
        #expect(held.code == 8 && held.json?["result"] == "pending")
        let gates = items(held.json?["gates"])
        #expect(gates.first { $0["id"] == "upstream" }?["skipped"] == true && gates.first { $0["id"] == "upstream" }?["verdict"] == "waiting")
        #expect(gates.first { $0["id"] == "hold" }?["skipped"] == false)
        // What was skipped for this plan stays skipped when the other gate opens.
        try shop.must("resume", "web", "--stage", "prod", by: "olga")
        try shop.must("reconcile")
        #expect(try shop.version(in: "prod").contains("1.0.0"))
        let admitted = try #require(try records(shop, "admitted").first)
        let kept = items(admitted["gates"]).first { $0["id"] == "upstream" }
        #expect(kept?["verdict"] == "waiting" && kept?["skipped"] == true)
        #expect(try records(shop, "requested").first?["break_glass"] == .array(["upstream"]))
        #expect(try shop.must("audit", "verify").code == 0)
    }

    @Test func whoMayNotBreakGlassIsDeniedOnRecord() throws {
        let shop = try shop()
        let denied = try shop.run("promote", "web", "--to", "prod", "--version", "1.0.0", "--break-glass", "upstream", "--reason", "x")
        #expect(denied.code == 4 && denied.errors.contains("may not break-glass web"))
        #expect(try records(shop, "denied").first?["action"] == "break-glass")
        #expect(try shop.run("promote", "web", "--to", "prod", "--break-glass", "upstream", by: "sam").code == 2, "without a reason")
        let slip = try shop.run(
            "promote", "web", "--to", "prod", "--version", "1.0.0", "--break-glass", "upstreem", "--reason", "x", by: "sam")
        #expect(slip.code == 2 && slip.errors.contains("did you mean 'upstream'?"))
        #expect(try records(shop, "requested").isEmpty)
    }

    @Test func aReviewIsClosedBySomebodyElse() throws {
        let shop = try shop()
        try shop.must("promote", "web", "--to", "prod", "--version", "1.0.0", "--break-glass", "upstream", "--reason", "fix", by: "sam")
        let reviews = items(try shop.must("review", "list", "-o", "json").json?["reviews"])
        let id = try #require(reviews.first?["review"]?.stringValue)
        #expect(reviews.count == 1 && reviews[0]["by"] == "sam" && reviews[0]["reason"] == "fix" && reviews[0]["delivered"] == true)
        #expect(items(try shop.must("inbox", "-o", "json", by: "olga").json?["items"]).map { $0["kind"] } == ["review"])
        #expect(try shop.run("review", "close", id, "--reason", "mine", by: "sam").code == 4)
        try shop.must("review", "close", id, "--reason", "tested since", by: "olga")
        #expect(try shop.must("review", "list").output == "No review is open.\n")
        #expect(try shop.must("review", "close", id, "--reason", "again", "-o", "json", by: "olga").json?["result"] == "unchanged")
        #expect(try shop.must("audit", "verify").code == 0)
    }

    @Test(arguments: [true, false])
    func aHotfixIsContainedInWhatComesNextOrReviewed(_ contains: Bool) throws {
        let shop = try shop()
        try shop.must("promote", "web", "--to", "prod", "--version", "1.0.0", "--break-glass", "upstream", "--reason", "fix", by: "sam")
        var create = ["release", "create", "web", "1.1.0", "--repo", shop.place, "--actor", "rita"]
        if contains { create += ["--contains", "1.0.0"] }
        #expect(try shop.gradus.run(create).code == 0)
        for stage in ["dev", "qa"] { try shop.must("promote", "web", "--to", stage, "--version", "1.1.0") }
        let gate = try shop.gate("backfill", to: "prod")
        #expect(gate["verdict"] == (contains ? "passed" : "waiting"))
        if !contains {
            let command = try #require(gate["clear_with"]?.stringValue).split(separator: " ").map(String.init)
            #expect(try shop.run("promote", "web", "--to", "prod").code == 8)
            try shop.must("review", "close", command[3], "--reason", "not needed", by: "olga")
        }
        try shop.must("promote", "web", "--to", "prod")
        try shop.must("release", "create", "web", "1.2.0")
        for stage in ["dev", "qa", "prod"] { try shop.must("promote", "web", "--to", stage, "--version", "1.2.0") }
        #expect(try shop.version(in: "prod").contains("1.2.0"), "owed once")
    }

    @Test func aQueueOfAllTakesEachInItsTurn() throws {
        let shop = try shop(Shop.stages.replacing("{name: qa,", with: "{name: qa, auto_promote: true, queue: all,"))
        try shop.must("release", "create", "web", "1.1.0")
        try shop.must("promote", "web", "--to", "dev", "--version", "1.0.0")
        try shop.must("promote", "web", "--to", "dev", "--version", "1.1.0")
        let early = try shop.run("promote", "web", "--to", "qa", "--version", "1.1.0", "-o", "json")
        #expect(early.code == 8 && items(early.json?["gates"]).first { $0["id"] == "queue" }?["value"] == "1.0.0")
        #expect(early.json?["id"] == .null, "too early opens nothing")
        try shop.must("reconcile")
        #expect(try records(shop, "delivered").filter { $0["stage"] == "qa" }.map { $0["version"] } == ["1.0.0", "1.1.0"])
    }

    @Test func inAManualQueueNothingTakesAPlace() throws {
        let shop = try shop(Shop.stages.replacing("{name: dev,", with: "{name: dev, queue: manual, entry_criteria: [{smoke_tests: pass}],"))
        try shop.must("release", "create", "web", "1.1.0")
        #expect(try shop.run("promote", "web", "--to", "dev", "--version", "1.0.0").code == 8)
        let other = try shop.run("promote", "web", "--to", "dev", "--version", "1.1.0", "-o", "json")
        #expect(other.code == 8 && items(other.json?["gates"]).first { $0["id"] == "queue" }?["value"] == "1.0.0")
        #expect(try records(shop, "superseded").isEmpty && records(shop, "requested").count == 1)
    }

    /// A newer release in the stage before must not starve the next stage for ever.
    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func releasesInQuickSuccessionStarveNoStage() throws {
        let shop = try shop(
            """
              - {name: dev, next_stage: qa, health: report}
              - {name: qa, auto_promote: true, entry_criteria: [{soak_duration: 2h}]}
            """)
        try shop.must("promote", "web", "--to", "dev")
        let commit = try shop.git.git("rev-parse", "HEAD", in: shop.place)
        try shop.must("report", "web", "1.0.0", "--stage", "dev", "--health", "Healthy", "--revision", commit)
        try shop.must("release", "create", "web", "1.1.0", clock: "+3h")
        try shop.must("reconcile", "--stage", "dev", clock: "+3h")
        try shop.must("promote", "web", "--to", "dev", "--version", "1.1.0", clock: "+3h")
        try shop.must("reconcile", clock: "+3h")
        #expect(try shop.version(in: "qa").contains("1.0.0"))
    }

    @Test func theInboxHoldsWhatNeedsOnePerson() throws {
        let shop = try shop(Shop.stages.replacing("{name: dev,", with: "{name: dev, approval_required: true, approvers: [platform-team],"))
        #expect(try shop.run("promote", "web", "--to", "dev").code == 8)
        let mine = items(try shop.must("inbox", "-o", "json", by: "olga").json?["items"])
        #expect(mine.map { $0["kind"] } == ["approve"])
        let command = try #require(items(mine.first?["clear_with"]).first?.stringValue).split(separator: " ").map(String.init)
        #expect(items(try shop.must("inbox", "-o", "json").json?["items"]).map { $0["kind"] } == ["waiting"])
        #expect(try shop.must("inbox", by: "sam").output == "Nothing needs sam.\n")
        #expect(try shop.gradus.run(Array(command.dropFirst()) + ["--repo", shop.place, "--actor", "olga"]).code == 0)
        #expect(try shop.must("inbox", by: "olga").output == "Nothing needs olga.\n")
        try shop.must("promote", "web", "--to", "dev")
    }

    @Test func aDeniedFreezeIsOnRecordOnce() throws {
        let shop = try shop()
        for _ in 0..<2 { #expect(try shop.run("freeze", "add", "--all", "--reason", "x").code == 4) }
        #expect(try records(shop, "denied").map { $0["action"] } == ["freeze"])
        #expect(try shop.must("audit", "verify").code == 0)
    }

    @Test func anApprovalIsVoidWhenTheNamedWindowChanges() throws {
        let stages = """
              - name: dev
                approval_required: true
                approvers: [platform-team]
                entry_criteria: [{window: night}, {smoke_tests: pass}]
            """
        let shop = try Shop(
            stages: stages, files: ["workflows/calendar.yaml": "windows: {night: {kind: deny, schedule: '0 0 1 1 *', duration: 1m}}\n"])
        try shop.must("release", "create", "web", "1.0.0")
        try shop.must("approve", "web@dev", by: "olga")
        #expect(try shop.gate("approval", to: "dev")["verdict"] == "passed")
        try shop.environment.folder.write("shop/workflows/calendar.yaml", "windows: {night: {kind: deny, schedule: '0 0 1 1 *', duration: 2m}}\n")
        try shop.git.git("commit", "-qam", "longer night", in: shop.place)
        #expect(try shop.gate("approval", to: "dev")["verdict"] == "waiting")
    }
}
