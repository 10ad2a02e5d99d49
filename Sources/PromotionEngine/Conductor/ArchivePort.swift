/// One segment of the ledger as it stands now.
public struct ArchiveSegment: Sendable, Hashable {
    /// From 1.
    public let number: Int
    /// The commit of its newest record, in hexadecimal.
    public let head: String

    public init(number: Int, head: String) {
        self.number = number
        self.head = head
    }
}

/// Where a record is kept.
public struct ArchivePlace: Sendable, Hashable {
    public let segment: Int
    /// The record's commit, in hexadecimal.
    public let commit: String
    /// The record's own hash, which the next one chains to.
    public let hash: String

    public init(segment: Int, commit: String, hash: String) {
        self.segment = segment
        self.commit = commit
        self.hash = hash
    }
}

/// All records that were ever written, for looking back; decisions use ``LedgerPort``, which never reads them all.
public protocol ArchivePort: AnyObject {
    /// The segments, oldest first, without their records: nothing is fetched.
    func segments() throws -> [ArchiveSegment]
    /// Calls `body` with the records of a segment and their commits, oldest first, each checked against the chain.
    ///
    /// - Parameter place: only what follows it; nil: the whole segment.
    /// - Returns: false, without any call, when `place` is not in the segment.
    /// - Throws: what `body` throws, and a `PromotionError` that names the first commit that is no record of the chain.
    func records(
        of segment: ArchiveSegment, after place: ArchivePlace?, _ body: (LedgerRecord, _ commit: String) throws -> Void
    ) throws -> Bool
    /// One record by its commit. Throws when there is no such record, or it does not chain to `previousHash`.
    func record(at commit: String, of segment: ArchiveSegment, previousHash: String) throws -> LedgerRecord
}
