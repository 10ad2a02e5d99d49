import Glibc
import PromotionEngine
import TestSupport
import Testing

/// What was is read whole and told truly, whoever writes to the repository afterwards.
@Suite struct AuditPastTests {
    private static let ledger = "refs/heads/gradus/ledger/000001"
    private static let checkout = Storefront.kustomizationPath("checkout", "dev")
    /// Before anything that a test does, and long before.
    private let before = Instant(seconds: Int(time(nil)) - 3_600)
    private let longAgo = "2019-05-05T00:00:00Z"

    /// One promotion of checkout to dev.
    private func promoted(_ place: Place = .bare, _ storefront: Storefront = .open()) throws -> Site {
        let site = try Site(place, storefront)
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        return site
    }

    /// Somebody changes the version of checkout in dev by hand.
    private func edit(_ site: Site, from old: String, to new: String, _ message: String = "by hand", at date: String? = nil) throws {
        try site.git.commit([Self.checkout: try site.file(Self.checkout).replacing(old, with: new)], message, to: site.authority, at: date)
    }

    private func changes(_ site: Site, _ options: String = "--stage dev") throws -> [JSONValue] {
        try #require(try site.json("audit report \(options)")["changes"]?.items)
    }

    // MARK: The ledger's end

    @Test(arguments: [Place.bare, .cloneOfBare, .cloneOfDaemon])
    func aLedgerThatWasMovedBackIsAFaultToWhoLooksBack(_ place: Place) throws {
        let site = try promoted(place)
        try site("audit verify")
        let end = try site.git.git("rev-parse", Self.ledger, in: site.authority)
        for deleted in [false, true] {
            if deleted {
                try site.git.git("update-ref", "-d", Self.ledger, in: site.authority)
            } else {
                try site.git.git("update-ref", Self.ledger, Self.ledger + "~2", in: site.authority)
            }
            let document = try site.json("audit verify", exits: 1)
            #expect(document.text("result") == "broken" && document.text("fault")?.contains("moved back") == true, "\(document)")
            for line in ["audit verify", "history", "show checkout-dev-3", "audit export", "backup \(site.environment.folder("moved.bundle"))"] {
                let told = try site(line, exits: 1)
                #expect((told.output + told.errors).contains("moved back") && told.errors.contains(end), "\(line): \(told)")
            }
        }
        try site.git.git("update-ref", Self.ledger, end, in: site.authority)
        try site("audit verify")
    }

    @Test func aRepositoryWithoutALedgerSaysSo() throws {
        let site = try Site(.bare, .open())
        #expect(try site("audit verify").output.contains("There is no ledger") && site.json("audit verify").text("result") == "absent")
        try site.git.git("update-ref", "refs/heads/gradus", "main", in: site.authority)
        for line in ["audit verify", "history", "audit export", "matrix"] {
            let told = try site(line, exits: 1)
            #expect((told.output + told.errors).contains("a branch named 'gradus'"), "\(line): \(told)")
        }
    }

    // MARK: Rules that cannot be read

    @Test func brokenRulesDoNotShutOffThePast() throws {
        let site = try promoted()
        let then = Instant(seconds: Int(time(nil)))
        let later = Instant(seconds: then.seconds + 2)
        try site.git.commit(["workflows/other.yaml": "stages: [\n"], "another team starts", to: site.authority, at: later.description)
        usleep(2_100_000)
        for line in [
            "history", "show checkout-dev-3", "audit export", "backup \(site.environment.folder("past.bundle"))", "audit rules", "audit access --at \(then)", "matrix --at \(then)",
        ] { try site(line, as: "Rita Release <rita@example.com>") }
        for line in ["audit verify", "audit report", "audit sample --count 1 --seed x", "metrics dora"] {
            let told = try site(line, as: "Rita Release <rita@example.com>")
            #expect(told.errors.contains("the rules at the tip cannot be read") && told.errors.contains("other.yaml:2:1"), "\(line): \(told)")
        }
        #expect(try changes(site).count == 1)
        try site("promote checkout --to qa", exits: 2)
    }

    // MARK: When

    @Test func aBackdatedCommitIsOfNoEarlierTimeThanWhatItStandsOn() throws {
        let site = try promoted()
        try edit(site, from: "1.4.2", to: "6.6.6", at: longAgo)
        try site.git.commit(["workflows/groups.yaml": "groups:\n  platform-team: [mallory]\n"], "new people", to: site.authority, at: longAgo)
        let found = try changes(site, "--stage dev --since \(before)")
        #expect(found.count == 2 && found[1]["exceptions"] == ["unrecorded_external"], "\(found)")
        #expect(try site("audit rules --since \(before)").output.contains("new people"))
        #expect(try site("audit verify").errors.contains("says that it is of 2019-05-05T00:00:00Z"))
        for line in ["matrix --at 2020-01-01", "audit access --at 2020-01-01"] {
            let told = try site(line, exits: 1, 2)
            #expect(!told.output.contains("6.6.6") && !told.output.contains("mallory"), "\(told)")
        }
    }

