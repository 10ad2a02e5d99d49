@testable import Auditing
import AuditYear
import PromotionEngine
import Testing

/// A generated year, folded without any repository.
@Suite struct YearTests {
    private static let year: (records: [LedgerRecord], fold: ChangeFold, plan: YearPlan) = {
        let plan = YearPlan(changes: 400, seed: 7)
        var queue: [(at: Instant, order: Int, fact: Fact, by: String)] = []
        var facts = YearFacts(
            commit: { _, at in String(Digest.sha256("\(at) \(queue.count)").prefix(40)) },
            append: { fact, by, at in queue.append((at, queue.count, fact, by)) })
        do { try facts.tell(plan) } catch { Issue.record("\(error)") }
        var records: [LedgerRecord] = []
        var fold = ChangeFold()
        for item in queue.sorted(by: { ($0.at, $0.order) < ($1.at, $1.order) }) {
            records.append(
                LedgerRecord(
                    seq: records.count + 1, at: item.at, initiator: Identity(id: item.by), fact: item.fact,
                    previousHash: records.last?.hash ?? Digest.none))
        }
        for record in records { fold.apply(record) }
        return (records, fold, plan)
    }()

    private func population(_ scope: AuditScope = AuditScope(stages: ["prod"])) -> Population { Population(Self.year.fold, scope) }

    @Test(arguments: [
        (YearPlan.Kind.failed, ChangeException.failed), (.rolledBack, .rolledBack), (.passAfterFail, .passAfterFail),
        (.selfApproval, .selfApproval), (.noApproval, .noApproval), (.noEvidence, .noEvidence), (.late, .late),
        (.downgrade, .downgrade), (.external, .external), (.breakGlass, .breakGlass), (.breakGlassOpen, .breakGlassOpen),
        (.ungated, .ungated),
    ])
    func everyKindOfExceptionIsFoundAndNoOther(_ kind: YearPlan.Kind, _ exception: ChangeException) {
        let planned = Self.year.plan.steps.filter { $0.kind == kind }
        let found = population().changes(with: exception)
        #expect(!planned.isEmpty && Set(found.map { "\($0.service) \($0.version)" }) == Set(planned.map { "\($0.service) \($0.version)" }))
    }

    @Test func thePopulationIsEveryDeliveryAndEveryExternalChange() {
        let records = Self.year.records.filter { ["delivered", "external-change"].contains($0.fact.type) }
        #expect(population().changes.count == records.count)
        let orderly = Self.year.plan.steps.filter { $0.kind == .orderly || $0.kind == .denied || $0.kind == .rejectedFirst }
        #expect(population().changes.count { $0.exceptions.isEmpty && $0.origin == .promotion } == orderly.count)
    }

    @Test func aChangeTellsWhoWhenWhyAndWithWhatTests() throws {
        let step = try #require(Self.year.plan.steps.first { $0.kind == .passAfterFail && $0.ticket != nil })
        let change = try #require(population().changes.first { $0.service == step.service && $0.version == step.version })
        #expect(change.requester == step.requester && change.approvers == [step.approver] && change.authors == [step.author])
        #expect(change.ticket == step.ticket && change.previousVersion == step.previous && change.separation == .separated)
        #expect(change.evidence.first { $0.key == "test_pass_rate" }?.attempts.map(\.value) == ["97.5", "100"])
        #expect(change.outcome == .succeeded && change.leadSeconds == step.spans[3])
    }

    @Test func aSampleIsTheSameForTheSameSeedAndGrows() {
        let (small, large) = (AuditSample(of: population(), count: 10, seed: "x"), AuditSample(of: population(), count: 40, seed: "x"))
        #expect(small.items.map(\.id) == AuditSample(of: population(), count: 10, seed: "x").items.map(\.id))
        #expect(small.items.map(\.id) == large.items.prefix(10).map(\.id) && Set(large.items.map(\.id)).count == 40)
        #expect(small.items.map(\.id) != AuditSample(of: population(), count: 10, seed: "y").items.map(\.id))
        #expect(AuditSample(of: population(), count: 9_999, seed: "x").items.count == small.population)
    }

