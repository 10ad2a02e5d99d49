import PromotionEngine
import TestSupport
import Testing

/// The same for all forges: opening, changing, finding and closing.
@Suite struct PullRequestTests {
    @Test(arguments: ForgeServer.Kind.allCases)
    func opensAndTellsWhatIsThere(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        let head = try scene.forge.tip(of: ForgeScene.branch)
        #expect(opened.number == "1")
        #expect(opened.state == .open)
        #expect(opened.head == head)
        #expect(opened.headBranch == ForgeScene.branch)
        #expect(opened.baseBranch == "main")
        #expect(opened.mergeCommit == nil)
        #expect(try scene.port.pullRequest("1") == opened)
        #expect(try scene.port.pullRequest(from: ForgeScene.branch) == opened)
        #expect(try scene.forge.pull(1).title == "Deploy web 2")
        #expect(try scene.forge.pull(1).body == "From 1 to 2.")
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func opensTheSameAgainByBringingItUpToDate(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let first = try scene.port.open(scene.draft())
        let head = try scene.pushBranch("tag: 3\n")
        let second = try scene.port.open(scene.draft(title: "Deploy web 3", body: "From 1 to 3."))
        #expect(second.number == first.number)
        #expect(second.head == head)
        #expect(try scene.forge.pulls.count == 1)
        #expect(try scene.forge.pull(1).title == "Deploy web 3")
        #expect(try scene.forge.pull(1).body == "From 1 to 3.")
    }

    @Test(arguments: [ForgeServer.Kind.github, .gitlab, .gitea])
    func addsLabelsAssigneesAndReviewersOnce(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        var draft = scene.draft()
        draft.labels = ["gradus", "prod"]
        draft.assignees = ["rita"]
        draft.reviewers = ["olga", "pavel"]
        _ = try scene.port.open(draft)
        try scene.forge.review(1, by: "olga", .commented)
        try scene.forge.change(1) { $0.labels.append("by-hand") }
        _ = try scene.port.open(draft)
        let pull = try scene.forge.pull(1)
        #expect(pull.labels == ["gradus", "prod", "by-hand"])
        #expect(pull.assignees == ["rita"])
        #expect(pull.requested.contains("pavel"))
        #expect(Set(pull.requested).count == pull.requested.count)
    }

    @Test func bitbucketAsksReviewersByTheirNicknames() throws {
        let scene = try ForgeScene(.bitbucket)
        var draft = scene.draft()
        draft.reviewers = ["olga", "{pavel}"]
        _ = try scene.port.open(draft)
        try scene.port.update("1", title: "Another", body: "text")
        #expect(try scene.forge.pull(1).requested == ["olga", "pavel"])
        #expect(try scene.forge.pull(1).title == "Another")
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func updatesAndComments(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        _ = try scene.port.open(scene.draft())
        try scene.port.update("1", title: "New title", body: "New \"body\"\nä")
        try scene.port.comment("1", "A remark")
        let pull = try scene.forge.pull(1)
        #expect(pull.title == "New title")
        #expect(pull.body == "New \"body\"\nä")
        #expect(pull.comments == ["A remark"])
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func closesOnce(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        _ = try scene.port.open(scene.draft())
        try scene.port.close("1", comment: "Superseded by web 3.")
        try scene.port.close("1", comment: "Superseded by web 3.")
        let closed = try scene.port.pullRequest("1")
        #expect(closed.state == .closed)
        #expect(closed.mergeCommit == nil)
        #expect(try scene.forge.pull(1).comments == ["Superseded by web 3."])
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func tellsWhoClosedByHandWhereTheForgeSaysIt(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        _ = try scene.port.open(scene.draft())
        try scene.forge.close(1, by: "pavel")
        let closed = try #require(try scene.port.pullRequest(from: ForgeScene.branch))
        #expect(closed.state == .closed)
        #expect(closed.endedBy == (kind == .gitea ? nil : "pavel"))
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func findsTheOpenOneBeforeTheOneThatEndedLast(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        #expect(try scene.port.pullRequest(from: ForgeScene.branch) == nil)
        for _ in 1...3 {
            _ = try scene.port.open(scene.draft())
            try scene.forge.close(scene.forge.pulls.count, by: "pavel")
        }
        #expect(try scene.port.pullRequest(from: ForgeScene.branch)?.number == "3")
        try scene.forge.change(2) { $0.state = .open; $0.endedAt = nil }
        #expect(try scene.port.pullRequest(from: ForgeScene.branch)?.number == "2")
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func findsAMergedOneWhoseBranchIsGone(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        _ = try scene.port.open(scene.draft())
        try scene.forge.merge(1, by: "pavel", .squash)
        try scene.git.git("update-ref", "-d", "refs/heads/\(ForgeScene.branch)", in: scene.origin)
        let merged = try #require(try scene.port.pullRequest(from: ForgeScene.branch))
        #expect(merged.state == .merged)
        #expect(merged.headBranch == ForgeScene.branch)
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func readsListsOfManyPages(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        scene.server.limitPages(to: 2)
        _ = try scene.port.open(scene.draft())
        for number in 1...5 {
            try scene.pushBranch("tag: \(number + 10)\n", to: "gradus-promote/other-\(number)/prod")
            var draft = scene.draft()
            draft.headBranch = "gradus-promote/other-\(number)/prod"
            _ = try scene.port.open(draft)
        }
        let head = try #require(try scene.forge.tip(of: ForgeScene.branch))
        for name in ["a", "b", "c", "d", "e"] { scene.forge.post(name, .success, on: head, url: "https://ci.example/1") }
        #expect(try scene.port.pullRequest(from: ForgeScene.branch)?.number == "1")
        #expect(try scene.port.checks(of: head, base: "main").map(\.name) == ["a", "b", "c", "d", "e"])
    }
}
