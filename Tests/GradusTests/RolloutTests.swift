import Glibc
import PromotionEngine
import Synchronization
import TestSupport
import Testing

/// Stages with steps: a value that grows, and targets in waves.
@Suite struct RolloutTests {
    private static let path = "environments/dev/checkout/rollout.yaml"
    private static let overlay = "# how much traffic the new version gets\nrollout:\n  weight: 100   # percent\n"
    private static let clockMoves = GradusProcess.canMoveClock

    private func progressive(_ more: String = "", _ rules: [String] = []) -> Storefront {
        var storefront = Storefront.open(services: ["checkout"])
        storefront.rules = [
            "dev": [
                "progressive: {file: \"environments/dev/{service}/rollout.yaml\", path: rollout.weight, steps: [5, 25, 100]\(more)}",
            ] + rules,
        ]
        storefront.more = [Self.path: Self.overlay]
        return storefront
    }

    private func weight(_ site: Site) throws -> String {
        let line = try #require(try site.file(Self.path).split(separator: "\n").first { $0.contains("weight") })
        return String(line.split(separator: " ")[1])
    }

    // MARK: A value that grows

    @Test(.enabled(if: clockMoves, "faketime is not installed"))
    func aValueGrowsStepByStepWithAPauseAndACommitEach() throws {
        let site = try Site(.cloneOfBare, progressive(", pause: 10m"))
        try site("release create checkout 1.4.2")
        let first = try site.json("promote checkout --to dev")
        #expect(first.text("phase") == "verifying" && first.text("result") == "promoted")
        // The new version never gets more than the first step, not even for a moment.
        #expect(try weight(site) == "5" && site.tag("checkout", "dev") == "1.4.2" && site.deployments().count == 1)
        #expect(try site.json("plan checkout --to qa --version 1.4.2").gate("upstream")?.text("verdict") == "waiting")
        #expect(try site.json("reconcile")["moves"]?.items.isEmpty == true)
        let again = try site.json("promote checkout --to dev")
        #expect(again.text("result") == "unchanged" && again["rollout"]?["number"] == 1 && again["rollout"]?["of"] == 3)

        let second = try site.json("reconcile", clock: "+11m")["moves"]?.items ?? []
        #expect(second.map { $0.text("reason") } == ["step 2 of 3 (25)"])
        #expect(try weight(site) == "25")
        let cell = try site.json("matrix")["services"]?[0]?["cells"]?["dev"]
        #expect(cell?["rollout"]?["number"] == 2 && cell?["rollout"]?.text("value") == "25")
        #expect(try site("matrix").output.contains("1.4.2 2/3"))
        #expect(try site("show \(first.text("id") ?? "")").output.contains("step 2 of 3 (25), its health is being watched"))
        let message = try site.git.git("log", "-1", "--format=%B", "main", in: site.authority)
        #expect(message.contains("Gradus-Step: 2 of 3 (25)") && message.contains("Gradus-Promotion: \(first.text("id") ?? "")"))

        // A hold keeps it where it is, and the last step ends it.
        try site("hold add --service checkout --stage dev --reason lunch", as: "olga")
        #expect(try site.json("reconcile", clock: "+22m")["moves"]?.items.isEmpty == true)
        try site("resume checkout --stage dev", as: "olga")
        try site("reconcile", clock: "+22m")
        #expect(try weight(site) == "100" && site.deployments().count == 3)
        #expect(try site.types().suffix(2) == ["step.delivered", "succeeded"])
        #expect(try site.json("promote checkout --to dev").text("phase") == "succeeded")
        #expect(try site.file(Self.path) == Self.overlay)
        try site.expectSoundLedger()
    }