    @Test func thePageHoldsEveryChangeAndLoadsNothing() {
        let page = page()
        for change in population().changes { #expect(page.contains("id=\"\(ChangeView.anchor(change))\""), "\(change.id)") }
        for part in ["src=", "href=\"http", "@import", "url("] { #expect(!page.contains(part), "\(part)") }
        for kind in ChangeException.allCases where !population().changes(with: kind).isEmpty { #expect(page.contains("x-\(kind.rawValue)")) }
        #expect(page.contains("SOC 2 CC8.1") && page.contains("A.8.32") && page.components("<svg").count == 3)
    }

    @Test func textOfPeopleIsNoMarkup() {
        var fold = Self.year.fold
        let edits = [FieldEdit(file: "<img src=x>", field: "\"onload", old: nil, new: "<script>")]
        fold.add(
            unrecorded: OutsideFinding(
                service: "web", stage: "prod", branch: "main", commit: "c", author: "<b>eve</b>", at: Instant(seconds: 1_740_000_000), subject: "</main>",
                isRecorded: false, claims: [], edits: edits))
        let page = page(fold)
        #expect(page.contains("&lt;b&gt;eve&lt;/b&gt;") && !page.contains("<b>eve") && !page.contains("<img src=x"))
        #expect(page.components("</main>").count == 2 && page.components("<script>").count == 2)
    }

    @Test func metricsAreThoseOfTheirDefinitions() throws {
        let scope = AuditScope(stages: ["prod"], since: Instant(parsing: "2025-01-01T00:00:00Z"), until: Instant(parsing: "2026-01-01T00:00:00Z"))
        let metrics = DeliveryMetrics(Self.year.fold.changes, scope: scope, classes: ["prod": "production"], now: Instant(seconds: 1_780_000_000))
        let steps = Self.year.plan.steps.filter { $0.kind != .external && $0.kind != .unrecorded }
        let bad = steps.count { $0.kind == .failed || $0.kind == .rolledBack }
        #expect(metrics.total.deployments == steps.count + bad)
        #expect(metrics.total.changeFailureRate == Double(bad) / Double(steps.count))
        #expect(metrics.total.successRate == Double(steps.count) / Double(steps.count + bad))
        #expect(metrics.total.recoveries == bad && (metrics.total.longestRecovery ?? 0) < 1_800)
        let leads = steps.filter { $0.kind != .failed && $0.kind != .rolledBack }.map { $0.spans[3] + ($0.kind == .late ? 720 : 0) }.sorted()
        #expect(metrics.total.leadMedian == leads[(leads.count + 1) / 2 - 1])
        #expect(metrics.services.map(\.deployments).reduce(0, +) == metrics.total.deployments && metrics.classes.map(\.name) == ["production"])
        #expect(metrics.trend.map(\.deployments).reduce(0, +) == metrics.total.deployments && metrics.trend.count == 53)
    }

    @Test(arguments: [([1], 50, 1), ([1, 2], 50, 1), ([1, 2, 3, 4], 50, 2), ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, 9), ([5, 6], 90, 6)])
    func percentilesAreOfTheNearestRank(_ sorted: [Int], _ percent: Int, _ value: Int) {
        #expect(DeliveryMetrics.percentile(sorted, percent) == value)
    }

    @Test(arguments: [(0.9999, "99.9 %"), (1.0, "100 %"), (0.0001, "0.1 %"), (0, "0 %"), (0.973, "97.3 %")])
    func aShareIsNeverRoundedToAllOrNothing(_ share: Double, _ text: String) { #expect(Durations.percent(share) == text) }

    private func page(_ fold: ChangeFold = YearTests.year.fold) -> String {
        let scope = AuditScope(stages: ["prod"])
        let now = Instant(seconds: 1_780_000_000)
        return AuditReportPage(
            ReportInput(
                repository: "/srv/git/gitops.git", branch: "main", createdAt: now, version: "0", population: Population(fold, scope),
                verification: .init(
                    fault: nil, records: Self.year.records.count, segments: 1, deployCommits: 1, branchCommits: 1, touchingCommits: 1,
                    head: nil, warnings: []),
                metrics: DeliveryMetrics(fold.changes, scope: scope, classes: [:], now: now), ruleChanges: [], access: [])
        ).text
    }
}

extension String {
    /// The parts between occurrences of `separator`.
    fileprivate func components(_ separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let found = rest.firstRange(of: separator) {
            parts.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        return parts + [rest]
    }
}
