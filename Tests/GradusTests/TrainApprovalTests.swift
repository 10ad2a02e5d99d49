import PromotionEngine
import TestSupport
import Testing

/// One answer for all members of a train, bound to each one's plan.
@Suite struct TrainApprovalTests {
    private static let guarded = ["api": TrainScene.approval, "db": TrainScene.approval, "web": TrainScene.approval]

    private func waiting(_ rules: [String: [String]] = guarded, _ mode: String = "") throws -> (TrainScene, id: String) {
        let scene = try TrainScene(.cloneOfBare, rules: rules)
        let train = try scene.run(mode, exits: 8)
        #expect(train.text("result") == "pending" && train.skip("api") == "approval", "\(train)")
        return (scene, try #require(train.text("id")))
    }

    @Test(arguments: ["", "--all-or-nothing"])
    func oneApprovalCountsForEveryMember(_ mode: String) throws {
        let (scene, id) = try waiting(Self.guarded, mode)
        let digest = try #require(try scene.site.json("train show \(id)").text("digest"))
        try scene.site("approve \(id) --plan 0123456789ab", exits: 6, as: "olga")
        let answer = try scene.site.json("approve \(id) --plan \(digest.prefix(12)) --reason rehearsed", as: "olga")
        #expect(answer["records"]?.items.count == 3, "\(answer)")
        #expect(try scene.site.json("approve \(id)", as: "olga").text("result") == "unchanged")
        let before = try scene.site.deployments().count
        try scene.site("reconcile")
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"])
        let commits = try scene.commits(after: before)
        #expect(commits.count == 1)
        #expect(try scene.trailers("Approved-By", of: try #require(commits.first)) == ["olga"])
        try scene.site.expectSoundLedger()
    }

    @Test func aChangedPlanVoidsTheApprovalOfThatMemberAlone() throws {
        let (scene, id) = try waiting()
        let digest = try #require(try scene.site.json("train show \(id)").text("digest"))
        try scene.site("approve \(id)", as: "olga")
        let changed = Storefront.kustomization("db", tag: "1.3.9")
        try scene.site.git.commit([Storefront.kustomizationPath("db", "prod"): changed], "by hand", to: scene.site.authority)
        #expect(try scene.site.json("train show \(id)").text("digest") != digest)
        let train = try scene.run()
        #expect(train.text("result") == "promoted" && train.skip("db") == "approval", "\(train)")
        #expect(try scene.tags() == ["2.0.0", "1.3.9", "2.0.0"])
        #expect(train.text("id") == id)
        try scene.site("approve \(id)", as: "olga")
        try scene.site("reconcile")
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"])
    }

    @Test(arguments: [("explain api --to prod", "gates"), ("status api", "open")])
    func aMemberIsExplainedWithTheOthers(_ command: String, _ key: String) throws {
        let (scene, id) = try waiting()
        let shown = try scene.site.json(command, exits: 0, 8)
        let gates = (key == "open" ? shown["open"]?.items.first?["gates"] : shown["gates"])?.items ?? []
        #expect(gates.first { $0.text("id") == "approval" }?.text("clear_with") == "gradus approve \(id)", "\(shown)")
    }

    @Test func allOrNothingWaitsForTheLastApproval() throws {
        let (scene, id) = try waiting(Self.guarded, "--all-or-nothing")
        try scene.site("approve api@prod", as: "olga")
        try scene.site("approve db@prod", as: "olga")
        try scene.site("reconcile")
        #expect(try scene.tags() == ["1.0.0", "1.0.0", "1.0.0"])
        let shown = try scene.site.json("train show \(id)")
        #expect(shown.skip("web") == "approval" && shown.skip("api") == nil && shown.member("api")?.text("phase") == "pending", "\(shown)")
        try scene.site("approve \(id)", as: "olga")
        #expect(try scene.run("--all-or-nothing").text("id") == id)
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"])
    }

    @Test func whoMayAnswerForSomeAnswersForThose() throws {
        var rules = Self.guarded
        rules["db"] = ["approval_required: true", "approvers: [service-owner]"]
        let (scene, id) = try waiting(rules)
        let answer = try scene.site("approve \(id)", as: "olga")
        #expect(answer.errors.contains("it counts for 2 of 3 members, not for db (olga is not in service-owner)"), "\(answer.errors)")
        let train = try scene.run()
        #expect(train.skip("db") == "approval")
        #expect(try scene.tags() == ["2.0.0", "1.0.0", "2.0.0"])
        let error = try scene.site.json("approve \(id)", exits: 4, as: "olga")
        #expect(error.text("message")?.contains("olga may not answer for \(id)") == true, "\(error)")
    }

    @Test func aRejectionAndAnAbortCloseAllMembers() throws {
        for (line, actor, phase) in [("reject ID --reason early", "olga", "rejected"), ("abort ID --reason early", "rita", "aborted")] {
            let (scene, id) = try waiting()
            try scene.site(line.replacing("ID", with: id), as: actor)
            let shown = try scene.site.json("train show \(id)")
            #expect(shown.text("result") == "closed" && shown["members"]?.items.allSatisfy { $0.text("phase") == phase } == true, "\(shown)")
            try scene.site("reconcile")
            #expect(try scene.tags() == ["1.0.0", "1.0.0", "1.0.0"])
        }
    }

    /// A member that is promoted by itself leaves a train of which all must go.
    @Test func aTrainThatLostAMemberDoesNotGoByItself() throws {
        let (scene, id) = try waiting(Self.guarded, "--all-or-nothing")
        try scene.site("approve \(id)", as: "olga")
        try scene.site("abort api@prod --reason not-this-one")
        try scene.site("reconcile")
        #expect(try scene.tags() == ["1.0.0", "1.0.0", "1.0.0"])
        try scene.run("--all-or-nothing")
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"])
    }
}
