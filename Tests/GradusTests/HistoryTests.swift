import Glibc
import PromotionEngine
import TestSupport
import Testing

/// Looking back: filters and pages of the history, and what was where at a time.
@Suite struct HistoryTests {
    @Test(arguments: [Place.bare, .cloneOfDaemon])
    func filtersAndPagesTellTheSameAsTheWholeHistory(_ place: Place) throws {
        let site = try Site(place, .open())
        try site("release create checkout 1.4.2", as: "ci")
        try site("promote checkout --to dev")
        try site("promote checkout --to qa", as: "olga")
        let all = try site.records()
        func lines(_ line: String) throws -> [JSONValue] { try #require(try site("history -o jsonl " + line).lines) }
        #expect(try lines("--service checkout --stage qa") == all.filter { $0.text("stage") == "qa" })
        #expect(try lines("--person ci") == all.filter { $0.text("initiator") == "ci" || $0.text("requester") == "ci" })
        #expect(try lines("--type delivered") == all.filter { $0.text("type") == "delivered" })
        #expect(try lines("--limit 3") == all.suffix(3))
        #expect(try lines("--limit 3 --before 5") == Array(all[1...3]))
        #expect(try lines("--limit 2 --after 4") == Array(all[4...5]))
        #expect(try site("history --limit 2").errors.contains("--before"))
        #expect(try site("history --type delvered").errors.contains("delivered"))
        try site("history --limit 0", exits: 2)
        try site("history --follow -o json", exits: 2)
    }

    @Test func freezesAreFoundByTheStageThatTheyClose() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let added = try site.json("freeze add --stage prod --reason release-day --until +2h")
        let id = try #require(added["record"]?.text("freeze"))
        try site("freeze add --workflow storefront --reason holidays --until +2h", as: "olga")
        try site("freeze remove \(id) --reason over")
        let found = try #require(try site("history --stage prod --type freeze.added -o jsonl").lines)
        #expect(found.count == 1 && found[0].text("freeze") == id, "\(found)")
        let exported = try #require(try site("audit export --stage prod -o jsonl").lines)
        #expect(exported.compactMap { $0.text("type") } == ["freeze.added", "freeze.added", "freeze.removed"], "\(exported)")
        #expect(try site("audit export --stage qa -o jsonl").lines?.count == 1)
    }

    @Test(arguments: [
        "audit export --stage prdo", "audit export --service chekout", "audit access --stage prdo", "audit access --at 2090-01-01",
        "audit rules --since 2026-02-01 --until 2026-01-01",
    ])
    func aFilterThatFitsNothingKnownIsNoEmptyList(_ line: String) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site(line, exits: 2)
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime moves the clock"))
    func explainLooksBackToo() throws {
        let site = try Site(.bare, Storefront(automatic: []))
        try site("release create checkout 1.4.2", clock: "-5h")
        try site("promote checkout --to dev --version 1.4.2", clock: "-4h")
        try site("report checkout 1.4.2 test_pass_rate=100 security_scan=pass", clock: "-2h")
        let hours = { (count: Int) in Instant(seconds: Int(time(nil)) - count * 3_600) }
        let before = try site.json("explain checkout --to qa --at \(hours(3))")
        #expect(before["gates"]?.items.filter { $0.text("verdict") == "waiting" }.count == 2, "\(before)")
        #expect(try site.json("explain checkout --to qa --at \(hours(1))")["gates"]?.items.allSatisfy { $0.text("verdict") == "passed" } == true)
        try site("explain checkout --to qa --at \(hours(-1))", exits: 2)
    }

    @Test func theIndexMayBeDeletedAtAnyTime() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let before = try site.records()
        let cache = site.environment.folder("cache/gradus/history")
        #expect(try CommandRunner(site.environment).run(["ls", cache]).output.contains(".sqlite"))
        _ = try CommandRunner(site.environment).run(["rm", "-rf", cache])
        #expect(try site.records() == before)
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime moves the clock"))
    func theMatrixOfATimeHoldsWhatTheOverlaysOfThatCommitHeld() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.1", clock: "-5h")
        try site("promote checkout --to dev --version 1.4.1", clock: "-4h")
        try site("release create checkout 1.4.2", clock: "-210m")
        try site("promote checkout --to dev --version 1.4.2", clock: "-3h")
        try site("promote checkout --to qa --version 1.4.1", clock: "-2h")
        try site("promote checkout --to qa --version 1.4.2", clock: "-1h")
        let delivered = try site.records().filter { $0.text("type") == "delivered" }
        #expect(delivered.count == 4)
        for record in delivered {
            let time = try #require(record.text("at").flatMap { Instant(parsing: $0) })
            let commit = try #require(record.text("commit"))
            let matrix = try site.json("matrix --at \(Instant(seconds: time.seconds + 60))")
            let cells = try #require(matrix["services"]?.items.first { $0.text("service") == "checkout" }?["cells"])
            for stage in Storefront.stages {
                let overlay = try site.git.blob(Storefront.kustomizationPath("checkout", stage), at: commit, in: site.authority)
                #expect(overlay.contains("newTag: \(try #require(cells[stage]?.text("version"))) "), "\(stage) at \(time)")
                #expect(cells[stage]?["drift"] == .bool(false))
            }
            let stage = try #require(record.text("stage"))
            #expect(cells[stage]?.text("commit") == commit)
            #expect(cells[stage]?["adopted"] == .bool(false))
        }
        #expect(try site.json("matrix")["services"] == site.json("matrix --at \(Instant(seconds: currentSeconds() - 60))")["services"])
        try site("matrix --at 2020-01-01", exits: 2)
        try site("matrix --at +2h", exits: 2)
    }

    @Test func aPromotionIsShownAsATimeline() throws {
        let site = try Site()
        try site.register()
        try site("reconcile")
        let id = try #require(try site.json("promote checkout --to prod --version 1.4.2 --reason basket", exits: 8).text("id"))
        let text = try site("show \(id)").output
        for part in ["checkout 1.4.2 to prod", "pending", "basket", "rita", "registered", "test_pass_rate=100"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains(" to dev succeeded"))
        try site("show nothing", exits: 2)
    }
}

private func currentSeconds() -> Int { Int(time(nil)) }
