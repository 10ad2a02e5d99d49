import GitKit
import PromotionEngine

/// The readable end of the ledger: its newest commit, and everything since the last checkpoint.
struct SegmentEnd {
    let segment: Int
    let head: ObjectID
    /// The tree of the last checkpoint, which all commits after it share.
    let checkpointTree: ObjectID
    /// The state in the tree is the fold up to this record.
    let checkpointSeq: Int
    /// The records after the checkpoint's state, oldest first; the first one carries the checkpoint.
    let tail: [LedgerRecord]
    let mark: SegmentMark

    var seq: Int { tail.last?.seq ?? checkpointSeq }
    var hash: String { tail.last?.hash ?? Digest.none }
    var isSealed: Bool {
        if case .segmentSealed? = tail.last?.fact { true } else { false }
    }
}

/// What a checkpoint's `global.json` says of its segment, so that links are checked without walking to the segment's start.
struct SegmentMark: Hashable {
    let segment: Int
    /// The `seq` of the segment's first record.
    let firstSeq: Int
    /// The last commit of the segment before; nil in the first.
    let previousCommit: String?

    var json: JSONValue {
        .compact([
            "number": .int(segment), "first_seq": .int(firstSeq), "previous_commit": .optional(previousCommit),
        ])
    }

    init(segment: Int, firstSeq: Int, previousCommit: String?) {
        self.segment = segment
        self.firstSeq = firstSeq
        self.previousCommit = previousCommit
    }

    init?(_ json: JSONValue?) {
        guard let json, case .int(let number)? = json["number"], case .int(let first)? = json["first_seq"] else {
            return nil
        }
        self.init(segment: number, firstSeq: first, previousCommit: json["previous_commit"]?.stringValue)
    }
}
