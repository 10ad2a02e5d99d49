import Glibc
import PromotionEngine
import TestSupport
import Testing

/// What a pipeline relies on: one request is one promotion, and documents and exit codes tell what the ledger says.
@Suite struct PipelineTests {
    /// Two stages, the first of which is verified by reports and rolled back when it is ill.
    private static let watched = Storefront(
        automatic: [], rules: ["dev": ["health: report", "verify_for: 0s", "on_failure: rollback"]])

    private func wait(for type: String, in stage: String = "dev", _ site: Site) throws {
        for _ in 0..<100 {
            if try site.records().contains(where: { $0.text("type") == type && $0.text("stage") == stage }) { return }
            usleep(100_000)
        }
        Issue.record("no record of \(type) in \(stage) came")
    }

    private func tell(_ status: String, _ version: String, _ site: Site) throws {
        let tip = try site.git.git("rev-parse", "main", in: site.authority)
        try site("report checkout \(version) --stage dev --health \(status) --revision \(tip)")
    }

    private func requests(_ site: Site, _ version: String) throws -> Int {
        try site.records().count { $0.text("type") == "requested" && $0.text("version") == version }
    }

    // MARK: Waiting

    @Test func aWaiterEndsWithWhatAPersonAborted() throws {
        let site = try Site(.bare, Storefront(automatic: []))
        try site.register(passing: false)
        try site("promote checkout --to dev")
        let waiter = try site.start(["promote", "checkout", "--to", "qa", "--wait", "--timeout", "40s", "-o", "json"])
        try wait(for: "requested", in: "qa", site)
        try site("abort checkout@qa --reason stop", as: "olga")
        let result = try waiter.result()
        #expect(result.code == 6, "\(result)")
        #expect(result.json?.text("phase") == "aborted" && result.json?.text("result") == "aborted")
        #expect(try site.types().last == "aborted", "somebody asked again")
    }

    @Test func twoWaitersDoNotTakeEachOthersPlaceForEver() throws {
        let site = try Site(.bare, Self.watched)
        try site("release create checkout 1.4.2")
        try site("release create checkout 1.4.3")
        let waiter = try site.start(["promote", "checkout", "--to", "dev", "--version", "1.4.2", "--wait", "--timeout", "40s", "-o", "json"])
        try wait(for: "delivered", site)
        try site.json("promote checkout --to dev --version 1.4.3 --wait --timeout 4s", exits: 7)
        let result = try waiter.result()
        #expect(result.code == 6 && result.json?.text("phase") == "superseded" && result.json?.text("version") == "1.4.2", "\(result)")
        #expect(try site.tag("checkout", "dev") == "1.4.3" && site.deployments().count == 2)
        #expect(try requests(site, "1.4.2") == 1 && requests(site, "1.4.3") == 1)
    }

    @Test func anInterruptedWaiterNamesItsPromotion() throws {
        let site = try Site(.bare, Self.watched)
        try site("release create checkout 1.4.2")
        let waiter = try site.start(["promote", "checkout", "--to", "dev", "--wait", "--timeout", "40s"])
        try wait(for: "delivered", site)
        usleep(1_500_000)
        waiter.send(SIGINT)
        let result = try waiter.result()
        let id = try #require(try site.records().first { $0.text("type") == "requested" }?.text("promotion"))
        #expect(result.code == 130 && result.errors.contains("waiting for \(id)") && result.errors.contains("gradus retry \(id)"), "\(result)")
        #expect(try site.json("retry \(id)").text("phase") == "verifying")
    }

    // MARK: Evidence

    @Test(arguments: [("50", "100"), ("100", "9")])
    func aRepeatedPostIsNewWhereAScopedOneCountsSince(_ wide: String, _ scoped: String) throws {
        let site = try Site(.bare, Storefront(automatic: []))
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        try site("report checkout 1.4.2 security_scan=pass")
        let post = "report checkout 1.4.2 test_pass_rate=\(wide)"
        try site(post)
        #expect(try site.json(post).text("result") == "unchanged")
        try site("report checkout 1.4.2 --stage dev test_pass_rate=\(scoped)")
        #expect(try site.json(post).text("result") == "recorded")
        #expect(try site.json(post).text("result") == "unchanged")
        #expect(try site.json("explain checkout --to qa").gate("dev.exit.test_pass_rate")?.text("value") == wide)
        // A post for another edge takes nothing from this one.
        try site("report checkout 1.4.2 --stage staging test_pass_rate=7")
        let narrow = "report checkout 1.4.2 --stage dev test_pass_rate=\(scoped)"
        #expect(try site.json(narrow).text("result") == "recorded" && site.json(narrow).text("result") == "unchanged")
    }

    // MARK: Rollbacks

    @Test func aReleaseThatWasVerifiedOnceStaysATargetOfRollbacks() throws {
        let site = try Site(.bare, Self.watched)
        func promote(_ version: String, _ status: String) throws {
            try site("release create checkout \(version)")
            try site("promote checkout --to dev --version \(version)")
            try tell(status, version, site)
            try site("reconcile", exits: status == "Healthy" ? 0 : 5)
        }
        try promote("1.4.1", "Healthy")
        try promote("1.4.2", "Healthy")
        try promote("1.4.3", "Degraded")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
        // Before anybody has told that 1.4.2 is healthy again, something newer takes its place.
        try site("resume checkout --stage dev")
        try promote("1.4.4", "Degraded")
        #expect(try site.tag("checkout", "dev") == "1.4.2", "it went too far back")
        let back = try #require(try site.records().last { $0.text("type") == "requested" })
        #expect(back.text("trigger") == "rollback" && back.text("version") == "1.4.2")
        #expect(try site("rollback checkout --stage dev --version 1.4.3 --reason x", exits: 6).errors.contains("1.4.1"))
        try site("rollback checkout --stage dev --version 1.4.1 --reason x")
        // Taken back by hand, 1.4.2 has proved itself no more.
        try site("rollback checkout --stage dev --version 1.4.2 --reason x", exits: 6)
        try site.expectSoundLedger()
    }

