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

    /// A report counts only when at least so many tests ran; nil: when any did.
    public var minimumTests: Int?

    public init(
        type: ValueType? = nil, postedBy: [String] = [], forbid: [ApprovalRule.Excluded] = [], minimumTests: Int? = nil
    ) {
        self.type = type
        self.postedBy = postedBy
        self.forbid = forbid
        self.minimumTests = minimumTests
    }
}