    @Test func aStepWhoseProcessDiedIsFoundAndTakenOnce() throws {
        for point in ["move.before@1", "move.after@1", "move.before@2", "move.after@2"] {
            let site = try Site(.cloneOfBare, progressive())
            try site("release create checkout 1.4.2")
            try site("promote checkout --to dev")
            let victim = try site.run(["reconcile"], adding: ["GRADUS_FAILPOINT": point])
            #expect([0, 137].contains(victim.code), "\(point): \(victim)")
            try site("reconcile")
            #expect(try weight(site) == "100" && site.deployments().count == 3, "\(point)")
            #expect(try site.types().filter { $0 == "step.delivered" }.count == 2, "\(point)")
            #expect(try site.types().last == "succeeded" && !site.types().contains("external-change"), "\(point)")
            try site.expectSoundLedger()
        }
    }

    private func atStepTwo(_ onFailure: String) throws -> Site {
        let site = try Site(.bare, progressive("", ["health: report", "on_failure: \(onFailure)"]))
        try site("release create checkout 1.4.2")
        let first = try #require(try site.json("promote checkout --to dev").text("commit"))
        #expect(try site.json("reconcile")["moves"]?.items.isEmpty == true)
        try site("report checkout 1.4.2 --stage dev --health Healthy --revision \(first)")
        try site("reconcile")
        #expect(try weight(site) == "25")
        // What was seen before the step says nothing about it.
        #expect(try site.json("reconcile")["moves"]?.items.isEmpty == true)
        let second = try site.git.git("rev-parse", "main", in: site.authority)
        try site("report checkout 1.4.2 --stage dev --health Degraded --revision \(second)")
        return site
    }

    /// The branch is moved back by force, so that the first step stands again: that is a change from outside, and on record.
    @Test(.enabled(if: clockMoves, "faketime is not installed"))
    func aStepThatSomebodyTookBackByForceIsOnRecord() throws {
        let site = try Site(.bare, progressive(", pause: 10m"))
        try site("release create checkout 1.4.2")
        let first = try #require(try site.json("promote checkout --to dev").text("commit"))
        try site("reconcile", clock: "+11m")
        #expect(try weight(site) == "25")
        try site.git.git("update-ref", "refs/heads/main", first, in: site.authority)
        try site("reconcile", clock: "+12m")
        #expect(try weight(site) == "5")
        let change = try #require(try site.records().last { $0.text("type") == "external-change" })
        #expect(change.text("commit") == first)
        try site("reconcile", clock: "+30m")
        #expect(try site.types().filter { $0 == "external-change" }.count == 1)
    }

    /// A report speaks of the commit of its step: Healthy before it says nothing about it.
    @Test func everyStepTakesItsOwnReportOfTheSameHealth() throws {
        let site = try Site(.bare, progressive("", ["health: report", "verify_for: 0s"]))
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        for weight in ["25", "100", "100"] {
            let commit = try site.git.git("rev-parse", "main", in: site.authority)
            let report = "report checkout 1.4.2 --stage dev --health Healthy --revision \(commit)"
            #expect(try site.json(report).text("result") == "recorded")
            #expect(try site.json(report).text("result") == "unchanged")
            try site("reconcile")
            #expect(try self.weight(site) == weight)
        }
        #expect(try site.types().last == "succeeded")
        try site.expectSoundLedger()
    }

    @Test func illnessInAStepRollsBackToTheOldBytes() throws {
        let site = try atStepTwo("rollback")
        try site("reconcile", exits: 5)
        #expect(try site.file(Self.path) == Self.overlay && site.tag("checkout", "dev") == "1.0.0")
        #expect(try site.types().suffix(7) == ["health.observed", "failed", "requested", "hold.added", "admitted", "rolled_back", "delivered"])
        try site.expectSoundLedger()
    }

    @Test func withoutARollbackTheValueGoesBackToTheStepBefore() throws {
        let site = try atStepTwo("hold")
        try site("reconcile", exits: 5)
        #expect(try weight(site) == "5" && site.tag("checkout", "dev") == "1.4.2")
        #expect(try site.types().suffix(3) == ["step.delivered", "failed", "hold.added"])
        #expect(try site.records().last { $0.text("type") == "step.delivered" }?.text("reason") == "health is Degraded")
        try site.expectSoundLedger()
    }

