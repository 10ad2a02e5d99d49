import GitKit
import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// How a promotion's commit is found again, whatever became of it.
@Suite struct DesiredStateTests {
    private let scratch: Scratch
    private let path = "env/dev/values.yaml"
    private let edits = [FieldEdit(file: "env/dev/values.yaml", field: "image.tag", old: "1.0.0", new: "1.4.2")]

    init() throws {
        scratch = try Scratch(["env/dev/values.yaml": Self.values("1.0.0")])
    }

    private static func values(_ tag: String) -> String { "image:\n  tag: \(tag)\n" }

    private func desired() throws -> GitDesiredState {
        let location = try RepositoryLocation(
            scratch.path, branch: nil, cache: scratch.environment.folder("cache"), warn: { _ in })
        return GitDesiredState(location, warn: { _ in })
    }

    private func commit(_ text: String, _ message: String) throws -> String {
        try scratch.git.commit([path: text], message, to: scratch.path)
        return try scratch.git.git("rev-parse", "main", in: scratch.path)
    }

    private func found(_ id: String = "web-dev-7", from base: String) throws -> String? {
        let desired = try desired()
        return try desired.deployCommit(of: id, from: base, to: try desired.refresh(), edits: edits)
    }

    private var base: String { get throws { try scratch.git.git("rev-parse", "main", in: scratch.path) } }

    @Test func theTrailerFindsTheCommitAmongOthers() throws {
        let base = try base
        let deployed = try commit(Self.values("1.4.2"), "Promote\n\nGradus-Promotion: web-dev-7\nGradus-Release: web 1.4.2")
        try scratch.git.commit(["other.txt": "x\n"], "unrelated", to: scratch.path)
        #expect(try found(from: base) == deployed)
        #expect(try found("web-dev-8", from: base) == nil)
        #expect(try found(from: deployed) == nil, "only what came after the base is looked at")
    }

    @Test(arguments: [
        "Promote\n\nGradus-Promotion: web-dev-7\n\nThis was not me.", "Gradus-Promotion: web-dev-7x\n\nPromote",
        "Promote\n\nGradus-Promotion:web-dev-7", "Promote\n\nsaid: Gradus-Promotion: web-dev-7",
    ])
    func onlyTheTrailersSpeak(_ message: String) throws {
        let base = try base
        _ = try commit(Self.values("1.4.2"), message)
        #expect(try found(from: base) == nil)
    }

    @Test func aTrailerWithoutTheValuesDoesNotCount() throws {
        let base = try base
        _ = try commit(Self.values("9.9.9"), "Promote\n\nGradus-Promotion: web-dev-7")
        #expect(try found(from: base) == nil)
    }

    @Test func aRewoundBranchHasNoCommitOfIt() throws {
        let base = try base
        _ = try commit(Self.values("1.4.2"), "Promote\n\nGradus-Promotion: web-dev-7")
        let other = try scratch.git.store("unrelated history\n", tree: "main^{tree}", parent: nil, in: scratch.path)
        try scratch.git.git("update-ref", "refs/heads/main", other, in: scratch.path)
        #expect(try found(from: base) == nil)
    }

    /// Squashing loses trailers; then the oldest commit since which the values stand is the one.
    @Test func valuesAreTracedToTheCommitThatBroughtThem() throws {
        let base = try base
        _ = try commit(Self.values("1.2.0"), "halfway")
        let squashed = try commit(Self.values("1.4.2"), "Squashed (#17)")
        try scratch.git.commit(["other.txt": "x\n"], "unrelated", to: scratch.path)
        let desired = try desired()
        let tip = try desired.refresh()
        let intent = try intent()
        #expect(try desired.commitBringing(edits, intent: intent, from: base, to: tip) == squashed)
        #expect(try desired.commitBringing(edits, intent: intent, from: squashed, to: tip) == squashed)
        #expect(try desired.commitBringing(edits, intent: intent, from: tip, to: tip) == tip)
    }

    private func intent() throws -> EditIntent {
        let workflow = """
            apiVersion: gradus/v1
            workflow: shop
            services: [web]
            stages:
              - name: dev
                updates: [{helm_values: env/dev/values.yaml, set: {image.tag: "{version}"}}]

            """
        try scratch.git.commit(["workflows/shop.yaml": workflow], "workflow", to: scratch.path)
        let desired = try desired()
        _ = try desired.refresh()
        let rules = try desired.rules(of: nil)
        let shop = try #require(rules.workflow(of: "web"))
        return EditIntent(
            workflow: shop, service: try #require(shop.service("web")), stage: try #require(shop.stage("dev")),
            release: Release(service: "web", version: "1.4.2", workflow: "shop"))
    }

    @Test func aRevisionCarriesValuesOnlyWhileTheyStandThere() throws {
        let before = try base
        let deployed = try commit(Self.values("1.4.2"), "Promote")
        try scratch.git.commit(["other.txt": "x\n"], "unrelated", to: scratch.path)
        let later = try base
        let reverted = try commit(Self.values("1.0.0"), "revert")
        let desired = try desired()
        #expect(try desired.revision(deployed, carries: edits, of: deployed))
        #expect(try desired.revision(later, carries: edits, of: deployed))
        #expect(try !desired.revision(reverted, carries: edits, of: deployed))
        #expect(try !desired.revision(before, carries: edits, of: deployed))
        #expect(try !desired.revision(String(repeating: "1", count: 40), carries: edits, of: deployed))
        #expect(throws: PromotionError.self) { try desired.revision("HEAD", carries: edits, of: deployed) }
    }

    @Test func plansAreByteExactAndPure() throws {
        let intent = try intent()
        let desired = try desired()
        let tip = try desired.refresh()
        let plan = try desired.plan(intent, at: tip)
        #expect(plan.edits == edits)
        #expect(plan.files == [path: .bytes(Array(Self.values("1.4.2").utf8))])
        #expect(try desired.patch(of: plan).contains("-  tag: 1.0.0\n+  tag: 1.4.2\n"))
        #expect(try base == tip)
    }
}
