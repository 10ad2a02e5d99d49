/// What a workflow says about one evidence key under `evidence:`.
public struct EvidenceRule: Sendable, Hashable {
    public enum ValueType: String, Sendable, Hashable, CaseIterable {
        case number, text, bool
    }

    /// The declared type; nil for a built-in key, whose type is given.
    public var type: ValueType?
    /// Groups or people of whom one must have posted the value; empty: anyone.
    public var postedBy: [String]
    /// Whose posts do not count.
    public var forbid: [ApprovalRule.Excluded]

    public init(type: ValueType? = nil, postedBy: [String] = [], forbid: [ApprovalRule.Excluded] = []) {
        self.type = type
        self.postedBy = postedBy
        self.forbid = forbid
    }
}
