/// A train as its records tell it: its members and what became of each.
public struct TrainHistory: Sendable {
    public struct Member: Sendable {
        public let subject: PromotionSubject
        public internal(set) var phase: Phase
        public internal(set) var commit: String?
        /// Why it ended, or was put back.
        public internal(set) var reason: String?
        public internal(set) var planDigest: String
        public internal(set) var approvedBy: [String] = []
        public internal(set) var edits: [FieldEdit] = []
    }

    public let id: String
    /// Nil until a record of the train was taken.
    public private(set) var ticket: TrainTicket?
    public private(set) var from: String?
    public private(set) var requester: String?
    public private(set) var requestedAt: Instant?
    public private(set) var reason: String?
    private var byPromotion: [String: Member] = [:]

    public init(id: String) { self.id = id }

    /// By service.
    public var members: [Member] { byPromotion.values.sorted { ($0.subject.service, $0.subject.promotion) < ($1.subject.service, $1.subject.promotion) } }

    /// Takes the next record of the ledger; those of other promotions are passed over.
    public mutating func take(_ record: LedgerRecord) {
        switch record.fact {
        case .requested(let requested):
            guard let train = requested.train, train.id == id else { return }
            ticket = train
            if requestedAt == nil { (from, requester, requestedAt, reason) = (requested.from, requested.requester, record.at, requested.reason) }
            let id = requested.subject.promotion
            if byPromotion[id] == nil { byPromotion[id] = Member(subject: requested.subject, phase: .pending, planDigest: requested.planDigest) }
        case .admitted(let admitted):
            change(admitted.subject, .admitted)
            byPromotion[admitted.subject.promotion]?.planDigest = admitted.planDigest
            byPromotion[admitted.subject.promotion]?.approvedBy = admitted.approvedBy
            if let train = admitted.train, train.id == id { ticket = train }
        case .delivered(let delivered):
            change(delivered.subject, .verifying)
            byPromotion[delivered.subject.promotion]?.commit = delivered.commit
            byPromotion[delivered.subject.promotion]?.edits = delivered.edits
        case .succeeded(let closed): change(closed.subject, .succeeded)
        case .failed(let closed): change(closed.subject, .failed, closed.reason)
        case .withdrawn(let closed): change(closed.subject, .pending, closed.reason)
        case .superseded(let closed): change(closed.subject, .superseded, closed.reason)
        case .aborted(let closed): change(closed.subject, .aborted, closed.reason)
        case .rolledBack(let closed): change(closed.subject, .rolledBack, closed.reason)
        case .rejected(let decision):
            guard let id = decision.promotion, byPromotion[id]?.phase == .pending else { return }
            byPromotion[id]?.phase = .rejected
            byPromotion[id]?.reason = decision.reason
        default: return
        }
    }

    private mutating func change(_ subject: PromotionSubject, _ phase: Phase, _ reason: String? = nil) {
        byPromotion[subject.promotion]?.phase = phase
        byPromotion[subject.promotion]?.reason = reason
    }

    /// The train as a document, without what it waits for. Nil when no record of it was taken.
    public var report: TrainReport? {
        guard let ticket, let stage = members.first?.subject.stage else { return nil }
        let reported = members.map { member -> TrainReport.Member in
            var told = TrainReport.Member(workflow: member.subject.workflow, service: member.subject.service, version: member.subject.version)
            (told.promotion, told.phase, told.commit, told.reason) = (member.subject.promotion, member.phase, member.commit, member.reason)
            (told.planDigest, told.edits) = (member.planDigest, member.edits)
            return told
        }
        let isOpen = members.contains { $0.phase == .pending || $0.phase == .admitted }
        let isDelivered = members.contains { $0.commit != nil }
        return TrainReport(
            id: id, from: from, stage: stage, mode: ticket.mode, result: isOpen ? .pending : isDelivered ? .promoted : .closed,
            digest: ticket.digest, rollsBack: ticket.rollsBack, members: reported)
    }
}
