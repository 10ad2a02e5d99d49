import HistoryIndex
import PromotionEngine

/// A command that ends something by its id ends the same when it is given again, after a lost answer or in a repeated job.
struct Repetition {
    /// What has an id, and the record that ends it.
    enum Ending: String {
        case promotion = "aborted"
        case hold = "hold.removed"
        case freeze = "freeze.removed"
        case review = "review.closed"

        fileprivate var member: String {
            switch self {
            case .promotion: "promotion"
            case .hold: "hold"
            case .freeze: "freeze"
            case .review: "review"
            }
        }
    }

    private let session: Session

    init(_ session: Session) { self.session = session }

    /// The report of `end`; where it finds nothing to end and the ledger tells that it was ended before, that nothing was
    /// recorded.
    func report(of id: String, ended: Ending, by end: () throws -> RecordReport) throws -> RecordReport {
        do {
            return try end()
        } catch let error as PromotionError where error.kind == .usage {
            guard let record = try record(of: id, ended) else { throw error }
            return .unchanged(next: "record \(record.seq) of \(record.initiator.id) ended it")
        }
    }

    private func record(of id: String, _ ended: Ending) throws -> LedgerRecord? {
        var query = HistoryQuery()
        query.type = ended.rawValue
        if ended == .promotion { query.promotion = id }
        var found: LedgerRecord?
        try session.history().forEach(query) { record in
            if record.exported[ended.member]?.stringValue == id { found = record }
        }
        return found
    }
}