    @Test func aCommitOfTheFutureIsOfNoLaterTimeThanWhatWasDeliveredAboveIt() throws {
        let site = try promoted()
        try edit(site, from: "1.4.2", to: "6.6.6", at: "2099-01-01T00:00:00Z")
        try site("release create web 2.0.0")
        try site("promote web --to dev")
        let until = Instant(seconds: Int(time(nil)) + 60)
        #expect(try changes(site, "--stage dev --service checkout --until \(until)").count == 2)
        #expect(try site("matrix --at \(Instant(seconds: Int(time(nil))))").output.contains("6.6.6"))
    }

    @Test func aChangeFromOutsideIsOfTheSameTimeAndVersionBeforeAndAfterItIsRecorded() throws {
        let site = try promoted()
        try edit(site, from: "1.4.2", to: "6.6.6")
        let found = try changes(site)
        usleep(2_100_000)
        try site("reconcile")
        let recorded = try changes(site)
        #expect(found.count == 2 && recorded.count == 2 && recorded.dropFirst().allSatisfy { $0["exceptions"] == ["external"] }, "\(recorded)")
        for (one, other) in zip(found, recorded) {
            for key in ["id", "delivered_at", "version", "requester", "commit"] { #expect(one[key] == other[key], "\(key): \(one) \(other)") }
        }
    }

    // MARK: What

    @Test func aStageThatWasProductionStaysInThePopulationUnderItsName() throws {
        let site = try promoted(.bare, Storefront(automatic: [], rules: ["dev": ["class: production"]]))
        let workflow = try site.file("workflows/storefront.yaml")
        #expect(try changes(site, "").count == 1)
        // The same files under another name, and with another class.
        for changed in [workflow.replacing("name: dev", with: "name: live"), workflow.replacing("class: production", with: "class: development").replacing("name: prod", with: "name: prod\n    class: production")] {
            try site.git.commit(["workflows/storefront.yaml": changed], "the rules change", to: site.authority)
            let result = try site("audit report -o json")
            let document = try #require(result.json)
            #expect(document["population"] == 1 && document["changes"]?[0]?.text("stage") == "dev", "\(document)")
            #expect(document["scope"]?["stages"]?.items.contains("dev") == true && result.errors.contains("production by the rules of then"), "\(result)")
            #expect(try site.json("audit sample --count 5 --seed x")["population"] == 1)
            #expect(try site.json("metrics dora")["total"]?["deployments"] == 1)
        }
    }

    @Test func changesWhereNothingWasDeliveredAreNamedAndForgedTrailersToo() throws {
        let site = try promoted()
        #expect(try site("audit verify").output.contains("1 of 1 commit looked at touch declared values, all of them by promotions."))
        let path = Storefront.kustomizationPath("web", "dev")
        try site.git.commit(
            [path: try site.file(path).replacing("1.0.0", with: "6.6.6")], "Promote web 6.6.6 to dev\n\nGradus-Promotion: web-dev-99\nApproved-By: olga",
            to: site.authority)
        let result = try site("audit verify")
        let document = try site.json("audit verify")
        #expect(!result.output.contains(", all of them by promotions") && result.output.contains("web in dev"), "\(result)")
        #expect(result.errors.contains("web-dev-99, of which the ledger holds no record") && result.errors.contains("baseline"), "\(result)")
        #expect(document["baseline"]?.items.count == 1 && document["external"]?.items.isEmpty == true && document["touching_commits"] == 2, "\(document)")
        #expect(try site("audit report --stage dev").output.contains("Changes where nothing had been delivered yet"))
        try site("release create web 2.0.0")
        try site("promote web --to dev")
        #expect(try site.json("audit verify")["external"]?.items.isEmpty == true)
    }

    @Test func anotherTargetBranchIsToldAndTheFormerOneIsStillLookedAt() throws {
        let site = try promoted()
        try site.git.git("branch", "side", "main", in: site.authority)
        try site.git.commit([".gradus/config.yaml": "branch: side\n"], "settings", to: site.authority)
        try edit(site, from: "1.4.2", to: "6.6.6")
        #expect(try site("audit rules").output.contains("main -> side"))
        let result = try site("audit verify")
        #expect(result.output.contains("6.6.6") && result.errors.contains("promotions go to side now"), "\(result)")
        #expect(try changes(site).count == 2)
    }

    @Test func aChangeThatWasPutBackIsNamedWithoutACommandThatDoesNothing() throws {
        let site = try promoted()
        try edit(site, from: "1.4.2", to: "6.6.6")
        try edit(site, from: "6.6.6", to: "1.4.2")
        let result = try site("audit verify")
        #expect(result.output.contains("2 of those changes came from outside") && !result.errors.contains("gradus reconcile"), "\(result)")
        #expect(result.errors.contains("main holds again what the ledger says"), "\(result)")
        try edit(site, from: "1.4.2", to: "6.6.6")
        #expect(try site("audit verify").errors.contains("`gradus reconcile` records it"))
    }
}
