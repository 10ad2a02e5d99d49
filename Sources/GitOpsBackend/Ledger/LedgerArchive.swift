import GitKit
public import PromotionEngine

/// The whole ledger in Git, for looking back.
public final class LedgerArchive: ArchivePort {
    private let authority: any Authority
    /// Segments whose objects are at hand.
    private var provided: Set<ArchiveSegment> = []

    /// What this machine saw of the ledger before; nil: nothing is remembered.
    private let witness: LedgerWitness?

    public init(_ authority: any Authority) {
        self.authority = authority
        witness = nil
    }

    /// The archive of a location, which notices when somebody moved the ledger back behind what was seen there before.
    public init(_ location: RepositoryLocation) {
        authority = location.authority
        witness = LedgerWitness(location)
    }

    private var repository: Repository { authority.repository }

    public func segments() throws -> [ArchiveSegment] {
        let seen = try witness?.seen()
        let references = try authority.listing(withPrefix: LedgerNames.prefix)
        if references.isEmpty, try authority.target(of: LedgerNames.blocking) != nil {
            throw PromotionError(.error, LedgerFault.blocked, hint: LedgerFault.blockedHint(authority))
        }
        if let seen { try witness?.check(seen, against: references, in: authority) }
        return try references.enumerated().map { position, reference in
            guard reference.name == LedgerNames.segment(position + 1) else {
                throw PromotionError(
                    .error, LedgerFault.unlinked(reference.name, "segment \(position + 1) is \(LedgerNames.segment(position + 1))"),
                    hint: SegmentReader.verifyHint)
            }
            return ArchiveSegment(number: position + 1, head: reference.target.hex)
        }
    }

    public func records(
        of segment: ArchiveSegment, after place: ArchivePlace?, _ body: (LedgerRecord, _ commit: String) throws -> Void
    ) throws -> Bool {
        try provide(segment)
        var newestFirst: [Commit] = []
        var current: ObjectID? = try id(segment.head)
        while let id = current, id.hex != place?.commit {
            let commit = try repository.commit(id)
            newestFirst.append(commit)
            current = commit.parents.first
        }
        if place != nil, current == nil { return false }
        var previousHash = place?.hash
        while let commit = newestFirst.popLast() {
            let record = try record(in: commit, previousHash)
            previousHash = record.hash
            try body(record, commit.id.hex)
        }
        return true
    }

    public func record(at commit: String, of segment: ArchiveSegment, previousHash: String) throws -> LedgerRecord {
        try provide(segment)
        return try record(in: try repository.commit(try id(commit)), previousHash)
    }

    private func provide(_ segment: ArchiveSegment) throws {
        guard provided.insert(segment).inserted else { return }
        try authority.provide(LedgerNames.segment(segment.number), target: try id(segment.head))
    }

    /// Without a previous hash the record must be the opening of its segment.
    private func record(in commit: Commit, _ previousHash: String?) throws -> LedgerRecord {
        do throws(RecordFault) {
            guard let previousHash else { return try RecordMessage.openingRecord(in: commit.message) }
            return try RecordMessage.record(in: commit.message, previousHash: previousHash)
        } catch {
            throw PromotionError(.error, "commit \(commit.id) of the ledger \(error)", hint: SegmentReader.verifyHint)
        }
    }

    private func id(_ hex: String) throws -> ObjectID {
        guard let id = ObjectID(hex: hex) else { throw PromotionError(.error, "'\(hex)' is no commit id") }
        return id
    }
}
