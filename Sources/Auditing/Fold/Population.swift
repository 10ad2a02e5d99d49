public import PromotionEngine

/// Which changes an audit is about.
public struct AuditScope: Sendable, Hashable {
    /// Empty: all stages.
    public var stages: Set<String>
    /// The ids of the changes that count, where the stages' names alone do not tell; nil: they do.
    public var changes: Set<String>?
    public var service: String?
    /// From this moment on; nil: from the beginning.
    public var since: Instant?
    /// Before this moment; nil: to the end.
    public var until: Instant?

    public init(stages: Set<String> = [], service: String? = nil, since: Instant? = nil, until: Instant? = nil) {
        self.stages = stages
        self.service = service
        self.since = since
        self.until = until
    }

    func holds(_ at: Instant) -> Bool { (since.map { at >= $0 } ?? true) && (until.map { at < $0 } ?? true) }

    public func holds(_ change: Change) -> Bool {
        (changes?.contains(change.id) ?? (stages.isEmpty || stages.contains(change.stage))) && (service == nil || change.service == service)
            && holds(change.deliveredAt)
    }

    public func holds(_ finding: OutsideFinding) -> Bool {
        (stages.isEmpty || stages.contains(finding.stage)) && (service == nil || finding.service == service) && holds(finding.at)
    }

    /// An event about no single stage or service is about all of them.
    public func holds(_ event: AuditEvent) -> Bool {
        (stages.isEmpty || event.stage.map(stages.contains) ?? true) && (service == nil || event.service == nil || event.service == service)
            && holds(event.at)
    }

    /// Whether a record is about it, as an export asks: by the record's own time.
    public func holds(_ record: LedgerRecord) -> Bool {
        (stages.isEmpty || record.fact.stage.map(stages.contains) ?? false) && (service == nil || record.fact.service == service)
            && holds(record.at)
    }

    /// For headings: `2026-01-01 to 2026-12-31`.
    public var period: String {
        let start = since.map(\.day) ?? "the beginning"
        guard let until else { return "\(start) to now" }
        // `until` is the first moment that no longer counts: of a whole day the day before is told.
        let last = until.seconds % 86_400 == 0 ? Instant(seconds: until.seconds - 1).day : until.description
        return "\(start) to \(last)"
    }

    public var json: JSONValue {
        [
            "stages": .array(stages.sorted().map(JSONValue.string)), "service": .optional(service),
            "since": .optional(since?.description), "until": .optional(until?.description),
        ]
    }
}

extension Instant {
    /// `2026-10-15`, UTC.
    var day: String { String(description.prefix(10)) }
    /// `2026-10-15 12:04`, UTC.
    var minute: String { description.prefix(10) + " " + description.dropFirst(11).prefix(5) }
    /// `2026-10`, UTC.
    var month: String { String(description.prefix(7)) }
}

/// All changes of a scope, oldest first.
public struct Population: Sendable {
    public let scope: AuditScope
    public let changes: [Change]
    public let events: [AuditEvent]

    public init(_ fold: ChangeFold, _ scope: AuditScope) {
        self.scope = scope
        // A promotion that committed nothing changed nothing.
        changes = fold.changes.filter { scope.holds($0) && !$0.isUnchanged }.sorted { ($0.deliveredAt, $0.records.first ?? .max) < ($1.deliveredAt, $1.records.first ?? .max) }
        events = fold.events.filter(scope.holds)
    }

    public var exceptional: [Change] { changes.filter { !$0.exceptions.isEmpty } }

    public func changes(with exception: ChangeException) -> [Change] { changes.filter { $0.exceptions.contains(exception) } }
}
