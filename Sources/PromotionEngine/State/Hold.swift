/// A standing hold of one cell.
public struct Hold: Sendable, Hashable {
    public let id: String
    public let stage: String
    public internal(set) var owner: String
    public internal(set) var reason: String
    public let since: Instant
    public let until: Instant?
    /// The rollback that added it.
    public let rollback: String?

    public func isActive(at time: Instant) -> Bool { until.map { time < $0 } ?? true }

    init(_ added: HoldAdded, at time: Instant) {
        id = added.id
        stage = added.stage
        owner = added.owner
        reason = added.reason
        since = time
        until = added.until
        rollback = added.rollback
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("hold")
        stage = try fields.string("stage")
        owner = try fields.string("owner")
        reason = try fields.string("reason")
        since = try fields.time("since")
        until = try fields.optionalTime("until")
        rollback = try fields.optionalString("rollback")
    }

    public var json: JSONValue {
        .compact([
            "hold": .string(id), "stage": .string(stage), "owner": .string(owner), "reason": .string(reason),
            "since": .string(since.description), "until": .optional(until?.description), "rollback": .optional(rollback),
        ])
    }
}

/// Freezes of one scope along time.
struct FreezeCalendar {
    private let freezes: [Freeze]

    init(_ freezes: [Freeze]) { self.freezes = freezes }

    /// The first moment from `time` on at which none is active; nil when one never ends by itself.
    func opening(after time: Instant) -> Instant? {
        var moment = time
        while let active = freezes.first(where: { $0.isActive(at: moment) }) {
            guard let until = active.until else { return nil }
            moment = until
        }
        return moment
    }

    /// The first moment after `time` at which one becomes active.
    func closing(after time: Instant) -> Instant? {
        freezes.map(\.start).filter { $0 > time }.sorted().first { start in freezes.contains { $0.isActive(at: start) } }
    }
}
