import PromotionEngine
import Synchronization
import TestSupport
import Testing

/// Pause, deploy, verify, resume: the automated syncs of other applications.
@Suite struct PauseTests {
    /// A small Argo CD of ours: policies by application, changed by merge patches.
    private final class Agent: Sendable {
        struct State {
            var policies = ["api": #"{"prune":true,"selfHeal":true}"#, "web": #"{}"#]
            var revision = ""
            var refusesResume = false
        }

        let state = Mutex(State())

        func answer(_ request: ScriptedRequest) -> ScriptedAnswer {
            let name = String(request.path.split(separator: "/").last ?? "")
            return state.withLock { state in
                if request.method == "PATCH" {
                    guard request.body.contains(#""patchType":"merge""#) else { return ScriptedAnswer(400, "{}") }
                    let opening = #"{\"spec\":{\"syncPolicy\":{\"automated\":"#
                    guard let start = request.body.firstRange(of: opening), let end = request.body.firstRange(of: #"}}}""#) else { return ScriptedAnswer(400, "{}") }
                    let policy = String(request.body[start.upperBound..<end.lowerBound]).split(separator: "\\").joined()
                    if policy != "null", state.refusesResume { return ScriptedAnswer(503, #"{"message":"busy"}"#) }
                    state.policies[name] = policy == "null" ? nil : policy
                    return ScriptedAnswer(200, "{}")
                }
                let automated = state.policies[name].map { #""automated":\#($0)"# } ?? ""
                return ScriptedAnswer(
                    200,
                    #"{"metadata":{"name":"\#(name)"},"spec":{"syncPolicy":{\#(automated)}},"status":{"sync":{"status":"Synced","revision":"\#(state.revision)"},"health":{"status":"Healthy"}}}"#)
            }
        }

        var policies: [String: String] { state.withLock { $0.policies } }
    }

    private static let allowed = ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1", "ARGOCD_AUTH_TOKEN": "argo-canary-token"]
    private static let standing = ["api": #"{"prune":true,"selfHeal":true}"#, "web": #"{}"#]

    private func site(_ server: ScriptedServer, _ more: [String] = []) throws -> Site {
        var storefront = Storefront.open(services: ["checkout"])
        storefront.rules = [
            "dev": [
                "health: {argocd: {server: \"\(server.url)\", app: checkout, project: shop}}",
                "sync: {argocd: {pause_apps: [api, web, manual], pause_limit: 30m}}",
            ] + more,
        ]
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        return site
    }

    private func run(_ site: Site, _ line: String, _ variables: [String: String] = [:]) throws -> GradusResult {
        try site.run(line.split(separator: " ").map(String.init) + ["-o", "json"], adding: Self.allowed.merging(variables) { $1 })
    }

    private func synced(_ site: Site, _ agent: Agent) throws {
        let tip = try site.git.git("rev-parse", "main", in: site.authority)
        agent.state.withLock { $0.revision = tip }
    }

    @Test func syncsArePausedBeforeTheDeliveryAndResumedAfterTheVerification() throws {
        let agent = Agent()
        let server = try ScriptedServer(agent.answer)
        let site = try site(server)
        let delivered = try run(site, "promote checkout --to dev")
        #expect(delivered.code == 0 && delivered.json?.text("phase") == "verifying", "\(delivered)")
        #expect(agent.policies.isEmpty)
        #expect(try site.types().suffix(3) == ["admitted", "sync.paused", "delivered"])
        try synced(site, agent)
        let done = try run(site, "reconcile")
        #expect(done.code == 0, "\(done)")
        #expect(agent.policies == Self.standing)
        #expect(try site.types().suffix(2) == ["succeeded", "sync.resumed"])
        let patch = try #require(server.requests.first { $0.method == "PATCH" })
        #expect(patch.header("Content-Type") == ["application/json"] && patch.body.contains(#""project":"shop""#))
        #expect(!(delivered.output + delivered.errors + done.output + done.errors).contains("canary"))
        try site.expectSoundLedger()
    }

    @Test(arguments: ["move.after@1", "move.before@2", "move.after@2", "move.before@3", "move.after@3", "move.before@4"])
    func afterADeathAnywhereTheNextRunsResume(_ point: String) throws {
        let agent = Agent()
        let server = try ScriptedServer(agent.answer)
        let site = try site(server)
        let victim = try run(site, "promote checkout --to dev", ["GRADUS_FAILPOINT": point])
        #expect([0, 137].contains(victim.code), "\(victim)")
        _ = try run(site, "reconcile")
        try synced(site, agent)
        _ = try run(site, "reconcile")
        #expect(agent.policies == Self.standing, "\(point)")
        #expect(try site.types().filter { $0.hasPrefix("sync.") } == ["sync.paused", "sync.resumed"], "\(point)")
        #expect(try site.deployments().count == 1)
        try site.expectSoundLedger()
    }

    @Test func whatCannotBeResumedIsToldAndTriedAgain() throws {
        let agent = Agent()
        let server = try ScriptedServer(agent.answer)
        let site = try site(server)
        _ = try run(site, "promote checkout --to dev")
        try synced(site, agent)
        agent.state.withLock { $0.refusesResume = true }
        let first = try run(site, "reconcile")
        #expect(first.errors.contains("cannot be resumed") && first.errors.contains("busy"), "\(first)")
        #expect(try site.types().last == "succeeded")
        agent.state.withLock { $0.refusesResume = false }
        _ = try run(site, "reconcile")
        #expect(agent.policies == Self.standing)
        #expect(try site.types().last == "sync.resumed")
    }

    @Test func withoutArgoCDNothingIsDelivered() throws {
        let agent = Agent()
        let server = try ScriptedServer(agent.answer)
        let site = try site(server)
        try server.stop()
        let refused = try run(site, "promote checkout --to dev")
        #expect(refused.code == 1 && refused.errors.contains("could not be paused"), "\(refused)")
        #expect(try site.deployments().isEmpty && !site.types().contains("sync.paused"))
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func atTheLimitTheyAreResumedWhateverBecomesOfThePromotion() throws {
        let agent = Agent()
        let server = try ScriptedServer(agent.answer)
        let site = try site(server)
        _ = try run(site, "promote checkout --to dev")
        _ = try run(site, "reconcile")
        #expect(agent.policies.isEmpty)
        _ = try site.run(["reconcile"], clock: "+31m", adding: Self.allowed)
        #expect(agent.policies == Self.standing)
        #expect(try site.types().suffix(1) == ["sync.resumed"])
    }
}
