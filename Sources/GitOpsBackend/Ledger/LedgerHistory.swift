public import GitKit
public import PromotionEngine

/// Reads the whole ledger, record by record, oldest first.
public struct LedgerHistory {
    private let authority: any Authority

    public init(_ authority: any Authority) { self.authority = authority }

    /// Calls `body` with every record. Throws what it throws, and `PromotionError` naming the first commit that is no record.
    public func forEach(_ body: (LedgerRecord) throws -> Void) throws {
        try forEachCommit { record, _ in try body(record) }
    }

    /// As ``forEach(_:)``, with the commit that holds each record.
    public func forEachCommit(_ body: (LedgerRecord, ObjectID) throws -> Void) throws {
        for reference in try authority.references(withPrefix: LedgerNames.prefix) {
            var previousHash: String?
            for commit in try SegmentCommits(authority.repository, reference.target).oldestFirst {
                let record = try record(commit, previousHash, reference.name)
                previousHash = record.hash
                try body(record, commit.id)
            }
        }
    }

    /// Without a previous hash the record must be the opening of its segment.
    private func record(_ commit: Commit, _ previousHash: String?, _ reference: String) throws -> LedgerRecord {
        do throws(RecordFault) {
            guard let previousHash else { return try RecordMessage.openingRecord(in: commit.message) }
            return try RecordMessage.record(in: commit.message, previousHash: previousHash)
        } catch {
            throw PromotionError(.error, "commit \(commit.id) of \(reference) \(error)", hint: SegmentReader.verifyHint)
        }
    }
}

/// The commits of one segment.
struct SegmentCommits {
    let oldestFirst: [Commit]

    /// At most 10,000 by the segment's capacity, so they are read at once.
    init(_ repository: Repository, _ head: ObjectID) throws(GitError) {
        var newestFirst: [Commit] = []
        var current: ObjectID? = head
        while let id = current {
            let commit = try repository.commit(id)
            newestFirst.append(commit)
            current = commit.parents.first
        }
        oldestFirst = newestFirst.reversed()
    }
}
