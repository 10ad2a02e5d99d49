import PromotionEngine
import Synchronization
import TestSupport
import Testing

/// Who is asked before a promotion and told of what became of it.
@Suite struct HookTests {
    private static let allowed = ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1", "HOOK_SECRET": "hook-canary-secret"]

    private func site(_ hooks: String, _ rules: [String] = []) throws -> Site {
        var storefront = Storefront.open(services: ["checkout"])
        storefront.rules = ["dev": ["hooks: \(hooks)"] + rules]
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        return site
    }

    private func run(_ site: Site, _ line: String, _ variables: [String: String] = [:]) throws -> GradusResult {
        try site.run(
            line.split(separator: " ").map(String.init) + ["-o", "json"], adding: Self.allowed.merging(variables) { $1 })
    }

    private func http(_ server: ScriptedServer, _ path: String) -> String {
        "{http: {url: \"\(server.url)/\(path)/{service}\", secret_env: HOOK_SECRET}}"
    }

    @Test func aHookBeforeIsAskedOnceAndIsOnRecord() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(204) }
        let site = try site("{before: [\(http(server, "ask"))], after: [\(http(server, "tell"))]}")
        let done = try run(site, "promote checkout --to dev")
        #expect(done.code == 0 && done.json?.text("phase") == "succeeded", "\(done)")
        _ = try run(site, "promote checkout --to dev")
        _ = try run(site, "reconcile")
        #expect(server.requests.map(\.target) == ["/ask/checkout", "/tell/checkout"])
        let request = try #require(server.requests.first)
        #expect(request.header("Idempotency-Key") == ["\(done.json?.text("id") ?? "")/before/0"])
        #expect(request.header("X-Gradus-Event") == ["before"])
        #expect(request.header("X-Gradus-Signature").first?.hasPrefix("sha256=") == true)
        #expect(request.body.contains(#""event":"before""#) && request.body.contains(#""version":"1.4.2""#))
        #expect(
            try site.types().suffix(6) == ["admitted", "hook.called", "delivered", "succeeded", "hook.owed", "hook.called"])
        #expect(!(done.output + done.errors).contains("canary"))
        try site.expectSoundLedger()
    }

    @Test func aNoStopsThePromotion() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(409, "freeze of the warehouse\n") }
        let site = try site("{before: [\(http(server, "ask"))]}")
        let refused = try run(site, "promote checkout --to dev")
        #expect(refused.code == 6 && refused.json?.text("phase") == "aborted" && refused.json?.text("result") == "aborted", "\(refused)")
        #expect(refused.errors.contains("said no: answered 409: freeze of the warehouse"))
        #expect(try site.deployments().isEmpty && site.types().suffix(3) == ["hook.called", "withdrawn", "aborted"])
        try site.expectSoundLedger()
    }

    @Test func whatCannotBeAskedIsErroredAndAskedAgainWithTheSameKey() throws {
        let status = Mutex(500)
        let server = try ScriptedServer { _ in ScriptedAnswer(status.withLock { $0 }) }
        let site = try site("{before: [\(http(server, "ask"))]}")
        let first = try run(site, "promote checkout --to dev")
        #expect(first.code == 1 && first.json?.text("phase") == "withdrawn", "\(first)")
        #expect(try site.deployments().isEmpty)
        status.withLock { $0 = 200 }
        let second = try run(site, "reconcile")
        #expect(second.code == 0 && second.json?["moves"]?[0]?.text("phase") == "succeeded", "\(second)")
        #expect(Set(server.requests.flatMap { $0.header("Idempotency-Key") }).count == 1)
        // Without its secret a hook is errored too, and says what is missing.
        try site("release create checkout 1.4.3")
        let unset = try run(site, "promote checkout --to dev --version 1.4.3", ["HOOK_SECRET": ""])
        #expect(unset.code == 1 && unset.errors.contains("HOOK_SECRET is not set"), "\(unset)")
        try site.expectSoundLedger()
    }

    @Test func eventsAreToldAndChangeNothing() throws {
        let server = try ScriptedServer { request in ScriptedAnswer(request.path.hasPrefix("/failed") ? 500 : 200) }
        let events = ["approval_needed", "failed", "rolled_back", "bypassed", "expired"].map { "\($0): [\(http(server, $0))]" }
        let site = try site(
            "{on: {\(events.joined(separator: ", "))}}", ["approvals: {min: 1, allow_self: true}", "health: report", "on_failure: rollback"])
        let pending = try run(site, "promote checkout --to dev")
        #expect(pending.code == 8 && server.requests.map(\.path) == ["/approval_needed/checkout"], "\(pending)")
        _ = try run(site, "promote checkout --to dev")
        #expect(server.requests.count == 1)
        try site("approve checkout@dev", as: "olga")
        let commit = try #require(try run(site, "promote checkout --to dev").json?.text("commit"))
        try site("report checkout 1.4.2 --stage dev --health Degraded --revision \(commit)")
        let failed = try run(site, "reconcile")
        #expect(failed.code == 5, "\(failed)")
        #expect(Set(server.requests.map(\.path)) == ["/approval_needed/checkout", "/failed/checkout", "/rolled_back/checkout"])
        let called = try site.records().filter { $0.text("type") == "hook.called" }
        #expect(called.compactMap { $0.text("result") } == ["passed", "errored", "passed"])
        #expect(try site.tag("checkout", "dev") == "1.0.0")
        try site.expectSoundLedger()
    }

    @Test func aCallThatWasOwedWhenTheProcessDiedIsMadeByTheNext() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(200) }
        let site = try site("{after: [\(http(server, "tell"))]}")
        // The third move is that of the ledger with `delivered`, `succeeded` and what is owed.
        let victim = try run(site, "promote checkout --to dev", ["GRADUS_FAILPOINT": "move.after@3"])
        #expect([0, 137].contains(victim.code))
        _ = try run(site, "reconcile")
        #expect(server.requests.map(\.target) == ["/tell/checkout"])
        #expect(try site.types().suffix(2) == ["hook.owed", "hook.called"])
    }

    @Test func commandsRunOnlyWhereTheOperatorAllowsThemAndOneIsNo() throws {
        let site = try site("{before: [{command: [sh, -c, 'test \"$GRADUS_VERSION\" = 1.4.3']}]}")
        let refused = try run(site, "promote checkout --to dev")
        #expect(refused.code == 1 && refused.errors.contains("commands are not allowed here"), "\(refused)")
        let no = try run(site, "promote checkout --to dev", ["GRADUS_ALLOW_COMMANDS": "1"])
        #expect(no.code == 6 && no.errors.contains("said no: exit code 1"), "\(no)")
        try site("release create checkout 1.4.3")
        let yes = try run(site, "promote checkout --to dev --version 1.4.3", ["GRADUS_ALLOW_COMMANDS": "1"])
        #expect(yes.code == 0, "\(yes)")
    }

    @Test func aBeforeHookNeverStopsARollback() throws {
        let status = Mutex(200)
        let server = try ScriptedServer { _ in ScriptedAnswer(status.withLock { $0 }) }
        let site = try site("{before: [\(http(server, "ask"))]}")
        _ = try run(site, "promote checkout --to dev")
        status.withLock { $0 = 500 }
        let back = try run(site, "rollback checkout --stage dev --reason errors")
        #expect(back.code == 0, "\(back)")
        #expect(try site.tag("checkout", "dev") == "1.0.0")
        try site.expectSoundLedger()
    }

    // MARK: Irreversible releases

    @Test func pastAnIrreversibleReleaseThereIsAHoldAndNoAutomaticRollback() throws {
        let site = try Site(.bare, Storefront(services: ["checkout"], automatic: [], rules: ["dev": ["health: report", "on_failure: rollback"]]))
        for (version, reason) in [("1.4.1", nil), ("1.4.2", "drops a column"), ("1.4.3", nil)] {
            _ = try site.run(["release", "create", "checkout", version] + (reason.map { ["--irreversible", $0] } ?? []))
        }
        func deliver(_ version: String, _ health: String, exits code: Int32) throws {
            let commit = try #require(try site.json("promote checkout --to dev --version \(version)").text("commit"))
            try site("report checkout \(version) --stage dev --health \(health) --revision \(commit)")
            try site("reconcile", exits: code)
        }
        try deliver("1.4.1", "Healthy", exits: 0)
        try deliver("1.4.2", "Degraded", exits: 5)
        #expect(try site.tag("checkout", "dev") == "1.4.2")
        let hold = try #require(try site.records().last { $0.text("type") == "hold.added" })
        #expect(hold.text("reason")?.contains("1.4.2 is irreversible: drops a column") == true)
        #expect(try site("release show checkout 1.4.2").output.contains("irreversible: drops a column"))
        // A person may still go back, once the hold is gone.
        try site("resume checkout --stage dev")
        try site("rollback checkout --stage dev --version 1.4.1 --reason checked")
        #expect(try site.tag("checkout", "dev") == "1.4.1")
        try site.expectSoundLedger()
    }
}
