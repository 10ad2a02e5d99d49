public import WorkflowModel

/// A commit of the target branch that changed the rules.
public struct RuleCommit: Sendable {
    public let commit: String
    /// `NAME <MAIL>`.
    public let author: String
    /// The rules of the parent; nil when they cannot be read.
    public let before: Rules?
    /// The rules of the commit; nil when they cannot be read.
    public let after: Rules?

    public init(commit: String, author: String, before: Rules?, after: Rules?) {
        self.commit = commit
        self.author = author
        self.before = before
        self.after = after
    }
}

/// A commit that made it easier to enter a stage.
public struct Loosening: Sendable, Hashable {
    public let commit: String
    /// `NAME <MAIL>`.
    public let author: String
    /// Those that are not tightened; empty when the rules before or after cannot be read, which may hide any change.
    public let changes: [GateChange]

    init?(_ commit: RuleCommit, entering stage: String, of workflow: String) {
        self.commit = commit.commit
        author = commit.author
        guard let before = commit.before, let after = commit.after else {
            changes = []
            return
        }
        changes = RulesDiff(from: before, to: after).changes(entering: stage, of: workflow).filter { $0.effect != .tightened }
        if changes.isEmpty { return nil }
    }

    var summary: String { changes.isEmpty ? "rules that cannot be read" : changes.map(\.summary).joined(separator: ", ") }
}
