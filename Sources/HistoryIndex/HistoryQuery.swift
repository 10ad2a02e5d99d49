public import PromotionEngine

/// Which records are asked for. What is nil restricts nothing.
public struct HistoryQuery: Sendable, Hashable {
    public var service: String?
    public var stage: String?
    /// A record's type, such as `delivered`.
    public var type: String?
    /// Who caused the record or is named by it as requester, approver or owner of a hold.
    public var person: String?
    public var promotion: String?
    public var version: String?
    /// From this time on.
    public var since: Instant?
    /// Before this time.
    public var until: Instant?
    /// Only records with a lower `seq`.
    public var before: Int?
    /// Only records with a higher `seq`.
    public var after: Int?
    /// At most so many: the oldest ones with `after`, else the newest.
    public var limit: Int?

    public init() {}
}
