public import PromotionEngine
internal import WorkflowModel

/// The measures of the DORA programme, from what the ledger holds, with the definitions that they are computed by.
public struct DeliveryMetrics: Sendable {
    /// Of one service, one class of stages, or all.
    public struct Row: Sendable {
        public let name: String
        /// Promotions and rollbacks that were delivered.
        public let deployments: Int
        public let perWeek: Double
        /// Seconds from the registration of a release to its success; nil without any.
        public let leadMedian: Int?
        public let leadNinetieth: Int?
        /// Share of deployments that failed or were rolled back; nil without deployments.
        public let changeFailureRate: Double?
        /// Share of ended deployments that succeeded.
        public let successRate: Double?
        /// Failures that were recovered from, and how long that took on average.
        public let recoveries: Int
        public let meanRecovery: Int?
        public let longestRecovery: Int?
        public let unrecovered: Int
    }

    /// The seeds' targets: deployment success rate above 99 %, mean time to recovery below 15 minutes.
    public static let successTarget = 0.99
    public static let recoveryTarget = 15 * 60

    /// What each number means; printed with them.
    public static let definitions: [(name: String, meaning: String)] = [
        ("Deployments", "promotions and rollbacks whose deploy commit landed in the stage in the period; what committed nothing, and changes from outside, do not count"),
        ("Deployment frequency", "deployments divided by the weeks of the period"),
        ("Lead time", "from the registration of the release to its first success in the stage; median and 90th percentile (nearest rank); rollbacks do not count. The time between source commit and registration is not in the ledger"),
        ("Change failure rate", "promotions that failed after delivery or were rolled back, divided by promotions; rollbacks do not count. A failed pipeline is no failed change"),
        ("Deployment success rate", "deployments that succeeded divided by those that ended as succeeded, failed or rolled back; target: above 99 %"),
        ("Recovery time", "from the delivery of a change that failed or was rolled back to the next success of the same service in the same stage; the mean is the MTTR, target: below 15 minutes"),
    ]

    public let scope: AuditScope
    /// From the first to the last moment that counted.
    public let weeks: Double
    public let total: Row
    public let services: [Row]
    public let classes: [Row]
    /// Deployments and failures by week, oldest first.
    public let trend: [(start: Instant, deployments: Int, failures: Int)]

    /// - Parameters:
    ///   - changes: all of them, so that a recovery after the period counts for a failure in it.
    ///   - classes: the class of each stage.
    ///   - now: the end of a period without one.
    public init(_ changes: [Change], scope: AuditScope, classes: [String: String], now: Instant) {
        self.scope = scope
        let all = changes.filter { $0.origin != .external && !$0.isUnchanged }
        let counted = all.filter(scope.holds)
        let start = scope.since ?? counted.map(\.deliveredAt).min() ?? now
        let end = max(start + .seconds(1), min(scope.until ?? now, max(now, start)))
        let weeks = max(Double((end - start).seconds) / 604_800, 1.0 / 7)
        self.weeks = weeks
        let recoveries = Self.recoveries(all)
        func row(_ name: String, _ changes: [Change]) -> Row { Self.row(name, changes, recoveries, weeks) }
        total = row("all", counted)
        services = Dictionary(grouping: counted, by: \.service).sorted { $0.key < $1.key }.map { row($0.key, $0.value) }
        self.classes = Dictionary(grouping: counted) { classes[$0.stage] ?? $0.stage }.sorted { $0.key < $1.key }.map { row($0.key, $0.value) }
        trend = Self.trend(counted, start, end)
    }

    /// Seconds to the next success of the same cell, by the id of the change that went wrong; absent while there is none.
    private static func recoveries(_ changes: [Change]) -> [String: Int] {
        var open: [String: [Change]] = [:]
        var spans: [String: Int] = [:]
        for change in changes.sorted(by: { ($0.deliveredAt, $0.records.first ?? 0) < ($1.deliveredAt, $1.records.first ?? 0) }) {
            let cell = change.service + "/" + change.stage
            if change.isBad {
                open[cell, default: []].append(change)
            } else if change.outcome == .succeeded {
                for failed in open.removeValue(forKey: cell) ?? [] {
                    spans[failed.id] = max(0, ((change.endedAt ?? change.deliveredAt) - failed.deliveredAt).seconds)
                }
            }
        }
        return spans
    }

    private static func row(_ name: String, _ changes: [Change], _ recoveries: [String: Int], _ weeks: Double) -> Row {
        let promotions = changes.filter { $0.origin == .promotion }
        let bad = promotions.filter(\.isBad)
        let succeeded = changes.count { $0.outcome == .succeeded }
        let ended = succeeded + changes.count(where: \.isBad)
        let leads = promotions.compactMap(\.leadSeconds).sorted()
        let spans = bad.compactMap { recoveries[$0.id] }
        return Row(
            name: name, deployments: changes.count, perWeek: Double(changes.count) / weeks, leadMedian: percentile(leads, 50),
            leadNinetieth: percentile(leads, 90),
            changeFailureRate: promotions.isEmpty ? nil : Double(bad.count) / Double(promotions.count),
            successRate: ended == 0 ? nil : Double(succeeded) / Double(ended), recoveries: spans.count,
            meanRecovery: spans.isEmpty ? nil : spans.reduce(0, +) / spans.count, longestRecovery: spans.max(),
            unrecovered: bad.count - spans.count)
    }

    /// The nearest rank of a sorted list.
    static func percentile(_ sorted: [Int], _ percent: Int) -> Int? {
        guard !sorted.isEmpty else { return nil }
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }

    private static func trend(_ changes: [Change], _ start: Instant, _ end: Instant) -> [(start: Instant, deployments: Int, failures: Int)] {
        let week = 604_800
        let count = min(520, max(1, ((end - start).seconds + week - 1) / week))
        var weeks = (0..<count).map { (start: Instant(seconds: start.seconds + $0 * week), deployments: 0, failures: 0) }
        for change in changes {
            let position = min(count - 1, max(0, (change.deliveredAt - start).seconds / week))
            weeks[position].deployments += 1
            if change.isBad { weeks[position].failures += 1 }
        }
        return weeks
    }
}

extension Change {
    /// It failed after delivery, or an earlier release had to take its place.
    var isBad: Bool { outcome == .failed || outcome == .rolledBack }
}
