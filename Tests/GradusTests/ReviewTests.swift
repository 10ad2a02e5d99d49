import PromotionEngine
import TestSupport
import Testing

/// Who may look at what was admitted past gates, and what a second answer says.
@Suite struct ReviewTests {
    private func broken() throws -> (Site, review: String) {
        let permissions = """
            permissions:
              - {allow: [promote, approve], groups: [platform-team, service-owner, interns]}
              - {allow: [break-glass], groups: [platform-team]}

            """
        let groups = Storefront.groups + "  interns: [ivo]\n" + permissions
        var storefront = Storefront(automatic: [], rules: ["prod": ["approval_required: true", "approvers: [platform-team]"]])
        storefront.more = ["workflows/groups.yaml": groups]
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2", as: "olga")
        for stage in ["dev", "qa", "staging"] { try site("promote checkout --to \(stage)", as: "olga") }
        try site("promote checkout --to prod --break-glass approval --reason outage", as: "olga")
        let reviews = try #require(try site.json("review list")["reviews"]?.items)
        return (site, try #require(reviews.first?.text("review")))
    }

    @Test func onlyWhoseApprovalWouldHaveCountedClosesAReview() throws {
        let (site, id) = try broken()
        #expect(try site("review close \(id) --reason fine", exits: 4, as: "ivo").errors.contains("ivo is not in platform-team"))
        #expect(try site("review close \(id) --reason fine", exits: 4, as: "olga").errors.contains("broke glass there"))
        #expect(try site.json("review close \(id) --reason fine", as: "pavel").text("result") == "recorded")
        let count = try site.records().count
        #expect(try site.json("review close \(id) --reason fine", as: "pavel").text("result") == "unchanged")
        #expect(try site.records().count == count)
        try site("review close review-999 --reason fine", exits: 2, as: "pavel")
        try site.expectSoundLedger()
    }
}
