import GitKit
import PromotionEngine

/// What the records say of the branches: which commits brought which values of which cell.
struct BranchExpectations {
    struct Cell: Hashable, Comparable {
        let service: String
        let stage: String

        static func < (lhs: Cell, rhs: Cell) -> Bool { (lhs.service, lhs.stage) < (rhs.service, rhs.stage) }
    }

    struct Landing {
        let seq: Int
        let edits: [FieldEdit]
    }

    /// Of every cell, what was delivered or found changed, by commit; of several records of a commit the last.
    private(set) var landings: [Cell: [ObjectID: Landing]] = [:]
    /// The commits that `external-change` records name.
    private(set) var external: [Cell: Set<ObjectID>] = [:]
    /// What every cell holds by its last record.
    private(set) var present: [Cell: [FieldEdit]] = [:]
    /// The promotions that records tell of, for trailers that name others.
    private(set) var promotions: Set<String> = []
    /// When the first deploy commit was recorded.
    private(set) var firstDelivery: Instant?
    private(set) var times = LandingTimes()

    mutating func note(_ record: LedgerRecord) {
        times.note(record)
        switch record.fact {
        case .requested(let requested): promotions.insert(requested.subject.promotion)
        case .delivered(let delivered):
            firstDelivery = firstDelivery ?? record.at
            guard let id = ObjectID(hex: delivered.commit), !delivered.edits.isEmpty else { return }
            land(delivered.subject, id, delivered.edits, record.seq)
        case .stepDelivered(let delivered):
            guard let id = ObjectID(hex: delivered.commit) else { return }
            land(delivered.subject, id, delivered.edits, record.seq)
        case .externalChange(let change):
            let cell = Cell(service: change.service, stage: change.stage)
            present[cell] = change.edits
            guard let id = ObjectID(hex: change.commit) else { return }
            external[cell, default: []].insert(id)
        default: break
        }
    }

    private mutating func land(_ subject: PromotionSubject, _ commit: ObjectID, _ edits: [FieldEdit], _ seq: Int) {
        let cell = Cell(service: subject.service, stage: subject.stage)
        landings[cell, default: [:]][commit] = Landing(seq: seq, edits: edits)
        present[cell] = edits
    }
}
