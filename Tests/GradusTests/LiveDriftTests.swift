import PromotionEngine
import Synchronization
import TestSupport
import Testing

/// `drift` asks the sources that know what runs.
@Suite struct LiveDriftTests {
    private static let allowed = ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1", "ARGOCD_AUTH_TOKEN": "argo-canary-token", "KUBE_TOKEN": "kube-canary-token"]

    /// 1.4.2 is in dev by a promotion; what the source answers can be changed.
    private final class Scene {
        let site: Site
        private let server: ScriptedServer
        private let answer: Answer

        private final class Answer: Sendable {
            let current = Mutex(ScriptedAnswer(404, "{}"))
        }

        init(_ health: (_ url: String) -> String) throws {
            let answer = Answer()
            self.answer = answer
            server = try ScriptedServer { _ in answer.current.withLock { $0 } }
            site = try Site(.bare, Storefront(automatic: [], rules: ["dev": ["health: {\(health(server.url))}"]]))
            try site("release create checkout 1.4.2")
            _ = try site.run(["promote", "checkout", "--to", "dev"], adding: LiveDriftTests.allowed)
        }

        func drift(_ more: String..., answering text: String, _ status: Int = 200) throws -> GradusResult {
            answer.current.withLock { $0 = ScriptedAnswer(status, text) }
            return try site.run(["drift", "--exit-code", "-o", "json"] + more, adding: LiveDriftTests.allowed)
        }
    }

    private func application(_ revision: String, sync: String = "Synced") -> String {
        #"{"status":{"sync":{"status":"\#(sync)","revision":"\#(revision)"},"health":{"status":"Healthy"}}}"#
    }

    @Test func anApplicationAtAnotherRevisionOrOutOfSyncIsTold() throws {
        let scene = try Scene { "argocd: {server: \"\($0)\", app: \"{service}-{stage}\"}" }
        let commits = try scene.site.git.commits(in: scene.site.authority)
        let (old, new) = (try #require(commits.first), try #require(commits.last))
        let same = try scene.drift(answering: application(new))
        #expect(same.code == 0 && same.json?.text("result") == "none", "\(same)")
        let behind = try scene.drift(answering: application(old))
        let finding = try #require(behind.json?["findings"]?[0])
        #expect(behind.code == 3 && finding.text("kind") == "live" && finding.text("commit") == old && finding.text("recorded") == "1.4.2", "\(behind)")
        #expect(finding.text("reason") == "argocd: the application is at \(old.prefix(10))")
        #expect(try scene.drift(answering: application(new, sync: "OutOfSync")).json?["findings"]?[0]?.text("reason") == "argocd: OutOfSync")
        #expect(try scene.drift("--no-live", answering: application(old)).code == 0)
        #expect(try !scene.site.types().contains("external-change"))
    }

    @Test func whatCannotBeAskedIsAnErrorAndNoDrift() throws {
        let scene = try Scene { "argocd: {server: \"\($0)\", app: web}" }
        let errored = try scene.drift(answering: #"{"message":"no"}"#, 500)
        #expect(errored.code == 1 && errored.json?["findings"]?.items.isEmpty == true && errored.json?["errors"]?.items.count == 1, "\(errored)")
        #expect(!(errored.output + errored.errors).contains("canary"))
    }

    @Test(arguments: [
        ("registry.example/checkout:1.4.2", nil), ("registry.example/checkout:1.4.2@sha256:aa", nil),
        ("registry.example/checkout:1.4.1", "runs registry.example/checkout:1.4.1"),
    ])
    func aWorkloadIsComparedByItsImages(_ image: String, _ difference: String?) throws {
        let scene = try Scene { "kubernetes: {server: \"\($0)\", namespace: dev, objects: [\"deployment/{service}\"], token_env: KUBE_TOKEN}" }
        let object = #"{"kind":"Deployment","spec":{"template":{"spec":{"containers":[{"name":"proxy","image":"p:9"},{"name":"app","image":"\#(image)"}]}}}}"#
        let found = try scene.drift(answering: object)
        let reason = found.json?["findings"]?[0]?.text("reason")
        #expect(found.code == (difference == nil ? 0 : 3), "\(found)")
        #expect(difference == nil ? reason == nil : reason == "kubernetes: deployment/checkout runs p:9, \(image)", "\(found)")
        let missing = try scene.drift(answering: "{}", 404)
        #expect(missing.json?["findings"]?[0]?.text("reason") == "kubernetes: deployment/checkout does not exist", "\(missing)")
    }
}
