/// So many approvals from such people must stand for a promotion to be admitted (`design.md` section 6).
public struct ApprovalRule: Sendable, Hashable {
    /// People who may not approve because of their part in the release.
    public enum Excluded: String, Sendable, Hashable, CaseIterable {
        case requester, author
    }

    /// How many different people; at least 1.
    public var minimum: Int
    /// Groups or people whose approvals count; empty: anyone's. `service-owner` stands for the service's owner unless it is a group.
    public var from: [String]
    /// Groups each of which must be represented among the approvers.
    public var required: [String]
    /// Whose approvals do not count.
    public var forbid: Set<Excluded>
    /// True where the file wrote out `forbid: [author]`: an unknown author then waits.
    public var authorMustBeKnown: Bool
    /// Only approvals whose record is signed by a key of the person count.
    public var authenticated: Bool
    /// Approvals older than this no longer count.
    public var expires: TimeSpan?

    public init(
        minimum: Int = 1, from: [String] = [], required: [String] = [],
        forbid: Set<Excluded> = [.requester, .author], authorMustBeKnown: Bool = false,
        expires: TimeSpan? = nil, authenticated: Bool = false
    ) {
        self.minimum = minimum
        self.from = from
        self.required = required
        self.forbid = forbid
        self.authorMustBeKnown = authorMustBeKnown
        self.expires = expires
        self.authenticated = authenticated
    }

    /// The rule in words: `1 of platform-team OR service-owner`.
    public var summary: String {
        var text = "\(minimum) of \(from.isEmpty ? "anyone" : from.joined(separator: " OR "))"
        if !required.isEmpty { text += ", one each from \(required.joined(separator: " AND "))" }
        if authenticated { text += ", signed" }
        return text
    }
}
