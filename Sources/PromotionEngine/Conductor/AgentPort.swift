/// Switches the automated syncs of an agent's applications off and on.
///
/// Everything throws with the reason when the agent cannot be asked or refuses.
public protocol AgentPort: AnyObject {
    /// The application's policy for automated syncs as JSON text; nil when it does not sync by itself.
    func automation(of app: String, at place: AgentPlace) throws -> String?
    /// Takes the policy away; doing it again changes nothing.
    func pause(_ app: String, at place: AgentPlace) throws
    /// Puts the policy back, unless the application has one by now; doing it again changes nothing.
    func resume(_ app: String, policy: String, at place: AgentPlace) throws
}

/// Can ask no agent.
public final class NoAgent: AgentPort {
    public init() {}
    public func automation(of app: String, at place: AgentPlace) throws -> String? { throw unreachable }
    public func pause(_ app: String, at place: AgentPlace) throws { throw unreachable }
    public func resume(_ app: String, policy: String, at place: AgentPlace) throws { throw unreachable }
    private var unreachable: PromotionError { PromotionError(.error, "this process can ask no agent") }
}