    // MARK: What could not be found out

    @Test func reconcileEndsWithOneWhenAGateCouldNotBeFoundOut() throws {
        let site = try Site()
        let file = site.environment.folder("e.xml")
        try site.environment.folder.write("e.xml", "<testsuites><testsuite name=\"a\" tests=\"0\"></testsuite></testsuites>")
        try site("release create checkout 1.4.2")
        try site("reconcile")
        try site("report checkout 1.4.2 --junit \(file) security_scan=pass")
        let before = try site.records().count
        let document = try site.json("reconcile", exits: 1)
        let errors = document["errors"]?.items ?? []
        #expect(errors.map { $0.text("service") } == ["checkout"] && errors.map { $0.text("stage") } == ["qa"], "\(document)")
        #expect(errors.first?.text("message")?.contains("dev.exit.test_pass_rate: the report holds no executed test") == true, "\(document)")
        #expect(document["moves"]?.items.isEmpty == true)
        #expect(try site("reconcile", exits: 1).errors.contains("dev.exit.test_pass_rate"))
        #expect(try site.records().count == before, "nothing is recorded")
        #expect(try site.json("promote checkout --to qa", exits: 1).text("phase") == "errored")
        try site("report checkout 1.4.2 test_pass_rate=100")
        try site("reconcile")
        #expect(try site.tag("checkout", "qa") == "1.4.2")
    }

    @Test func anOpenPromotionThatCannotBeDecidedIsToldToo() throws {
        let site = try Site(.bare, Storefront(automatic: ["dev"]))
        try site.environment.folder.write("e.xml", "<testsuites><testsuite name=\"a\" tests=\"0\"></testsuite></testsuites>")
        try site("release create checkout 1.4.2")
        try site("reconcile")
        try site.json("promote checkout --to qa", exits: 8)
        try site("reconcile")
        try site("report checkout 1.4.2 --junit \(site.environment.folder("e.xml")) security_scan=pass")
        let errors = try site.json("reconcile", exits: 1)["errors"]?.items ?? []
        #expect(errors.map { $0.text("stage") } == ["qa"], "\(errors)")
    }

    // MARK: Documents

    @Test func theDocumentAfterARollbackIsThatOfThePromotionAskedFor() throws {
        let site = try Site(.bare, Self.watched)
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        try tell("Healthy", "1.4.2", site)
        try site("reconcile")
        try site("release create checkout 1.4.3")
        #expect(try site.json("plan checkout --to dev")["id"] == .null && site.json("explain checkout --to dev")["id"] == .null)
        #expect(try site.json("promote checkout --to dev --dry-run")["id"] == .null)
        let first = try site.json("promote checkout --to dev")
        try tell("Degraded", "1.4.3", site)
        let last = try site.json("promote checkout --to dev --wait --timeout 20s", exits: 5)
        for key in ["id", "version", "commit", "plan_digest", "requester"] { #expect(last[key] == first[key], "\(key): \(last)") }
        #expect(last.text("phase") == "rolled_back" && last.text("result") == "failed")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
    }

    @Test func aPlanNamesThePromotionThatIsOpen() throws {
        let site = try Site(.bare, Storefront(automatic: ["dev"]))
        try site.register(passing: false)
        try site("reconcile")
        func candidate() throws -> JSONValue? {
            try site.json("status checkout")["next"]?.items.first { $0.text("to") == "qa" }
        }
        #expect(try candidate()?["id"] == .null)
        let id = try #require(try site.json("promote checkout --to qa", exits: 8).text("id"))
        #expect(try site.json("plan checkout --to qa").text("id") == id && site.json("explain checkout --to qa").text("id") == id)
        try site("show \(id)")
    }

    // MARK: Words

    @Test func aDowngradeIsToldInWords() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.5.0")
        try site("release create checkout 1.4.9")
        #expect(try !site("promote checkout --to dev --version 1.5.0").output.contains("downgrade"))
        #expect(try site("promote checkout --to dev --version 1.4.9 --dry-run").output.contains("downgrade from 1.5.0"))
        #expect(try site("promote checkout --to dev --version 1.4.9").output.contains("This is a downgrade from 1.5.0."))
        #expect(try !site("rollback checkout --stage dev --version 1.5.0 --reason x").output.contains("downgrade"))
    }

    @Test func aBlankActorAndABrokenTicketAreRefused() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        for actor in [" ", "\u{2003}", "Rita < >"] {
            let result = try site.run(["promote", "checkout", "--to", "dev", "--actor", actor])
            let named = try site.run(["promote", "checkout", "--to", "dev"], as: actor)
            #expect(result.code == 2 && named.code == 2, "'\(actor)': \(result) \(named)")
        }
        for ticket in ["CHG-1\nApproved-By: m2", "CHG-1\r", "CHG\t1", "CHG\u{2028}1", "CHG\u{1B}[2J"] {
            let result = try site.run(["promote", "checkout", "--to", "dev", "--ticket", ticket])
            #expect(result.code == 2 && result.errors.contains("a ticket takes no line breaks"), "\(result)")
        }
        #expect(try !site.types().contains("requested"))
        try site("promote checkout --to dev --ticket CHG-1")
    }
}
