import GitKit
import PromotionEngine

/// Writes records as a chain of commits that no reference names yet.
struct RecordWriter {
    let repository: Repository
    /// The newest commit; nil before the first record of a segment.
    private(set) var parent: ObjectID?
    private var previousHash: String
    private var nextSeq: Int
    /// The tree of every commit: the checkpoint that stands.
    let tree: ObjectID
    private let checkpointSeq: Int
    private(set) var records: [LedgerRecord] = []

    init(
        repository: Repository, parent: ObjectID?, previousHash: String, nextSeq: Int, tree: ObjectID, checkpointSeq: Int
    ) {
        self.repository = repository
        self.parent = parent
        self.previousHash = previousHash
        self.nextSeq = nextSeq
        self.tree = tree
        self.checkpointSeq = checkpointSeq
    }

    mutating func write(
        _ draft: RecordDraft, by initiator: Identity, at: Instant, withCheckpoint: Bool
    ) throws(GitError) {
        let record = LedgerRecord(
            seq: nextSeq, at: at, initiator: Identity(id: initiator.id, name: initiator.name), fact: draft.fact,
            rules: draft.rules, checkpoint: withCheckpoint ? CheckpointMark(seq: checkpointSeq, digest: tree.hex) : nil,
            previousHash: previousHash)
        parent = try repository.createCommit(
            tree: tree, parents: parent.map { [$0] } ?? [], author: Committer.signature(of: initiator, at: at),
            committer: Committer.gradus(at: at), message: RecordMessage(record).text)
        previousHash = record.hash
        nextSeq += 1
        records.append(record)
    }
}

/// The author and committer lines of commits that Gradus makes.
enum Committer {
    static func gradus(at: Instant) -> Signature {
        Signature(name: "Gradus", email: "gradus@gradus.invalid", seconds: Int64(at.seconds), offsetMinutes: 0)
    }

    /// `.invalid` is reserved for names that must not resolve (RFC 2606 section 2): nobody's address is made up.
    static func signature(of identity: Identity, at: Instant) -> Signature {
        let name = plain(identity.displayName)
        let mail = identity.email ?? (identity.id.contains("@") ? identity.id : "\(identity.id)@gradus.invalid")
        return Signature(
            name: name.isEmpty ? "unknown" : name, email: plain(mail).filter { $0 != " " }, seconds: Int64(at.seconds),
            offsetMinutes: 0)
    }

    /// Without the characters that end or break Git's identity lines.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "<" && $0 != ">" }))
    }
}
