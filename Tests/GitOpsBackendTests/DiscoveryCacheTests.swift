import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// Rules that find services by their files follow the branch, and are read again only when a name changes.
@Suite struct DiscoveryCacheTests {
    private static let workflow = """
        apiVersion: gradus/v1
        workflow: shop
        services: {from: "envs/dev/{service}.yaml"}
        updates: [{yaml: "envs/{stage}/{service}.yaml", set: {tag: "{version}"}}]
        stages: [{name: dev, next_stage: prod}, {name: prod, environment: {branch: prod, path: envs/prod}}]

        """

    @Test func namesDecideWhetherServicesAreLookedForAgain() throws {
        let scratch = try Scratch(["workflows/shop.yaml": Self.workflow, "envs/dev/web.yaml": "tag: 1\n", "envs/prod/web.yaml": "tag: 1\n"])
        try scratch.git.git("branch", "prod", "main", in: scratch.path)
        let desired = GitDesiredState(
            try RepositoryLocation(scratch.path, branch: "main", cache: scratch.path + "-cache", warn: { _ in }), warn: { _ in })
        func services() throws -> [String] {
            _ = try desired.refresh()
            return try desired.rules(of: nil).workflows.flatMap { $0.services.map(\.name) }
        }
        #expect(try services() == ["web"])
        try scratch.git.commit(["envs/dev/web.yaml": "tag: 2\n", "docs/a.md": "x\n"], "content", to: scratch.path)
        #expect(try services() == ["web"])
        try scratch.git.commit(["envs/dev/api.yaml": "tag: 1\n"], "a service", to: scratch.path)
        #expect(try services() == ["api", "web"])
        try scratch.git.commit(["envs/dev/web.yaml": "tag: 3\n"], "content", to: scratch.path)
        #expect(try services() == ["api", "web"])
        try scratch.git.commit(["envs/prod/web.yaml": "tag: 9\n"], "on the other branch", to: scratch.path, branch: "prod")
        #expect(try services() == ["api", "web"])
        try scratch.git.commit(["workflows/shop.yaml": Self.workflow.replacing("workflow: shop", with: "workflow: store")], "rules", to: scratch.path)
        _ = try desired.refresh()
        #expect(try desired.rules(of: nil).workflows.map(\.name) == ["store"])
    }
}
