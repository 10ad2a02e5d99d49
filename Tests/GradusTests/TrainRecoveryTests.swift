import PromotionEngine
import TestSupport
import Testing

/// Trains that died on the way, and trains that go back.
@Suite(.serialized) struct TrainRecoveryTests {
    @Test(arguments: [Place.cloneOfBare, .workTree])
    func aDeathBeforeOrAfterAnyEffectIsMadeGoodInOneCommit(_ place: Place) throws {
        let scene = try TrainScene(place, isShared: place == .workTree)
        var points = ["move.before@1", "move.after@1", "move.before@2", "move.after@2", "move.before@3", "move.after@3"]
        if place == .workTree { points += ["checkout.before@1", "checkout.after@1"] }
        for (round, point) in points.enumerated() {
            if round > 0 { for service in scene.services { try scene.stage("2.\(round).0", of: service) } }
            let before = try scene.site.deployments().count
            let line = ["train", "run", "--from", "staging", "--to", "prod", "--all-or-nothing"]
            let victim = try scene.site.run(line, adding: ["GRADUS_FAILPOINT": point])
            #expect([0, 137].contains(victim.code), "\(point): \(victim)")
            // Whoever comes next finishes it: the same command, automation, or a promotion of one of its services.
            let next = ["train run \(TrainScene.edge) --all-or-nothing", "reconcile", "promote db --to prod"]
            try scene.site(next[point.hasPrefix("move.after@1") || point.hasPrefix("move.before@2") ? round % 3 : 0])
            if point == "move.before@1" { try scene.run("--all-or-nothing") }
            let commits = try scene.commits(after: before)
            #expect(commits.count == 1, "\(point): one deploy commit")
            #expect(try scene.trailers("Gradus-Promotion", of: try #require(commits.first)).count == 3, "\(point)")
            let shown = try scene.site.json("train show \(TrainScene.edge)")
            #expect(shown["members"]?.items.allSatisfy { $0.text("phase") == "succeeded" } == true, "\(point): \(shown)")
        }
        if place == .workTree { #expect(try scene.site.git.git("status", "--porcelain", in: scene.site.repo).isEmpty) }
        try scene.site.expectSoundLedger()
    }

    @Test func theWholeTrainGoesBackByteForByteAndIsHeld() throws {
        let scene = try TrainScene(.cloneOfBare)
        let before = try scene.services.map { try scene.site.file(Storefront.kustomizationPath($0, "prod")) }
        let id = try #require(try scene.run().text("id"))
        let count = try scene.site.deployments().count
        #expect(try scene.site.json("rollback --train \(id) --reason errors --dry-run").text("result") == "planned")
        #expect(try scene.commits(after: count).isEmpty)
        let back = try scene.site.json("rollback --train \(id) --reason errors")
        #expect(back.text("result") == "promoted" && back.text("rolls_back") == id, "\(back)")
        #expect(try scene.commits(after: count).count == 1)
        #expect(try scene.services.map { try scene.site.file(Storefront.kustomizationPath($0, "prod")) } == before)
        #expect(try scene.site.json("hold list")["holds"]?.items.count == 3)
        let shown = try scene.site.json("train show \(id)")
        #expect(shown["members"]?.items.allSatisfy { $0.text("phase") == "rolled_back" } == true, "\(shown)")
        let held = try scene.run(exits: 8)
        #expect(held.skip("web") == "held")
        for _ in 1...3 { try scene.site("reconcile") }
        #expect(try scene.tags() == ["1.0.0", "1.0.0", "1.0.0"], "automation does not undo it")
        #expect(try scene.site.json("rollback --train \(id) --reason errors").text("result") == "unchanged")
        for service in scene.services { try scene.site("resume \(service) --stage prod") }
        try scene.run()
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"])
        try scene.site.expectSoundLedger()
    }

    @Test func aRollbackOfATrainLeavesAloneWhatHasMovedOnAndObeysHolds() throws {
        let scene = try TrainScene()
        let id = try #require(try scene.run().text("id"))
        try scene.stage("2.1.0", of: "api")
        try scene.site("promote api --to prod")
        try scene.site("hold add --service web --stage prod --reason later")
        let held = try scene.site.json("rollback --train \(id) --reason errors", exits: 6)
        #expect(held.skip("web") == "held" && held.skip("api") == "not_there", "\(held)")
        #expect(try scene.tags() == ["2.1.0", "2.0.0", "2.0.0"], "all that are there go back, or none")
        try scene.site("hold remove \(try #require(try scene.site.json("hold list")["holds"]?[0]?.text("hold")))")
        try scene.site("rollback --train \(id) --reason errors")
        #expect(try scene.tags() == ["2.1.0", "1.0.0", "1.0.0"])
    }

    @Test func aRollbackThatDiedIsFinishedInOneCommit() throws {
        let scene = try TrainScene(isShared: true)
        let id = try #require(try scene.run().text("id"))
        let before = try scene.site.deployments().count
        let line = ["rollback", "--train", id, "--reason", "errors"]
        #expect(try [0, 137].contains(scene.site.run(line, adding: ["GRADUS_FAILPOINT": "move.after@1"]).code))
        try scene.site("reconcile")
        #expect(try scene.commits(after: before).count == 1)
        #expect(try !scene.site.file(TrainScene.sharedPath("prod")).contains("2.0.0"))
    }

    /// A value that somebody changed after the admission takes the admission of all along; they are decided again.
    @Test func aMemberThatChangedMeanwhileHoldsUpNobodyForGood() throws {
        let scene = try TrainScene()
        let line = ["train", "run", "--from", "staging", "--to", "prod"]
        // A release build has no such points.
        guard try scene.site.run(line, adding: ["GRADUS_FAILPOINT": "move.after@1"]).code == 137 else { return }
        try scene.site.git.commit(
            [Storefront.kustomizationPath("db", "prod"): Storefront.kustomization("db", tag: "1.3.9")], "by hand", to: scene.site.authority)
        let before = try scene.site.deployments().count
        try scene.run()
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"] && scene.commits(after: before).count == 1)
        try scene.site.expectSoundLedger()
    }
}
