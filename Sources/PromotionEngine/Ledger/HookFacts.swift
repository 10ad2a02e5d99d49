public import WorkflowModel

/// Something happened that a hook of the stage is to be told of: recorded with what happened, so that no crash loses it.
public struct HookOwed: FactPayload {
    public let subject: PromotionSubject
    /// The hook by its event and position, such as `failed/0`.
    public let hook: String
    public let event: Hook.Event
    /// What happened, in words; nil where the event says all.
    public let reason: String?

    public init(subject: PromotionSubject, hook: String, event: Hook.Event, reason: String?) {
        self.subject = subject
        self.hook = hook
        self.event = event
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        hook = try fields.string("hook")
        let name = try fields.string("event")
        guard let known = Hook.Event(rawValue: name) else { throw RecordFault("'\(name)' is no event of hooks") }
        event = known
        reason = try fields.optionalString("reason")
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["hook"] = .string(hook)
        members["event"] = .string(event.rawValue)
        members.set("reason", reason)
        return members
    }
}

/// A hook was called, with what came of it.
public struct HookCalled: FactPayload {
    public enum Result: String, Sendable, Hashable, CaseIterable {
        /// It took the call; before a promotion: yes.
        case passed
        /// It said no.
        case failed
        /// It could not be called, or not be understood.
        case errored
    }

    public let subject: PromotionSubject
    public let hook: String
    /// The address or program.
    public let name: String
    public let result: Result
    /// What was answered, in one clause.
    public let message: String?

    public init(subject: PromotionSubject, hook: String, name: String, result: Result, message: String?) {
        self.subject = subject
        self.hook = hook
        self.name = name
        self.result = result
        self.message = message
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        hook = try fields.string("hook")
        name = try fields.string("name")
        let text = try fields.string("result")
        guard let known = Result(rawValue: text) else { throw RecordFault("'\(text)' is no result of a hook") }
        result = known
        message = try fields.optionalString("message")
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["hook"] = .string(hook)
        members["name"] = .string(name)
        members["result"] = .string(result.rawValue)
        members.set("message", message)
        return members
    }
}
