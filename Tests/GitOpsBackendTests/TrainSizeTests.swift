import GitKit
import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// Many services in one commit of a real repository.
@Suite struct TrainSizeTests {
    private static let count = 300

    /// Every thirtieth service has its version in a file that all such services share.
    @Test func threeHundredServicesGoInOneCommitAndBack() throws {
        let names = (0..<Self.count).map { position in "service-\(String(position + 1000).dropFirst())" }
        let shared = names.indices.filter { $0 % 30 == 0 }.map { names[$0] }
        var files = ["workflows/fleet.yaml": Self.workflow(names, shared)]
        for stage in ["staging", "prod"] {
            files["env/\(stage)/shared.yaml"] = shared.map { "\($0): \"1.0.0\"\n" }.joined()
            for name in names where !shared.contains(name) { files["env/\(stage)/\(name).yaml"] = "tag: \"1.0.0\"\n" }
        }
        let scratch = try Scratch(files)
        let location = try RepositoryLocation(scratch.path, branch: nil, cache: scratch.environment.folder("cache"), warn: { _ in })
        let conductor = Conductor(
            ledger: SegmentLedger(location), desired: GitDesiredState(location, warn: { _ in }), pace: scratch.clock, initiator: Scratch.olga)
        let ledger = SegmentLedger(location)
        let releases = names.map { Fact.releaseRegistered(Release(service: $0, version: "2.0.0", workflow: "fleet")) }
        guard case .appended = try scratch.append(releases, ledger, try ledger.load(LedgerScope(services: []))) else {
            Issue.record("an append without a rival was lost")
            return
        }
        #expect(try conductor.reconcile(ReconcileScope()).errors.isEmpty)
        let before = try scratch.git.commits(in: scratch.path).count
        let tree = try scratch.git.git("rev-parse", "main:env/prod", in: scratch.path)
        let train = try conductor.runTrain(TrainRequest(from: "staging", to: "prod", mode: .allOrNothing))
        #expect(train.result == .promoted && train.members.allSatisfy { $0.phase == .succeeded })
        #expect(try scratch.git.commits(in: scratch.path).count == before + 1)
        let message = try scratch.git.message(of: "main", in: scratch.path)
        #expect(message.split(separator: "\n").count { $0.hasPrefix("Gradus-Promotion: ") } == Self.count)
        let left = try scratch.git.attempt("grep", "-l", "1.0.0", "main:env/prod", in: scratch.path)
        #expect(left.output.isEmpty, "every value is the new one: \(left.output)")
        var history = TrainHistory(id: try #require(train.id))
        for record in try scratch.records() { history.take(record) }
        #expect(history.members.count == Self.count && history.members.allSatisfy { $0.commit == train.commit })
        let back = try conductor.rollback(train: history.id, members: history.members.map(\.subject), reason: "errors")
        #expect(back.result == .promoted && back.members.allSatisfy { $0.phase == .succeeded })
        #expect(try scratch.git.commits(in: scratch.path).count == before + 2)
        #expect(try scratch.git.git("rev-parse", "main:env/prod", in: scratch.path) == tree, "byte for byte")
        #expect(try scratch.audit().fault == nil)
    }

    private static func workflow(_ names: [String], _ shared: [String]) -> String {
        func updates(_ stage: String) -> String {
            """
                    updates:
                      - {yaml: env/\(stage)/shared.yaml, set: {"{service}": "{version}"}, for: [\(shared.joined(separator: ", "))]}
                      - {yaml: "env/\(stage)/{service}.yaml", set: {tag: "{version}"}, for: [\(names.filter { !shared.contains($0) }.joined(separator: ", "))]}
                """
        }
        return """
            apiVersion: gradus/v1
            workflow: fleet
            services: [\(names.joined(separator: ", "))]
            stages:
              - name: staging
                auto_promote: true
            \(updates("staging"))
                next_stage: prod
              - name: prod
                auto_promote: false
            \(updates("prod"))

            """
    }
}
