internal import WorkflowModel

/// Automated syncs that are switched off for a promotion.
public struct SyncPause: Sendable, Hashable {
    public let paused: SyncPaused
    public let since: Instant

    init(_ paused: SyncPaused, since: Instant) {
        self.paused = paused
        self.since = since
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        paused = try SyncPaused(fields)
        since = try fields.time("since")
    }

    var json: JSONValue {
        var members = paused.members
        members["since"] = .string(since.description)
        return .object(members)
    }

    /// Whether they are to sync again: nothing of the cell is on its way any more, or it takes too long.
    func isOver(_ state: ServiceState, at now: Instant) -> Bool {
        if now - since > TimeSpan(seconds: paused.limit) { return true }
        let stage = paused.subject.stage
        return state.verifying(stage) == nil && state.undelivered(stage)?.phase != .admitted
    }
}
