/// What is proposed for an open promotion, as the ledger tells it.
public struct Proposal: Sendable, Hashable {
    public let proposed: PromotionProposed
    /// What the forge said of this head last.
    public internal(set) var observed: ProposalObserved?
    /// The last attempt to merge that came to nothing.
    public internal(set) var declined: Declined?

    public struct Declined: Sendable, Hashable {
        public let at: Instant
        public let reason: String
    }

    public var head: String { proposed.head }
    public var base: String { proposed.base }
    public var branch: String { proposed.branch }
    /// Nil for a branch that people merge.
    public var number: String? { proposed.number }

    var checkpoint: JSONValue {
        .compact([
            "proposed": .object(proposed.members), "observed": observed.map { .object($0.members) } ?? .null,
            "declined": declined.map { ["at": .string($0.at.description), "reason": .string($0.reason)] } ?? .null,
        ])
    }

    init(_ proposed: PromotionProposed) { self.proposed = proposed }

    init(_ fields: JSONFields) throws(RecordFault) {
        proposed = try PromotionProposed(JSONFields(members: fields.object("proposed")))
        if fields.members["observed"] != nil { observed = try ProposalObserved(JSONFields(members: fields.object("observed"))) }
        if fields.members["declined"] != nil {
            let inner = JSONFields(members: try fields.object("declined"))
            declined = Declined(at: try inner.time("at"), reason: try inner.string("reason"))
        }
    }
}
