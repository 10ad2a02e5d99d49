import Expressions
import PromotionEngine
import Testing
import WorkflowModel

@testable import Probes

/// When an Application's health counts for a promotion, and what it says then.
@Suite struct ArgoCDProbeTests {
    private static let watch = HealthWatch(
        subject: PromotionSubject(promotion: "p-1", service: "web", version: "1.4.2", stage: "dev", workflow: "shop"),
        commit: "ours", environment: "environments/dev", deliveredAt: Instant(seconds: 0), policy: HealthPolicy(), wasHealthy: false,
        isVerifying: true, now: Instant(seconds: 60))

    private static func application(sync: String, spec: String = "{}", operation: String = "Succeeded", health: String = "Healthy") -> String {
        """
        {"spec": \(spec), "status": {"sync": \(sync), "health": {"status": "\(health)", "message": "m"}, \
        "operationState": {"phase": "\(operation)", "message": "why"}}}
        """
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let application: String
        let finding: HealthFinding

        var testDescription: String { what }
    }

    static let rows: [Row] = [
        Row(what: "the deploy commit", application: application(sync: #"{"status":"Synced","revision":"ours"}"#), finding: .seen(.healthy, "m")),
        Row(what: "an old commit", application: application(sync: #"{"status":"Synced","revision":"old"}"#), finding: .notSynced("the application is at old")),
        Row(what: "no commit", application: application(sync: #"{"status":"Synced"}"#), finding: .notSynced("the application is at no revision")),
        Row(
            what: "a sync of the old one that failed", application: application(sync: #"{"status":"Synced","revision":"old"}"#, operation: "Failed"),
            finding: .notSynced("the sync Failed: why")),
        Row(
            what: "one of several sources", application: application(sync: #"{"status":"Synced","revisions":["other","ours"]}"#, health: "Degraded"),
            finding: .seen(.degraded, "m")),
        Row(what: "not applied yet", application: application(sync: #"{"status":"OutOfSync","revision":"ours"}"#), finding: .notSynced("OutOfSync")),
        Row(
            what: "not applied because the sync failed",
            application: application(sync: #"{"status":"OutOfSync","revision":"ours"}"#, operation: "Error"),
            finding: .notSynced("OutOfSync, the sync Error: why")),
        Row(
            what: "being applied", application: application(sync: #"{"status":"Synced","revision":"ours"}"#, operation: "Running"),
            finding: .seen(.progressing, "a sync is Running: why")),
        Row(
            what: "not compared", application: application(sync: #"{"status":"Unknown","revision":"ours"}"#),
            finding: .errored("the sync status is Unknown")),
        Row(
            what: "another repository whose compared source carries the version",
            application: application(
                sync: #"{"status":"Synced","revision":"old","comparedTo":{"source":{"targetRevision":"v1.4.2"}}}"#,
                spec: #"{"source":{"targetRevision":"v1.4.2"}}"#),
            finding: .seen(.healthy, "m")),
        Row(
            what: "another repository, compared before the change",
            application: application(
                sync: #"{"status":"Synced","revision":"old","comparedTo":{"source":{"targetRevision":"v1.4.1"}}}"#,
                spec: #"{"source":{"targetRevision":"v1.4.2"}}"#),
            finding: .notSynced("the application is at old")),
        Row(
            what: "several sources of which one has the parameter",
            application: application(
                sync: #"{"status":"Synced","revisions":["a","b"],"comparedTo":{"sources":[{"ref":"x"},{"helm":{"parameters":[{"name":"tag","value":"1.4.2"}]}}]}}"#,
                spec: #"{"sources":[{"ref":"x"},{"helm":{"parameters":[{"name":"tag","value":"1.4.2"}]}}]}"#),
            finding: .seen(.healthy, "m")),
        Row(
            what: "an image of the version",
            application: application(
                sync: #"{"status":"Synced","revision":"a","comparedTo":{"source":{"kustomize":{"images":["web=registry.example/web:1.4.2"]}}}}"#,
                spec: #"{"source":{"kustomize":{"images":["web=registry.example/web:1.4.2"]}}}"#),
            finding: .seen(.healthy, "m")),
        Row(
            what: "a health of another name", application: application(sync: #"{"status":"Synced","revision":"ours"}"#, health: "Fine"),
            finding: .errored("'Fine' is no health status")),
    ]

    @Test(arguments: rows)
    func anApplicationCountsOnlyForTheStateItWasComparedTo(row: Row) throws {
        let application = try JSONReading.value(Array(row.application.utf8))
        #expect(try ArgoCDProbe.finding(application, Self.watch) { $0 == "ours" } == row.finding)
    }

    @Test(arguments: [
        ("up{service=\"{service}\"}", "up{service=\"web\"}"), ("{stage}/{version}/{commit}", "dev/1.4.2/ours"), ("{other} {", "{other} {"),
        ("x{a=\"b\"}[1m]", "x{a=\"b\"}[1m]"), ("{environment}", "environments/dev"), ("{{service}}", "{web}"),
    ])
    func onlyOwnPlaceholdersAreFilledIn(text: String, filled: String) {
        #expect(Self.watch.filled(text) == filled)
    }
}

/// Several findings as one.
@Suite struct HealthLookTests {
    private static func verdict(_ findings: HealthFinding..., reported: HealthStatus? = nil) -> HealthFinding {
        HealthLook(findings: findings.map { HealthLook.Finding("s", $0) }).verdict(reported: reported)
    }

    @Test func theWorstCounts() {
        #expect(Self.verdict(.seen(.healthy, ""), .seen(.progressing, "slow")) == .seen(.progressing, "s: slow"))
        #expect(Self.verdict(.seen(.degraded, "ill"), .seen(.missing, "")) == .seen(.degraded, "s: ill"))
        #expect(Self.verdict(.seen(.healthy, ""), reported: .degraded) == .seen(.degraded, "report"))
        #expect(Self.verdict() == .seen(.healthy, ""))
    }

    @Test func whatCannotBeFoundOutHidesTheRestAndATriggerHidesNothing() {
        #expect(Self.verdict(.seen(.degraded, "ill"), .errored("gone")) == .errored("s: gone"))
        #expect(Self.verdict(.seen(.healthy, ""), .notSynced("old")) == .notSynced("s: old"))
        let look = HealthLook(
            findings: [HealthLook.Finding("s", .errored("gone"))],
            fired: [HealthLook.Fired(name: "t", action: .immediate, reason: "9 above 5")])
        #expect(look.verdict(reported: nil) == .seen(.degraded, "trigger t: 9 above 5"))
    }
}
