import GitKit
public import PromotionEngine
public import WorkflowModel

extension SegmentLedger: SignaturePort {
    public var isSigning: Bool { authority.repository.signer != nil }

    public func isAuthenticated(record seq: Int, by person: String, people: People) throws -> Bool {
        guard let commit = try commit(ofRecord: seq) else { return false }
        return try signatures(of: people).isSigned(commit, by: person)
    }

    private func signatures(of people: People) -> RecordSignatures {
        if let known = knownSignatures, known.people == people { return known.signatures }
        let signatures = RecordSignatures(authority.repository, people: people)
        knownSignatures = (people, signatures)
        return signatures
    }

    /// Walks back from the end that was read last, over segments that are sealed too; nil when there is no such record.
    private func commit(ofRecord seq: Int) throws -> ObjectID? {
        guard let end = known, seq > 0, seq <= end.seq else { return nil }
        let repository = authority.repository
        var segment = end.segment
        var current: ObjectID? = end.head
        while let id = current {
            let commit = try repository.commit(id)
            guard let claimed = RecordMessage.claimedSeq(in: commit.message) else { return nil }
            if claimed == seq { return id }
            if let parent = commit.parents.first {
                current = parent
                continue
            }
            guard case .segmentOpened(let opened) = try RecordMessage.openingRecord(in: commit.message).fact,
                let previous = opened.previous.flatMap({ ObjectID(hex: $0.commit) })
            else { return nil }
            segment -= 1
            try authority.provide(LedgerNames.segment(segment), target: previous)
            current = previous
        }
        return nil
    }
}
