internal import WorkflowModel

/// A call of a hook that nobody has recorded yet.
public struct OwedHook: Sendable, Hashable {
    let owed: HookOwed
    let since: Instant

    init(_ owed: HookOwed, since: Instant) {
        self.owed = owed
        self.since = since
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        owed = try HookOwed(fields)
        since = try fields.time("since")
    }

    var json: JSONValue {
        var members = owed.members
        members["since"] = .string(since.description)
        return .object(members)
    }
}

extension ServiceState {
    /// Folds what is owed and what was called. A hook before the delivery is kept with its promotion.
    mutating func note(_ called: HookCalled) {
        owedHooks.removeAll { $0.owed.subject.promotion == called.subject.promotion && $0.owed.hook == called.hook }
        guard let position = open.firstIndex(where: { $0.id == called.subject.promotion }) else { return }
        open[position].hooks[called.hook] = called.result
    }
}
