import GitKit
import PromotionEngine

/// Checks what delivery records say against the commits that they name.
struct DeployAudit {
    let repository: Repository
    private var reader: FieldReader
    private(set) var warnings: [String] = []
    private(set) var checked = 0

    init(_ repository: Repository) {
        self.repository = repository
        reader = FieldReader(repository)
    }

    /// Throws `RecordFault` when the commit does not exist or does not carry the values.
    mutating func check(_ delivered: PromotionDelivered, in record: LedgerRecord) throws {
        guard let id = ObjectID(hex: delivered.commit) else { throw RecordFault("'\(delivered.commit)' is no commit id") }
        guard repository.contains(id) else { throw RecordFault("its deploy commit \(id) does not exist") }
        let commit = try repository.commit(id)
        checked += 1
        if let (edit, found) = try reader.missing(delivered.edits, inTree: commit.tree) {
            throw RecordFault(
                "its deploy commit \(id) does not carry the values: \(edit.file): \(edit.field) is \(found ?? "missing"), not \(edit.new ?? "missing")")
        }
        // Where somebody else's commit had brought the values, its message says nothing of the promotion.
        if !delivered.unchanged, try !names(commit, delivered.subject.promotion) {
            warnings.append("record \(record.seq): the message of its deploy commit \(id) does not name \(delivered.subject.promotion)")
        }
    }

    /// True when the commit says it carries the promotion, or a commit of a branch that it merges does.
    private func names(_ commit: Commit, _ promotion: String) throws -> Bool {
        if DeployTrailers.promotions(in: commit.message).contains(promotion) { return true }
        guard commit.parents.count > 1, let first = commit.parents.first, repository.contains(first) else { return false }
        var found = false
        try repository.walk(from: commit.id, excluding: [first]) { merged throws(GitError) in
            found = DeployTrailers.promotions(in: merged.message).contains(promotion)
            return found ? .stop : .next
        }
        return found
    }
}
