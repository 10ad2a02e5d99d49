import Glibc
import PromotionEngine
import Synchronization
import TestSupport
import Testing

/// Verification by health sources that are asked, and what follows when they call a release ill.
@Suite struct VerificationTests {
    private static let allowed = ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1", "ARGOCD_AUTH_TOKEN": "argo-canary-token"]

    private func site(_ rules: [String]) throws -> Site {
        try Site(.bare, Storefront(automatic: [], rules: ["dev": rules]))
    }

    private func run(_ site: Site, _ line: String, _ variables: [String: String] = allowed) throws -> GradusResult {
        try site.run(line.split(separator: " ").map(String.init) + ["-o", "json"], adding: variables)
    }

    // MARK: Prometheus, a real one

    private func rules(_ server: PrometheusServer, onFailure: String = "rollback") -> [String] {
        [
            "health: {prometheus: {address: \"\(server.url)\", query: \"errors{job='app'}\", success_condition: \"result[0] < 50\", interval: 1s, failure_limit: 100}}",
            "verify_for: 3s", "on_failure: \(onFailure)", "metrics: {error_rate: {query: \"max(errors)\", unit: percent}}",
            "rollback_triggers: [{metric: error_rate, threshold: 5, duration: 4s, action: immediate_rollback}]",
        ]
    }

    @Test(.enabled(if: PrometheusServer.isInstalled, "prometheus is not installed"))
    func aReleaseIsVerifiedWhileItsErrorRateStaysLowAndRolledBackWhenItRises() throws {
        let environment = try HermeticEnvironment()
        let server = try PrometheusServer(environment, ["errors": 1])
        let site = try site(rules(server).map { $0.contains("verify_for") ? "verify_for: 6s" : $0 })
        try site("release create checkout 1.4.2")
        let good = try run(site, "promote checkout --to dev --wait=verified --timeout 60s")
        #expect(good.code == 0, "\(good.output)\(good.errors)")
        #expect(good.json?.text("phase") == "succeeded")
        #expect(good.errors.contains("Healthy for"))
        let path = Storefront.kustomizationPath("checkout", "dev")
        let before = try site.file(path)

        try site("release create checkout 1.4.3")
        server.set("errors", 9)
        let bad = try run(site, "promote checkout --to dev --version 1.4.3 --wait=verified --timeout 60s")
        #expect(bad.code == 5, "\(bad.output)\(bad.errors)")
        #expect(bad.json?.text("phase") == "rolled_back")
        #expect(bad.json?.text("result") == "failed")
        #expect(try site.file(path) == before)
        let types = try site.types()
        #expect(types.suffix(8).contains("failed") && types.suffix(8).contains("rolled_back") && types.suffix(8).contains("hold.added"))
        let failed = try #require(try site.records().last { $0.text("type") == "failed" })
        #expect(failed.text("reason")?.contains("trigger error_rate: error_rate is 9, above 5 for 4s") == true)
        #expect(try site.json("promote checkout --to dev --version 1.4.3", exits: 8).gate("hold")?.text("verdict") == "waiting")
        try site.expectSoundLedger()
    }

    /// The times of the records, on the clock of the process, against the time at which the exporter began to show the illness.
    @Test(.enabled(if: PrometheusServer.isInstalled, "prometheus is not installed"))
    func aRollbackBeginsWithinTheTriggersDurationAndOneInterval() throws {
        let environment = try HermeticEnvironment()
        let server = try PrometheusServer(environment, ["errors": 1])
        let site = try site(rules(server).map { $0.contains("verify_for") ? "verify_for: 60s" : $0 })
        try site("release create checkout 1.4.2")
        let run = try site.start(
            ["promote", "checkout", "--to", "dev", "--wait=verified", "--timeout", "60s", "-o", "json"], adding: Self.allowed)
        for _ in 0..<300 {
            if try site.types().contains("health.observed") { break }
            usleep(100_000)
        }
        let raised = Int(time(nil))
        server.set("errors", 9)
        let result = try run.result()
        #expect(result.code == 5, "\(result.output)\(result.errors)")
        let records = try site.records()
        func at(_ type: String) throws -> Int {
            try #require(records.last { $0.text("type") == type }?.text("at").flatMap { Instant(parsing: $0) }).seconds
        }
        // Four seconds of the trigger, one until it is scraped, two between looks; the rest is for a machine that is busy.
        let wait = try at("failed") - raised
        #expect((4...(4 + 1 + 2 + 5)).contains(wait), "it took \(wait)s")
        #expect(try at("admitted") == at("failed"), "the rollback is admitted with the failure")
        #expect(try site.tag("checkout", "dev") == "1.0.0")
    }

