/// What somebody shall look at afterwards: a promotion that was admitted past gates (`design.md` section 6, break-glass).
public struct Review: Sendable, Hashable {
    public let id: String
    public let promotion: String
    public let version: String
    public let stage: String
    /// Ids of the gates that were not asked.
    public let gates: [String]
    /// Who broke glass, and why.
    public internal(set) var by: String
    public internal(set) var reason: String
    public let since: Instant
    /// The values reached the stage and were not rolled back.
    public internal(set) var isDelivered = false
    /// A later release that contains this one has reached the stage.
    public internal(set) var isBackfilled = false

    /// The release was in the stage without having been in those before: what comes next there must not lose it.
    public var skippedStages: Bool { gates.contains("upstream") }

    public var json: JSONValue {
        .compact([
            "review": .string(id), "promotion": .string(promotion), "version": .string(version), "stage": .string(stage),
            "gates": .array(gates.map(JSONValue.string)), "by": .string(by), "reason": .string(reason),
            "since": .string(since.description), "delivered": isDelivered ? true : .null, "backfilled": isBackfilled ? true : .null,
        ])
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("review")
        promotion = try fields.string("promotion")
        version = try fields.string("version")
        stage = try fields.string("stage")
        gates = try fields.strings("gates")
        by = try fields.string("by")
        reason = try fields.string("reason")
        since = try fields.time("since")
        isDelivered = try fields.flag("delivered")
        isBackfilled = try fields.flag("backfilled")
    }

    init(id: String, _ admitted: PromotionAdmitted, gates: [String], by: String, reason: String, at time: Instant) {
        self.id = id
        promotion = admitted.subject.promotion
        version = admitted.subject.version
        stage = admitted.subject.stage
        self.gates = gates
        self.by = by
        self.reason = reason
        since = time
    }
}

extension Promotion.BreakGlass {
    /// Nil for a request that wants no gate skipped.
    init?(_ requested: PromotionRequested, by person: String) {
        guard !requested.breakGlass.isEmpty else { return nil }
        self.init(gates: requested.breakGlass, by: person, reason: requested.reason ?? "", planDigest: requested.planDigest)
    }
}

extension ServiceState {
    /// An admission that skipped gates waits for somebody to look at it; one that is admitted again waits once.
    mutating func openReview(_ admitted: PromotionAdmitted, _ record: LedgerRecord) {
        let skipped = admitted.gates.filter(\.isSkipped).map(\.id)
        guard !skipped.isEmpty else { return }
        let glass = open.first { $0.id == admitted.subject.promotion }?.breakGlass
        reviews.removeAll { $0.promotion == admitted.subject.promotion && $0.gates == skipped }
        reviews.append(
            Review(
                id: "review-\(record.seq)", admitted, gates: skipped, by: glass?.by ?? record.initiator.id, reason: glass?.reason ?? "",
                at: record.at))
    }

    mutating func changeReviews(of promotion: String, _ body: (inout Review) -> Void) {
        for position in reviews.indices where reviews[position].promotion == promotion { body(&reviews[position]) }
    }
}
