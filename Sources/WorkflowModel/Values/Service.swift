/// What moves through a workflow.
public struct Service: Sendable, Hashable {
    public var name: String
    /// A group or a person; what `service-owner` among approvers stands for.
    public var owner: String?
    public var labels: [String: String]
    /// Values for placeholders of the service's updates.
    public var vars: [String: String]
    /// Replaces the stages' updates when given.
    public var updates: [Update]?

    public init(
        name: String, owner: String? = nil, labels: [String: String] = [:],
        vars: [String: String] = [:], updates: [Update]? = nil
    ) {
        self.name = name
        self.owner = owner
        self.labels = labels
        self.vars = vars
        self.updates = updates
    }
}