    @Test(.enabled(if: PrometheusServer.isInstalled, "prometheus is not installed"))
    func anAnalysisThatFailsIsHeldWhereTheStageHolds() throws {
        let environment = try HermeticEnvironment()
        let server = try PrometheusServer(environment, ["errors": 70])
        let site = try site([
            "health: {prometheus: {address: \"\(server.url)\", query: errors, success_condition: \"result[0] < 50\", interval: 1s, failure_limit: 1}}",
            "on_failure: hold",
        ])
        try site("release create checkout 1.4.2")
        let result = try run(site, "promote checkout --to dev --wait=verified --timeout 60s")
        #expect(result.code == 5, "\(result.output)\(result.errors)")
        #expect(result.json?.text("phase") == "failed")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
        let failed = try #require(try site.records().last { $0.text("type") == "failed" })
        #expect(failed.text("reason")?.contains("failed (2) > failureLimit (1)") == true)
        #expect(try site.types().last == "hold.added")
    }

    // MARK: What cannot be found out

    @Test func anUnreachableSourceIsErroredAndNeitherHealthyNorFailed() throws {
        let dead = try ScriptedServer { _ in ScriptedAnswer() }
        try dead.stop()
        let site = try site(["health: {http: {url: \"\(dead.url)/health\"}}", "health_timeout: 1s", "on_failure: rollback"])
        try site("release create checkout 1.4.2")
        let result = try run(site, "promote checkout --to dev --wait=verified --timeout 4s")
        #expect(result.code == 7)
        #expect(result.json?.text("phase") == "verifying")
        #expect(result.errors.contains("errored (http: cannot GET \(dead.url)/health"))
        #expect(try !site.types().contains("failed") && !site.types().contains("health.observed"))
    }

