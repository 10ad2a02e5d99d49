import PromotionEngine
import TestSupport
import Testing

/// `delivery: pull_request` through the built binary, against a forge of each kind on a real repository.
@Suite struct PullRequestTests {
    private static let rules = [
        "delivery: pull_request", "approval_required: true", "approvers: [platform-team]", "entry_criteria: [{pull_request: approved}]",
        "pull_request: {labels: [release], title: \"{service} {version}\"}",
    ]
    private static let people = """
        people:
          olga: {github: olga, gitlab: olga, gitea: olga, bitbucket: olga}

        """
    private static let branch = "gradus-promote/checkout/dev"

    private struct Scene {
        let site: Site
        let server: ForgeServer
        var forge: TestForge { server.forge }

        func callAsFunction(
            _ line: String, exits code: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> JSONValue {
            let result = try site.run(line.split(separator: " ").map(String.init) + ["-o", "json"], adding: server.variables)
            #expect(result.code == code, "gradus \(line): exit \(result.code)\n\(result.output)\n\(result.errors)", sourceLocation: sourceLocation)
            return try #require(result.json, "\(result.output)", sourceLocation: sourceLocation)
        }

        func status() throws -> ForgeCheck.State? {
            let head = try #require(forge.pulls.last?.head)
            return forge.newestStatuses(of: head).first { $0.context == "gradus/dev" }?.state
        }

        func branches() throws -> String { try site.git.git("for-each-ref", "refs/heads/gradus-promote", in: site.authority) }
    }