    @Test(.enabled(if: PrometheusServer.isInstalled, "prometheus is not installed"))
    func aGradualTriggerGoesBackStepByStepBeforeTheRollback() throws {
        let environment = try HermeticEnvironment()
        let server = try PrometheusServer(environment, ["errors": 1])
        let site = try Site(.bare, progressive(", pause: 1s", [
            "metrics: {error_rate: {query: max(errors), unit: percent, address: \"\(server.url)\"}}",
            "rollback_triggers: [{metric: error_rate, threshold: 5, duration: 1s, action: gradual_rollback}]",
            "verify_for: 60s",
        ]))
        try site("release create checkout 1.4.2")
        let run = try site.start(
            ["promote", "checkout", "--to", "dev", "--wait=verified", "--timeout", "60s", "-o", "json"],
            adding: ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1"])
        for _ in 0..<3_000 {
            if try weight(site) == "25" { break }
            usleep(10_000)
        }
        server.set("errors", 9)
        let result = try run.result()
        #expect(result.code == 5 && result.json?.text("phase") == "rolled_back", "\(result.output)\(result.errors)")
        let steps = try site.records().filter { $0.text("type") == "step.delivered" }
        #expect(steps.last?["step"]?.text("value") == "5" && steps.last?.text("reason")?.contains("error_rate is 9") == true)
        #expect(try site.file(Self.path) == Self.overlay && site.tag("checkout", "dev") == "1.0.0")
        try site.expectSoundLedger()
    }

    // MARK: Targets in waves

    private func waves(_ rules: [String]) -> Storefront {
        var storefront = Storefront.open(services: ["checkout"])
        for target in ["eu", "us", "ap"] { storefront.more["clusters/\(target).yaml"] = "image: {tag: \"1.0.0\"} # \(target)\n" }
        let stage = ["targets: [eu, us, {name: ap, vars: {zone: tokyo}}]"] + rules
        storefront.more["workflows/storefront.yaml"] = """
            apiVersion: gradus/v1
            workflow: storefront
            services: [checkout]
            stages:
              - name: dev
                updates:
                  - yaml: "clusters/{target}.yaml"
                    set: {image.tag: "{version}"}

            """ + stage.map { "    \($0)\n" }.joined()
        return storefront
    }

    private func reached(_ site: Site) throws -> [String] {
        try ["eu", "us", "ap"].filter { try site.file("clusters/\($0).yaml").contains("1.4.2") }
    }

    @Test func targetsAreReachedWaveByWaveAndSoManyMayBeIll() throws {
        let ill = Mutex(Set<String>())
        let server = try ScriptedServer { request in
            ScriptedAnswer(ill.withLock { $0.contains(String(request.path.dropFirst())) } ? 503 : 200)
        }
        let site = try Site(.bare, waves([
            "waves: {groups: [[eu], [us, ap]], max_failures: 1}", "health: {http: {url: \"\(server.url)/{target}\"}}",
            "on_failure: rollback",
        ]))
        try site("validate")
        try site("release create checkout 1.4.2")
        let allowed = ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1"]
        #expect(try site.json("promote checkout --to dev")["edits"]?.items.count == 1)
        #expect(try reached(site) == ["eu"])
        let second = try site.run(["reconcile", "-o", "json"], adding: allowed)
        #expect(second.json?["moves"]?[0]?.text("reason") == "step 2 of 2 (us, ap)", "\(second)")
        #expect(try reached(site) == ["eu", "us", "ap"])
        #expect(Set(server.requests.map(\.path)) == ["/eu"])
        ill.withLock { $0 = ["us"] }
        let last = try site.run(["reconcile", "-o", "json"], adding: allowed)
        #expect(last.json?["moves"]?[0]?.text("phase") == "succeeded", "\(last)")
        #expect(try site.records().last { $0.text("type") == "health.observed" }?.text("message")?.contains("borne: us") == true)

        // Too many of them are the release's illness, and every target gets its old bytes back.
        let before = try ["eu", "us", "ap"].map { try site.file("clusters/\($0).yaml") }
        ill.withLock { $0 = [] }
        try site("release create checkout 1.4.3")
        try site("promote checkout --to dev --version 1.4.3")
        _ = try site.run(["reconcile"], adding: allowed)
        ill.withLock { $0 = ["us", "ap"] }
        let failed = try site.run(["reconcile"], adding: allowed)
        #expect(failed.code == 5, "\(failed)")
        #expect(try ["eu", "us", "ap"].map { try site.file("clusters/\($0).yaml") } == before)
        try site.expectSoundLedger()
    }

    /// 1.4.2 is everywhere, 1.4.3 in eu, and somebody pins us.
    private func pinned() throws -> Site {
        let site = try Site(.cloneOfBare, waves(["waves: {groups: [[eu], [us, ap]], pause: 1s}", "health: report", "verify_for: 0s"]))
        func healthy(_ version: String) throws {
            let commit = try site.git.git("rev-parse", "main", in: site.authority)
            try site("report checkout \(version) --stage dev --health Healthy --revision \(commit)")
        }
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        try healthy("1.4.2")
        usleep(1_200_000)
        try site("reconcile")
        try healthy("1.4.2")
        try site("reconcile")
        #expect(try reached(site) == ["eu", "us", "ap"] && site.types().last == "succeeded")
        try site("release create checkout 1.4.3")
        try site("promote checkout --to dev --version 1.4.3")
        try healthy("1.4.3")
        let text = try site.file("clusters/us.yaml").replacing("1.4.2", with: "9.9.9")
        try site.git.commit(["clusters/us.yaml": text], "us: pinned by hand", to: site.authority)
        usleep(1_200_000)
        return site
    }

    @Test func aHandEditAheadOfTheWaveIsSeenAndStopsIt() throws {
        let site = try pinned()
        let finding = try #require(try site.json("drift --exit-code", exits: 3)["findings"]?[0])
        #expect(finding["edits"]?.items.map { $0.text("file") } == ["clusters/us.yaml"])
        let report = try site.json("reconcile", exits: 5)
        #expect(report["moves"]?.items.map { $0.text("phase") } == ["failed"], "\(report)")
        #expect(report["moves"]?[0]?.text("reason")?.contains("clusters/us.yaml: image.tag was changed by someone else from 1.4.2 to 9.9.9") == true)
        #expect(report["external_changes"]?.items.count == 1)
        #expect(try site.types().suffix(2) == ["failed", "external-change"])
        #expect(try site.json("reconcile")["moves"]?.items.isEmpty == true)
        #expect(try site.file("clusters/us.yaml").contains("9.9.9") && site.file("clusters/ap.yaml").contains("1.4.2"))
        let verified = try site("audit verify")
        #expect(verified.output.contains("1 of those changes came from outside"), "\(verified.output)")
        // Going back puts every target back, the pinned one with them: what stood there is on record.
        try site("rollback checkout --stage dev --reason bad")
        #expect(try reached(site) == ["eu", "us", "ap"])
        try site.expectSoundLedger()
    }

    @Test func askingForItTwiceGoesOnOverAHandEdit() throws {
        let site = try pinned()
        let refused = try site("promote checkout --to dev --version 1.4.3", exits: 9)
        #expect(refused.errors.contains("clusters/us.yaml: image.tag was changed by someone else"), "\(refused.errors)")
        #expect(try site.types().suffix(2) == ["failed", "external-change"])
        #expect(try site.json("promote checkout --to dev --version 1.4.3").text("phase") == "verifying")
        #expect(try site.file("clusters/us.yaml").contains("9.9.9"))
    }

    @Test func whatALaterWaveLacksIsToldBeforeTheFirst() throws {
        var storefront = waves(["waves: [[eu], [us, ap]]"])
        storefront.more["clusters/ap.yaml"] = "image: {}\n"
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        let refused = try site("promote checkout --to dev", exits: 2)
        #expect(refused.errors.contains("clusters/ap.yaml"))
        #expect(try reached(site).isEmpty && !site.types().contains("requested"))
    }
}
