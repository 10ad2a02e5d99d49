import PromotionEngine
import TestSupport
import Testing

/// The same for all forges: reviews, checks, statuses and merges.
@Suite struct GateTests {
    static let mergeable = ForgeServer.Kind.allCases.flatMap { kind in
        // GitLab's project decides whether commits are rebased.
        MergeMethod.allCases.filter { kind != .gitlab || $0 != .rebase }.map { (kind, $0) }
    }

    @Test(arguments: mergeable)
    func mergesTheHeadThatWasDecidedOn(kind: ForgeServer.Kind, method: MergeMethod) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        try scene.git.commit(["other.yaml": "a: 1\n"], "Someone else", to: scene.origin)
        let ending = try scene.port.merge("1", head: opened.head, method: method, title: "Deploy web 2", message: "Gradus-Promotion: p1")
        let tip = try #require(try scene.forge.tip(of: "main"))
        #expect(ending == .merged(commit: tip))
        let merged = try scene.port.pullRequest("1")
        #expect(merged.state == .merged)
        #expect(merged.mergeCommit == tip)
        #expect(merged.head == opened.head)
        #expect(merged.endedBy == "gradus-bot")
        #expect(try scene.git.blob("web.yaml", in: scene.origin) == "tag: 2\n")
        #expect(try scene.git.blob("other.yaml", in: scene.origin) == "a: 1\n")
        if method != .rebase {
            #expect(try scene.git.message(of: tip, in: scene.origin).hasPrefix("Deploy web 2\n\nGradus-Promotion: p1"))
        }
        // Once more, as after a lost answer.
        #expect(try scene.port.merge("1", head: opened.head, method: method, title: "x", message: "") == .merged(commit: tip))
        #expect(try scene.forge.tip(of: "main") == tip)
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func doesNotMergeAnotherHead(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        let before = try scene.forge.tip(of: "main")
        try scene.pushBranch("tag: evil\n")
        #expect(try scene.port.merge("1", head: opened.head, method: .merge, title: "t", message: "m") == .headMoved)
        #expect(try scene.forge.tip(of: "main") == before)
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func tellsTheForgesWordsWhenItDoesNotMerge(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        scene.forge.needsApproval = true
        let opened = try scene.port.open(scene.draft())
        let ending = try scene.port.merge("1", head: opened.head, method: .merge, title: "t", message: "m")
        guard case .refused(let words) = ending else {
            Issue.record("merged although an approval is missing: \(ending)")
            return
        }
        #expect(words.contains("At least 1 approving review is required"))
    }

    @Test func gitLabRebasesOnlyWhereTheProjectDoes() throws {
        let scene = try ForgeScene(.gitlab)
        let opened = try scene.port.open(scene.draft())
        let ending = try scene.port.merge("1", head: opened.head, method: .rebase, title: "t", message: "m")
        #expect(ending == .refused("the project merges with merge commits; set its merge method to fast-forward or semi-linear"))
    }

    @Test(arguments: ForgeServer.Kind.allCases, MergeMethod.allCases)
    func recognisesWhatWasMergedByHand(kind: ForgeServer.Kind, method: MergeMethod) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        try scene.forge.merge(1, by: "pavel", method)
        let merged = try #require(try scene.port.pullRequest(from: ForgeScene.branch))
        #expect(merged.state == .merged)
        #expect(merged.endedBy == "pavel")
        #expect(merged.head == opened.head)
        // A rebased branch without any commit between is a fast-forward.
        #expect(try merged.mergeCommit == (kind == .gitlab && method == .rebase ? opened.head : scene.forge.tip(of: "main")))
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func readsTheStandingReviewOfEach(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        try scene.forge.review(1, by: "pavel", .changesRequested)
        try scene.forge.review(1, by: "olga", .changesRequested)
        try scene.forge.review(1, by: "olga", .approved)
        let knowsCommit = kind == .github || kind == .gitea
        #expect(
            try scene.port.reviews(of: "1") == [
                ForgeReview(reviewer: "olga", verdict: .approved, commit: knowsCommit ? opened.head : nil),
                ForgeReview(reviewer: "pavel", verdict: .changesRequested, commit: knowsCommit ? opened.head : nil),
            ])
    }

