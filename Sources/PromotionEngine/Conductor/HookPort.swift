public import WorkflowModel

/// One call of a hook.
///
/// It is made at least once: a process that dies before the result is recorded leaves it to the next one. The key is the same
/// each time, so that the called side can tell a repetition.
public struct HookCall: Sendable {
    public let hook: Hook
    public let subject: PromotionSubject
    /// The same for every repetition of this call, and for no other: promotion, event and position.
    public let key: String
    /// What is told.
    public let document: JSONValue

    public init(hook: Hook, subject: PromotionSubject, reason: String?, initiator: String, at time: Instant) {
        self.hook = hook
        self.subject = subject
        key = "\(subject.promotion)/\(hook.key)"
        var members = subject.members
        members["apiVersion"] = "gradus/v1"
        members["kind"] = "HookCall"
        members["event"] = .string(hook.event.rawValue)
        members["key"] = .string(key)
        members["reason"] = .optional(reason)
        members["initiator"] = .string(initiator)
        members["at"] = .string(time.description)
        document = .object(members)
    }
}

/// What came of a call: the result, and a clause about it.
public struct HookAnswer: Sendable, Hashable {
    public let result: HookCalled.Result
    public let message: String

    public init(_ result: HookCalled.Result, _ message: String) {
        self.result = result
        self.message = message
    }
}

/// Calls hooks. Nothing it meets is thrown: what cannot be called is an answer.
public protocol HookPort: AnyObject {
    func call(_ call: HookCall) -> HookAnswer
}

/// Calls nothing.
public final class NoHooks: HookPort {
    public init() {}
    public func call(_ call: HookCall) -> HookAnswer { HookAnswer(.errored, "this process calls no hooks") }
}