    private func scene(_ kind: ForgeServer.Kind = .github, _ rules: [String] = rules) throws -> Scene {
        let site = try Site(
            .bare, Storefront(automatic: [], rules: ["dev": rules], more: ["workflows/groups.yaml": Storefront.groups + Self.people]))
        try site("release create checkout 1.4.2 --author sam")
        return Scene(site: site, server: try ForgeServer(kind, repository: site.authority, site.git))
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func fromTheRequestToTheVerifiedRelease(_ kind: ForgeServer.Kind) throws {
        let scene = try scene(kind)
        let opened = try scene("promote checkout --to dev", exits: 8)
        #expect(opened.text("phase") == "proposed" && opened.text("branch") == Self.branch && opened.text("pull_request")?.hasPrefix("http") == true)
        let pull = try scene.forge.pull(1)
        #expect(pull.title == "checkout 1.4.2" && pull.body.contains("| `") && pull.body.contains("1.4.2"), "\(pull.body)")
        #expect(try scene.status() == .pending)
        _ = try scene("reconcile")
        #expect(try scene.forge.pulls.count == 1 && scene.site.deployments().isEmpty)
        try scene.forge.review(1, by: "olga", .approved)
        _ = try scene("reconcile")
        #expect(try scene.forge.pull(1).state == .merged && scene.branches().isEmpty)
        #expect(try scene.site.tag("checkout", "dev") == "1.4.2")
        let message = try scene.site.git.message(of: "main", in: scene.site.authority)
        #expect(message.contains("Approved-By: olga") && message.contains("Gradus-Promotion: "), "\(message)")
        let records = try scene.site.records()
        let approval = try #require(records.first { $0.text("type") == "approval.given" })
        #expect(approval.text("initiator") == "olga" && approval["authenticated"] == true)
        #expect(records.last?.text("type") == "succeeded")
        try scene.site.expectSoundLedger()
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func anotherVersionClosesTheFirstPullRequest(_ kind: ForgeServer.Kind) throws {
        let scene = try scene(kind)
        _ = try scene("promote checkout --to dev", exits: 8)
        try scene.site("release create checkout 1.4.3 --author sam")
        _ = try scene("promote checkout --to dev --version 1.4.3", exits: 8)
        #expect(try scene.forge.pulls.map(\.state) == [.closed, .open])
        _ = try scene("abort checkout@dev")
        #expect(try scene.forge.pulls.map(\.state) == [.closed, .closed] && scene.branches().isEmpty)
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func closedByHandIsRejected(_ kind: ForgeServer.Kind) throws {
        let scene = try scene(kind)
        _ = try scene("promote checkout --to dev", exits: 8)
        try scene.forge.close(1, by: "olga")
        let report = try scene("promote checkout --to dev", exits: 6)
        #expect(report.text("phase") == "rejected")
        #expect(try scene.site.types().contains("rejected") && scene.branches().isEmpty)
        _ = try scene("promote checkout --to dev", exits: 6)
        #expect(try scene.forge.pulls.count == 1)
    }

    @Test(arguments: [MergeMethod.merge, .squash, .rebase])
    func mergedByHandBeforeItsGatesIsShown(_ method: MergeMethod) throws {
        let scene = try scene()
        _ = try scene("promote checkout --to dev", exits: 8)
        try scene.site.git.commit(["docs/a.md": "a\n"], "unrelated", to: scene.site.authority)
        try scene.forge.merge(1, by: "hana", method)
        _ = try scene("reconcile")
        let delivered = try #require(try scene.site.records().first { $0.text("type") == "delivered" })
        #expect(delivered["ungated"] == true, "\(delivered)")
        #expect(try delivered.text("commit") == scene.site.git.git("rev-parse", "main", in: scene.site.authority))
        #expect(try scene.site.tag("checkout", "dev") == "1.4.2" && scene.branches().isEmpty)
        try scene.site.expectSoundLedger()
    }

    @Test func aProtectedBranchKeepsItProposed() throws {
        let scene = try scene(.github, ["delivery: pull_request"])
        _ = try scene("promote checkout --to dev", exits: 8)
        scene.forge.requiredChecks = ["gradus/dev", "ci"]
        #expect(try scene.status() == .success)
        #expect(try scene("promote checkout --to dev", exits: 8).text("phase") == "proposed")
        scene.forge.post("ci", .success, on: try scene.forge.pull(1).head)
        #expect(try scene("promote checkout --to dev").text("result") == "promoted")
    }

    @Test func aProcessThatDiesLeavesNoSecondPullRequest() throws {
        let scene = try scene(.github, ["delivery: pull_request"])
        for point in ["propose.after@1", "move.after@2", "move.after@3"] {
            let variables = scene.server.variables.merging(["GRADUS_FAILPOINT": point]) { $1 }
            _ = try scene.site.run(["promote", "checkout", "--to", "dev"], adding: variables)
        }
        for _ in 1...3 { _ = try scene.site.run(["promote", "checkout", "--to", "dev"], adding: scene.server.variables) }
        #expect(try scene.forge.pulls.count == 1 && scene.site.tag("checkout", "dev") == "1.4.2")
        try scene.site.expectSoundLedger()
    }

    @Test func withoutAForgeTheErrorSaysWhatToSet() throws {
        let site = try Site(.bare, Storefront(automatic: [], rules: ["dev": ["delivery: pull_request"]]))
        try site("release create checkout 1.4.2")
        let result = try site("promote checkout --to dev", exits: 2)
        for part in ["pull request", "GRADUS_FORGE", "GRADUS_TOKEN", "docs/pull-requests.md"] { #expect(result.errors.contains(part), "\(result.errors)") }
    }
}

/// `delivery: branch` through the built binary: no forge, people merge.
@Suite struct BranchDeliveryTests {
    private static let branch = "gradus-promote/checkout/dev"

    private func site(_ place: Place = .bare, _ rules: [String] = []) throws -> Site {
        let site = try Site(place, Storefront(automatic: [], rules: ["dev": ["delivery: branch"] + rules]))
        try site("release create checkout 1.4.2 --author sam")
        return site
    }

    @Test(arguments: [Place.workTree, .bare, .cloneOfDaemon])
    func aMergedBranchIsADelivery(_ place: Place) throws {
        let site = try site(place)
        let opened = try site.json("promote checkout --to dev", exits: 8)
        #expect(opened.text("phase") == "proposed" && opened.text("branch") == Self.branch && opened["pull_request"] == .null)
        #expect(try site.git.git("rev-parse", "\(Self.branch)^", in: site.authority) == site.git.git("rev-parse", "main", in: site.authority))
        let cell = try site.json("matrix")["services"]?[0]?["cells"]?["dev"]?["open"]
        #expect(cell?.text("phase") == "proposed" && cell?.text("branch") == Self.branch)
        let head = try site.git.git("rev-parse", Self.branch, in: site.authority)
        try site.git.git("update-ref", "refs/heads/main", head, in: site.authority)
        if place == .workTree { try site.git.git("reset", "-q", "--hard", "main", in: site.authority) }
        #expect(try site.json("promote checkout --to dev").text("commit") == head)
        #expect(try site.types().suffix(3) == ["admitted", "delivered", "succeeded"])
        #expect(try site.git.git("for-each-ref", "refs/heads/gradus-promote", in: site.authority).isEmpty)
        try site.expectSoundLedger()
    }

    @Test func aMergePastAnApprovalIsOnRecord() throws {
        let site = try site(.bare, ["approval_required: true", "approvers: [platform-team]"])
        try site("promote checkout --to dev", exits: 8)
        let head = try site.git.git("rev-parse", Self.branch, in: site.authority)
        try site.git.git("update-ref", "refs/heads/main", head, in: site.authority)
        try site("reconcile")
        let delivered = try #require(try site.records().first { $0.text("type") == "delivered" })
        #expect(delivered["ungated"] == true && delivered["closed_gates"]?.items.compactMap(\.stringValue) == ["approval"])
    }

    @Test func aChangedTargetMakesTheBranchAnew() throws {
        let site = try site(.cloneOfDaemon)
        try site("promote checkout --to dev", exits: 8)
        let path = Storefront.kustomizationPath("checkout", "dev")
        try site.git.commit([path: Storefront.kustomization("checkout", tag: "1.0.1")], "by hand", to: site.authority)
        try site("reconcile")
        #expect(try site.git.git("rev-parse", "\(Self.branch)^", in: site.authority) == site.git.git("rev-parse", "main", in: site.authority))
        try site("abort checkout@dev")
        #expect(try site.git.git("for-each-ref", "refs/heads/gradus-promote", in: site.authority).isEmpty)
    }
}