    @Test(arguments: [ForgeServer.Kind.github, .gitea])
    func aDismissedApprovalIsNoneAndARemarkChangesNothing(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        _ = try scene.port.open(scene.draft())
        try scene.forge.review(1, by: "olga", .dismissed)
        try scene.forge.review(1, by: "pavel", .approved)
        try scene.forge.review(1, by: "pavel", .commented)
        #expect(try scene.port.reviews(of: "1").map(\.verdict) == [.dismissed, .approved])
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func readsTheNewestOfEachCheck(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let head = try scene.port.open(scene.draft()).head
        scene.forge.post("ci/test", .pending, on: head, url: "https://ci.example/1")
        scene.forge.post("ci/lint", .failure, on: head, url: "https://ci.example/2")
        scene.forge.post("ci/test", .success, on: head, url: "https://ci.example/3")
        if kind == .github { scene.forge.post("build", .pending, on: head, url: "https://ci.example/4", isRun: true) }
        var wanted = [
            ForgeCheck(name: "ci/lint", state: .failure, url: "https://ci.example/2"),
            ForgeCheck(name: "ci/test", state: .success, url: "https://ci.example/3"),
        ]
        if kind == .github { wanted.insert(ForgeCheck(name: "build", state: .pending, url: "https://ci.example/4"), at: 0) }
        #expect(try scene.port.checks(of: head, base: "main") == wanted)
    }

    @Test(arguments: [(ForgeServer.Kind.github, "ci/test"), (.gitea, "ci/test"), (.gitlab, "pipeline")])
    func aRequiredCheckThatNobodyPostedIsPending(kind: ForgeServer.Kind, name: String) throws {
        let scene = try ForgeScene(kind)
        scene.forge.requiredChecks = ["ci/test"]
        let head = try scene.port.open(scene.draft()).head
        #expect(try scene.port.checks(of: head, base: "main") == [ForgeCheck(name: name, state: .pending)])
    }

    @Test func whatGitHubsRuleSetsRequireIsPendingToo() throws {
        let scene = try ForgeScene(.github)
        scene.forge.requiredChecks = ["ci/test"]
        scene.forge.ruledChecks = ["ci/scan"]
        let head = try scene.port.open(scene.draft()).head
        scene.forge.post("ci/test", .success, on: head, url: "https://ci.example/1")
        #expect(
            try scene.port.checks(of: head, base: "main") == [
                ForgeCheck(name: "ci/scan", state: .pending),
                ForgeCheck(name: "ci/test", state: .success, url: "https://ci.example/1"),
            ])
        let ending = try scene.port.merge("1", head: head, method: .merge, title: "t", message: "m")
        #expect(ending == .refused("Required status check \"ci/scan\" is expected."))
    }

    @Test(arguments: [403, 404])
    func withoutRuleSetsBranchProtectionAloneCounts(status: Int) throws {
        let scene = try ForgeScene(.github)
        scene.forge.requiredChecks = ["ci/test"]
        let head = try scene.port.open(scene.draft()).head
        scene.server.disturb { request in
            request.path.contains("/rules/") ? ScriptedAnswer(status, #"{"message":"Upgrade to GitHub Pro"}"#) : nil
        }
        #expect(try scene.port.checks(of: head, base: "main") == [ForgeCheck(name: "ci/test", state: .pending)])
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func postsAStatusOnce(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let head = try scene.port.open(scene.draft()).head
        let waiting = ForgeStatus(context: "gradus/prod", state: .pending, text: "waits for an approval", url: "https://ci.example/7")
        try scene.port.post(waiting, on: head)
        try scene.port.post(waiting, on: head)
        #expect(scene.forge.statuses.count == 1)
        try scene.port.post(ForgeStatus(context: "gradus/prod", state: .success, text: "all gates hold", url: "https://ci.example/7"), on: head)
        #expect(scene.forge.statuses.map(\.state) == [.pending, .success])
        #expect(try scene.port.checks(of: head, base: "main").map(\.state) == [.success])
    }

    /// GitLab keeps the first text of a pending status.
    @Test func gitLabLetsAPendingStatusStand() throws {
        let scene = try ForgeScene(.gitlab)
        let head = try scene.port.open(scene.draft()).head
        try scene.port.post(ForgeStatus(context: "gradus/prod", state: .pending, text: "one"), on: head)
        try scene.port.post(ForgeStatus(context: "gradus/prod", state: .pending, text: "two"), on: head)
        #expect(scene.forge.statuses.map(\.text) == ["one"])
    }

    @Test(arguments: [
        (ForgeServer.Kind.github, ["in_progress", "success"]), (.gitlab, ["running", "success"]), (.gitea, []), (.bitbucket, []),
    ])
    func recordsADeploymentOnce(kind: ForgeServer.Kind, states: [String]) throws {
        let scene = try ForgeScene(kind)
        let commit = try #require(try scene.forge.tip(of: "main"))
        for state in [ForgeCheck.State.pending, .pending, .success, .success] {
            try scene.port.recordDeployment(of: commit, environment: "prod", state: state, text: "web 2")
        }
        #expect(scene.forge.deployments.flatMap(\.states) == states)
        #expect(scene.forge.deployments.allSatisfy { $0.commit == commit && $0.environment == "prod" })
    }
}
