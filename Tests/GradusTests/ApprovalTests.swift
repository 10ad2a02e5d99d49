import PromotionEngine
import TestSupport
import Testing

/// Who may say yes or no, to what, and for how long it stands.
@Suite struct ApprovalTests {
    /// `checkout 1.4.2` waits for an approval at the first stage.
    private static let guarded = Storefront(
        automatic: [], rules: ["dev": ["approval_required: true", "approvers: [platform-team]"]])

    private func waitingSite(_ storefront: Storefront = guarded) throws -> (Site, id: String) {
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        let waiting = try site.json("promote checkout --to dev", exits: 8)
        return (site, try #require(waiting.text("id")))
    }

    @Test func anApprovalByIdLetsItPass() throws {
        let (site, id) = try waitingSite()
        let record = try site.json("approve \(id) --reason looks-good", as: "olga")
        #expect(record["record"]?.text("type") == "approval.given" && record["record"]?.text("reason") == "looks-good")
        #expect(try site.json("approve \(id)", as: "olga").text("result") == "unchanged")
        #expect(try site.deployments().isEmpty, "an approval moves nothing")
        try site("reconcile")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
    }

    @Test(arguments: [("mallory", "not in platform-team"), ("rita", "requested the promotion")])
    func whoMayNotApproveIsToldWhy(_ person: String, _ reason: String) throws {
        let (site, _) = try waitingSite(
            Storefront(automatic: [], rules: ["dev": ["approval_required: true", "approvers: [platform-team]"]],
                more: ["workflows/groups.yaml": "groups: {platform-team: [olga, rita]}\n"]))
        let error = try site.json("approve checkout@dev", exits: 4, as: person)
        #expect(error.text("kind") == "Error" && error.text("message")?.contains(reason) == true, "\(error)")
        #expect(try !site.types().contains("approval.given"))
    }

    @Test func anAuthorMayNotApproveTheOwnRelease() throws {
        let site = try Site(.bare, Self.guarded)
        try site("release create checkout 1.4.2 --author olga")
        try site("promote checkout --to dev", exits: 8)
        try site("approve checkout@dev", exits: 4, as: "olga")
        try site("approve checkout@dev", as: "pavel")
        try site("promote checkout --to dev")
    }

    @Test func guardsNameTheVersionAndThePlan() throws {
        let (site, _) = try waitingSite()
        try site("approve checkout@dev --version 1.4.3", exits: 6, as: "olga")
        try site("approve checkout@dev --plan 0123456789ab", exits: 6, as: "olga")
        let digest = try #require(try site.json("plan checkout --to dev").text("plan_digest"))
        try site("approve checkout@dev --version 1.4.2 --plan \(digest.prefix(12))", as: "olga")
        try site("promote checkout --to dev")
    }

    @Test func aChangedPlanVoidsTheApproval() throws {
        let (site, _) = try waitingSite()
        try site("approve checkout@dev", as: "olga")
        let changed = Storefront.kustomization("checkout", tag: "1.3.9")
        try site.git.commit([Storefront.kustomizationPath("checkout", "dev"): changed], "by hand", to: site.authority)
        let waiting = try site.json("promote checkout --to dev", exits: 8)
        #expect(waiting.gate("approval")?.text("reason")?.contains("void because the plan changed") == true, "\(waiting)")
        try site("approve checkout@dev", as: "olga")
        try site("promote checkout --to dev")
    }

    @Test func anApprovalOutlivesAChangeThatIsNotThePlans() throws {
        let (site, _) = try waitingSite()
        try site("approve checkout@dev", as: "olga")
        try site.git.commit(["docs/notes.md": "hello\n", "workflows/calendar.yaml": "{}\n"], "unrelated", to: site.authority)
        try site("promote checkout --to dev")
    }

    @Test func aRejectionRefusesUntilItIsTakenBack() throws {
        let (site, _) = try waitingSite()
        try site("approve checkout@dev", as: "pavel")
        try site("reject checkout@dev --reason not-rehearsed", as: "olga")
        let refused = try site.json("promote checkout --to dev", exits: 6)
        #expect(refused.gate("approval")?.text("reason") == "olga rejected it: not-rehearsed")
        try site("reconcile")
        #expect(try site.deployments().isEmpty)
        try site("reject checkout@dev --withdraw", exits: 2, as: "pavel")
        try site("reject checkout@dev --withdraw", as: "olga")
        try site("promote checkout --to dev")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
    }

    @Test func aWithdrawnApprovalCountsNoMore() throws {
        let (site, _) = try waitingSite()
        try site("approve checkout@dev", as: "olga")
        try site("approve checkout@dev --withdraw", as: "olga")
        try site("promote checkout --to dev", exits: 8)
    }

    @Test func severalApprovalsOfDifferentGroupsAreCounted() throws {
        let rules = ["approvals: {min: 2, from: [platform-team, service-owner], required: [service-owner]}"]
        let (site, _) = try waitingSite(Storefront(automatic: [], rules: ["dev": rules]))
        try site("approve checkout@dev", as: "olga")
        try site("approve checkout@dev", as: "pavel")
        try site("promote checkout --to dev", exits: 8)
        try site("approve checkout@dev", as: "sam")
        try site("promote checkout --to dev")
        let message = try site.git.message(of: "main", in: site.authority)
        #expect(message.split(separator: "\n").filter { $0.hasPrefix("Approved-By: ") }.count == 3)
    }

    @Test func anUnknownPromotionIsAUsageError() throws {
        let (site, _) = try waitingSite()
        try site("approve checkout-dev-999", exits: 2, as: "olga")
        try site("approve checkout@nowhere", exits: 2, as: "olga")
    }
}
