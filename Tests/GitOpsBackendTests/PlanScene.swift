import GitKit
import GitOpsBackend
import Glibc
import PromotionEngine
import Testing
import WorkflowModel

/// A bare repository in a temporary folder with one workflow of two stages, and a release of its service.
final class PlanScene {
    let folder: String
    let repository: Repository
    let desired: GitDesiredState
    private(set) var tip: ObjectID
    let workflow: Workflow

    static let release = Release(
        service: "web", version: "1.10.0", workflow: "shop",
        images: [.init(name: "registry.example/web", tag: "1.10.0", digest: "sha256:bb")])

    /// - Parameter updates: items of the list, written for the stage `prod`.
    init(updates: String, files: [(path: String, text: String)], links: [(path: String, target: String)] = []) throws {
        var template = Array("/tmp/gradus-plan.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(message: "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        repository = try Repository.createBare(at: folder + "/origin.git")
        let text = """
            apiVersion: gradus/v1
            workflow: shop
            services: [web]
            stages:
              - {name: staging, next_stage: prod, record_only: true}
              - name: prod
                updates:
            \(updates.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n"))

            """
        let (rules, diagnostics) = RulesReader.read([
            RuleFile(path: "workflows/shop.yaml", bytes: Array(text.utf8), blobID: "")
        ])
        guard let workflow = rules.workflows.first, diagnostics.isEmpty else { throw Failure(message: "\(diagnostics)") }
        self.workflow = workflow
        var changes: [TreeChange] = []
        for (path, text) in files {
            changes.append(.set(path: path, id: try repository.writeBlob(Array(text.utf8)), mode: .blob))
        }
        for (path, target) in links {
            changes.append(.set(path: path, id: try repository.writeBlob(Array(target.utf8)), mode: .link))
        }
        let tree = try repository.updatingTree(nil, changes)
        let author = Signature(name: "Test", email: "test@example.com", seconds: 1_700_000_000, offsetMinutes: 0)
        tip = try repository.createCommit(tree: tree, parents: [], author: author, committer: author, message: "start\n")
        _ = try repository.moveReference("refs/heads/main", from: nil, to: tip, logMessage: "start")
        desired = GitDesiredState(
            try RepositoryLocation(folder + "/origin.git", branch: "main", cache: folder + "/cache", warn: { _ in }), warn: { _ in })
    }

    deinit { _ = system("rm -rf '\(folder)'") }

    func intent(_ release: Release = PlanScene.release) throws -> EditIntent {
        EditIntent(
            workflow: workflow, service: try #require(workflow.service("web")), stage: try #require(workflow.stage("prod")),
            release: release)
    }

    func plan() throws -> EditPlan { try desired.plan(try intent(), at: tip.hex) }

    /// The added and removed lines of the plan's difference.
    func changedLines() throws -> [String] {
        try desired.patch(of: try plan()).split(separator: "\n").map { String($0) }.filter { line in
            (line.hasPrefix("+") || line.hasPrefix("-")) && !line.hasPrefix("+++") && !line.hasPrefix("---")
        }
    }

    struct Failure: Error {
        var message: String
    }
}
