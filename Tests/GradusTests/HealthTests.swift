import PromotionEngine
import TestSupport
import Testing

/// What a stage's health does to its promotion and to those after it.
@Suite struct HealthTests {
    private static let watched = Storefront(automatic: [], rules: ["dev": ["health: report", "verify_for: 0s"]])

    private func delivered(_ storefront: Storefront = watched) throws -> (Site, commit: String) {
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        let promotion = try site.json("promote checkout --to dev")
        #expect(promotion.text("phase") == "verifying" && promotion.text("result") == "promoted")
        return (site, try #require(promotion.text("commit")))
    }

    @Test func aHealthyReportOfTheCommitVerifies() throws {
        let (site, commit) = try delivered()
        #expect(try site.json("promote checkout --to qa --version 1.4.2", exits: 8).gate("upstream")?.text("verdict") == "waiting")
        try site("report checkout 1.4.2 --stage dev --health healthy --revision \(commit)")
        let moves = try site.json("reconcile")["moves"]?.items ?? []
        #expect(moves.contains { $0.text("phase") == "succeeded" && $0.text("to") == "dev" })
        #expect(try site.tag("checkout", "qa") == "1.4.2")
        #expect(try site.json("promote checkout --to dev").text("phase") == "succeeded")
    }

    @Test func aDegradedReportFailsIt() throws {
        let (site, commit) = try delivered()
        try site("report checkout 1.4.2 --stage dev --health Degraded --revision \(commit)")
        try site("reconcile", exits: 5)
        let next = try site.json("promote checkout --to qa --version 1.4.2", exits: 6)
        #expect(next.gate("upstream")?.text("verdict") == "failed")
        // Asked for again, it is a new attempt of what stands already.
        #expect(try site.json("promote checkout --to dev").text("phase") == "verifying")
        #expect(try site.deployments().count == 1)
    }

    /// What the files held before Gradus was never registered; after a rollback to it its health decides like any other's.
    @Test func theHealthOfABaselineThatCameBackIsReportedAndCounts() throws {
        let rules = ["health: report", "verify_for: 0s", "on_failure: rollback", "entry_criteria: [{target_health: healthy}]"]
        let site = try Site(.bare, Storefront(automatic: [], rules: ["dev": rules]))
        func report(_ version: String, _ status: String) throws -> JSONValue {
            let commit = try site.git.git("rev-parse", "main", in: site.authority)
            return try site.json("report checkout \(version) --stage dev --health \(status) --revision \(commit)")
        }
        #expect(try report("1.0.0", "Healthy").text("result") == "recorded")
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        _ = try report("1.4.2", "Degraded")
        try site("reconcile", exits: 5)
        #expect(try site.tag("checkout", "dev") == "1.0.0")
        try site("resume checkout --stage dev")
        try site("release create checkout 1.4.3")
        let waiting = try site.json("promote checkout --to dev --version 1.4.3", exits: 8)
        let command = try #require(waiting.gate("dev.entry.target_health")?.text("clear_with"))
        #expect(try site.json(String(command.dropFirst("gradus ".count))).text("result") == "recorded")
        let moves = try site.json("reconcile")["moves"]?.items ?? []
        #expect(moves.contains { $0.text("version") == "1.0.0" && $0.text("phase") == "succeeded" }, "\(moves)")
        #expect(try site.json("promote checkout --to dev --version 1.4.3").text("phase") == "verifying")
        #expect(try site("report checkout 7.7.7 --stage dev --health Healthy --revision \(String(repeating: "a", count: 40))", exits: 2)
            .errors.contains("not a registered release"))
        try site.expectSoundLedger()
    }

    @Test func waitingForVerificationEndsWithTheFailure() throws {
        let (site, commit) = try delivered()
        try site("report checkout 1.4.2 --stage dev --health Degraded --revision \(commit)")
        try site("promote checkout --to dev --wait --timeout 30s", exits: 5)
    }

    @Test func waitingForVerificationTimesOutWithTheDocument() throws {
        let (site, _) = try delivered()
        let document = try site.json("promote checkout --to dev --wait=verified --timeout 1s", exits: 7)
        #expect(document.text("phase") == "verifying")
    }

    @Test func healthOfAnotherRevisionIsRecordedAndNotCounted() throws {
        let (site, _) = try delivered()
        let before = try #require(try site.git.commits(in: site.authority).first)
        let report = try site.json("report checkout 1.4.2 --stage dev --health Healthy --revision \(before)")
        #expect(report.text("result") == "recorded" && report.text("next")?.contains("does not count") == true)
        try site("reconcile")
        #expect(try !site.types().contains("failed") && site.json("promote checkout --to dev").text("phase") == "verifying")
    }

    @Test func aLaterCommitWithTheSameValuesCountsAndOneWithoutDoesNot() throws {
        let (site, _) = try delivered()
        try site.git.commit(["docs/a.md": "a\n"], "unrelated", to: site.authority)
        let later = try site.git.git("rev-parse", "main", in: site.authority)
        try site.git.commit(
            [Storefront.kustomizationPath("checkout", "dev"): Storefront.kustomization("checkout")], "revert", to: site.authority)
        let reverted = try site.git.git("rev-parse", "main", in: site.authority)
        #expect(
            try site.json("report checkout 1.4.2 --stage dev --health Degraded --revision \(reverted)")
                .text("next")?.contains("does not count") == true)
        try site("report checkout 1.4.2 --stage dev --health Healthy --revision \(later)")
        #expect(try site.json("reconcile")["moves"]?.items.contains { $0.text("phase") == "succeeded" } == true)
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func aSoakCountsHealthyTimeOnly() throws {
        let rules = ["dev": ["health: report", "verify_for: 0s", "exit_criteria: [{soak_duration: 24h}]"]]
        let (site, commit) = try delivered(Storefront(automatic: [], rules: rules))
        let report = "report checkout 1.4.2 --stage dev --revision \(commit) --health"
        try site("\(report) Healthy")
        try site("reconcile")
        let early = try site.json("promote checkout --to qa", exits: 8, clock: "+23h")
        let gate = early.gate("dev.exit.soak_duration")
        #expect(gate?.text("verdict") == "waiting" && gate?.text("next_check") != nil, "\(early)")
        try site("\(report) Progressing", clock: "+24h")
        #expect(try site.json("promote checkout --to qa", exits: 8, clock: "+25h").gate("dev.exit.soak_duration")?.text("verdict") == "waiting")
        try site("\(report) Healthy", clock: "+26h")
        try site("promote checkout --to qa", exits: 8, clock: "+49h")
        try site("promote checkout --to qa", clock: "+51h")
        #expect(try site.tag("checkout", "qa") == "1.4.2")
        try site.expectSoundLedger()
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func aSoakInAnUnwatchedStageTakesReportsToo() throws {
        let rules = ["dev": ["exit_criteria: [{soak_duration: 24h}]"]]
        let site = try Site(.bare, Storefront(automatic: [], rules: rules))
        try site("release create checkout 1.4.2")
        let commit = try #require(try site.json("promote checkout --to dev").text("commit"))
        let unknown = try site.json("promote checkout --to qa", exits: 8, clock: "+25h")
        let command = try #require(unknown.gate("dev.exit.soak_duration")?.text("clear_with"))
        #expect(command.contains(commit))
        try site(String(command.dropFirst("gradus ".count)))
        try site("promote checkout --to qa", clock: "+25h")
    }
}
