/// A commit of a branch that changed declared values of a cell, and that no promotion's record names.
public struct OutsideFinding: Sendable, Hashable {
    public let service: String
    public let stage: String
    /// The branch that it is on.
    public let branch: String
    public let commit: String
    /// As the commit names its author.
    public let author: String
    /// When it came onto the branch: by the committer's clock, within what the commits below and above it allow.
    public let at: Instant
    /// The first line of its message.
    public let subject: String
    /// An `external-change` record names it.
    public let isRecorded: Bool
    /// Promotions that its trailers name although no record says that they were delivered by it.
    public let claims: [String]
    /// The fields that it changed.
    public let edits: [FieldEdit]
    /// The branch holds again what the ledger says, so that there is nothing left to record.
    public var isPutBack = false

    public init(
        service: String, stage: String, branch: String, commit: String, author: String, at: Instant, subject: String, isRecorded: Bool,
        claims: [String], edits: [FieldEdit]
    ) {
        self.service = service
        self.stage = stage
        self.branch = branch
        self.commit = commit
        self.author = author
        self.at = at
        self.subject = subject
        self.isRecorded = isRecorded
        self.claims = claims
        self.edits = edits
    }

    public var json: JSONValue {
        [
            "service": .string(service), "stage": .string(stage), "branch": .string(branch), "put_back": .bool(isPutBack), "commit": .string(commit), "author": .string(author),
            "at": .string(at.description), "subject": .string(subject), "recorded": .bool(isRecorded),
            "claims": .array(claims.map(JSONValue.string)), "edits": .array(edits.map(\.json)),
        ]
    }

    /// What it did, in one sentence.
    public var sentence: String {
        let change = edits.first.map { "\($0.file): \($0.field) from \($0.old ?? "nothing") to \($0.new ?? "nothing")" } ?? ""
        let more = edits.count > 1 ? " and \(edits.count - 1) more" : ""
        return "\(service) in \(stage) was changed outside Gradus by \(author) in \(commit.prefix(10)) (\(change)\(more))"
    }
}

extension OutsideFinding {
    /// The same with its author by the pseudonym, if there is one.
    public func shown(by pseudonyms: Pseudonyms) -> OutsideFinding {
        var shown = OutsideFinding(
            service: service, stage: stage, branch: branch, commit: commit, author: pseudonyms.person(author), at: at, subject: subject,
            isRecorded: isRecorded, claims: claims, edits: edits)
        shown.isPutBack = isPutBack
        return shown
    }
}