    @Test func aPrivateAddressIsRefusedUnlessTheOperatorAllowsIt() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer() }
        let site = try site(["health: {http: {url: \"\(server.url)/health\"}}"])
        try site("release create checkout 1.4.2")
        let result = try run(site, "promote checkout --to dev --wait=verified --timeout 1s", [:])
        #expect(result.code == 7)
        #expect(result.errors.contains("it is a private address"))
        #expect(server.requests.isEmpty)
    }

    @Test func commandsRunOnlyWhereTheOperatorAllowsThem() throws {
        let site = try site(["health: {command: [test, \"{version}\", =, 1.4.2]}"])
        try site("release create checkout 1.4.2")
        let refused = try run(site, "promote checkout --to dev --wait=verified --timeout 1s", [:])
        #expect(refused.code == 7 && refused.errors.contains("commands are not allowed here"))
        let allowed = try run(site, "reconcile", ["GRADUS_ALLOW_COMMANDS": "1"])
        #expect(allowed.code == 0)
        #expect(try site.json("promote checkout --to dev").text("phase") == "succeeded")
    }

    // MARK: HTTP

    @Test func aSlowStartIsBorneAndIllnessAfterHealthIsNot() throws {
        let looks = Mutex(0)
        let server = try ScriptedServer { _ in
            let count = looks.withLock { $0 += 1; return $0 }
            if count < 2 { return ScriptedAnswer(503) }
            return ScriptedAnswer(200, #"{"checks":[{"name":"db","ok":\#(count < 4)}]}"#)
        }
        let site = try site([
            "health: {http: {url: \"\(server.url)/health\", json_path: \"$.checks[0].ok\", condition: result}}", "verify_for: 60s",
            "on_failure: rollback",
        ])
        try site("release create checkout 1.4.2")
        let result = try run(site, "promote checkout --to dev --wait=verified --timeout 60s")
        #expect(result.code == 5, "\(result.output)\(result.errors)")
        #expect(try site.records().filter { $0.text("type") == "health.observed" }.compactMap { $0.text("status") }
            == ["Progressing", "Healthy", "Degraded"])
        // There was a version before the first promotion: it is back.
        #expect(result.json?.text("phase") == "rolled_back")
    }

    // MARK: Argo CD, a server of ours in its place

    private func application(_ revision: String, health: String = "Healthy", sync: String = "Synced") -> String {
        #"{"metadata":{"name":"checkout-dev"},"spec":{"source":{"repoURL":"https://git.example/x.git"}},"status":{"sync":{"status":"\#(sync)","revision":"\#(revision)"},"health":{"status":"\#(health)"},"operationState":{"phase":"Succeeded"}}}"#
    }

    @Test func healthOfTheOldRevisionNeverPassesTheNewOneAndALaterCommitDoes() throws {
        let answer = Mutex("")
        let server = try ScriptedServer { _ in ScriptedAnswer(200, answer.withLock { $0 }) }
        let site = try site(["health: {argocd: {server: \"\(server.url)\", app: \"{service}-{stage}\", app_namespace: apps, project: shop}}"])
        let old = try #require(try site.git.commits(in: site.authority).last)
        let first = application(old)
        answer.withLock { $0 = first }
        try site("release create checkout 1.4.2")
        let early = try run(site, "promote checkout --to dev --wait=verified --timeout 1s")
        #expect(early.code == 7)
        #expect(early.errors.contains("not_synced (argocd: the application is at \(old.prefix(10)))"))
        #expect(try !site.types().contains("health.observed"))
        let request = try #require(server.requests.first)
        #expect(request.target == "/api/v1/applications/checkout-dev?refresh=normal&appNamespace=apps&project=shop")
        #expect(request.header("Authorization") == ["Bearer argo-canary-token"])

        // Another service's commit comes later, and Argo CD has synced to that.
        try site.git.commit(["docs/a.md": "a\n"], "unrelated", to: site.authority)
        let later = application(try site.git.git("rev-parse", "main", in: site.authority))
        answer.withLock { $0 = later }
        let done = try run(site, "reconcile")
        #expect(done.code == 0, "\(done.output)\(done.errors)")
        #expect(try site.json("promote checkout --to dev").text("phase") == "succeeded")
        #expect(!(early.errors + early.output + done.errors + done.output).contains("canary"))
    }

    @Test func syncArgocdAsksForASyncOnce() throws {
        let server = try ScriptedServer { request in
            let revision = request.method == "POST" ? "" : "0000000000000000000000000000000000000000"
            return ScriptedAnswer(200, #"{"status":{"sync":{"status":"Synced","revision":"\#(revision)"}}}"#)
        }
        let site = try site(["health: {argocd: {server: \"\(server.url)\", app: web, project: shop}}", "sync: argocd"])
        try site("release create checkout 1.4.2")
        let result = try run(site, "promote checkout --to dev --wait=verified --timeout 5s")
        #expect(result.code == 7)
        #expect(result.errors.contains("a sync was asked for"))
        let syncs = server.requests.filter { $0.method == "POST" }
        #expect(syncs.map(\.target) == ["/api/v1/applications/web/sync"])
        #expect(syncs.first?.header("Content-Type") == ["application/json"])
        #expect(syncs.first?.body == #"{"project":"shop"}"#)
    }

    @Test func aSyncThatDoesNotComeInTimeFailsWithoutRollback() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(200, #"{"status":{"sync":{"status":"Synced","revision":"0000000000000000000000000000000000000000"}}}"#) }
        let site = try site([
            "health: {argocd: {server: \"\(server.url)\", app: web}}", "sync_timeout: 1s", "on_failure: rollback",
        ])
        try site("release create checkout 1.4.2")
        let result = try run(site, "promote checkout --to dev --wait=verified --timeout 30s")
        #expect(result.code == 5)
        #expect(try site.types().last == "failed")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
    }
}
