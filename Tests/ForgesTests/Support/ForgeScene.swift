import Forges
import PromotionEngine
import Synchronization
import TestSupport
import Testing
import Web

/// A forge with a repository in which `main` is at one commit and a delivery branch is one ahead, and Gradus' side of it.
///
/// At its end all that the description of the API does not allow is a failure of the test.
final class ForgeScene {
    static let branch = "gradus-promote/web/prod"

    let server: ForgeServer
    let port: any ForgePort
    let git: GitFixture
    let pauses: PauseLog
    let origin: String
    private let exchanges: Exchanges

    var forge: TestForge { server.forge }

    init(_ kind: ForgeServer.Kind, name: String = "acme/deploy", token: String = ForgeServer.token) throws {
        let environment = try HermeticEnvironment()
        git = GitFixture(environment)
        let tree = try git.makeWorkTree("tree", ["web.yaml": "tag: 1\n"])
        origin = try git.makeBareClone(of: tree, "origin.git")
        server = try ForgeServer(kind, name, repository: origin, git)
        exchanges = try Exchanges(server)
        let pauses = PauseLog()
        self.pauses = pauses
        let configuration = ForgeConfiguration(
            kind: ForgeKind(rawValue: kind.rawValue), url: server.url, repository: name, token: .init(secret: Secret(token)),
            web: WebConfiguration(connectTimeout: 2, pause: { pauses.add($0) }, jitter: { 0 }), now: { 1_790_000_000 })
        port = try #require(try Forges.forge(for: origin, configuration))
        try pushBranch()
    }

    deinit {
        for fault in exchanges.faults { Issue.record("\(fault)") }
    }

    /// Another commit on the delivery branch; gives its id.
    @discardableResult
    func pushBranch(_ text: String = "tag: 2\n", to branch: String = ForgeScene.branch) throws -> String {
        if try forge.tip(of: branch) == nil { try git.git("update-ref", "refs/heads/\(branch)", "main", in: origin) }
        try git.commit(["web.yaml": text], "Deploy", to: origin, branch: branch)
        return try #require(try forge.tip(of: branch))
    }

    func draft(title: String = "Deploy web 2", body: String = "From 1 to 2.") -> PullRequestDraft {
        PullRequestDraft(title: title, body: body, headBranch: Self.branch, baseBranch: "main")
    }
}

/// The pauses that a client wanted to take.
final class PauseLog: Sendable {
    private let list = Mutex<[Double]>([])

    var all: [Double] { list.withLock { $0 } }

    func add(_ seconds: Double) { list.withLock { $0.append(seconds) } }
}
