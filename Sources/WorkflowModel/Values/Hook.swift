/// What a stage tells others about its promotions, or asks them (`design.md` section 8).
public struct Hook: Sendable, Hashable {
    public enum Event: String, Sendable, Hashable, CaseIterable {
        /// Asked before the deploy commit: a no stops the promotion.
        case before
        /// Told once the promotion has succeeded.
        case after
        case approvalNeeded = "approval_needed"
        case failed
        case rolledBack = "rolled_back"
        /// Admitted past gates.
        case bypassed
        /// Pending for too long.
        case expired
    }

    public enum Call: Sendable, Hashable {
        /// Posts a document that is signed with the secret of an environment variable.
        case http(url: String, secretEnvironment: String)
        /// The program and its arguments; runs only where the operator allows commands.
        case command([String])
    }

    public var event: Event
    /// Among those of its event, from 0.
    public var position: Int
    public var call: Call
    public var timeout: TimeSpan

    public init(event: Event, position: Int, call: Call, timeout: TimeSpan = .seconds(10)) {
        self.event = event
        self.position = position
        self.call = call
        self.timeout = timeout
    }

    /// As records call it: `before/0`.
    public var key: String { "\(event.rawValue)/\(position)" }

    /// What is called, without what placeholders stand for.
    public var name: String {
        switch call {
        case .http(let url, _): url
        case .command(let arguments): arguments.first ?? ""
        }
    }
}
