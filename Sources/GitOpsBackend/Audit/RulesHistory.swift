import GitKit
public import PromotionEngine
public import WorkflowModel

/// The rules as one commit of the target branch left them.
public struct RulesVersion: Sendable {
    public let commit: String
    /// By the committer's clock.
    public let at: Instant
    /// `NAME <MAIL>`.
    public let author: String
    public let subject: String
    /// The rule files that the commit changed.
    public let files: [String]
    /// Nil when they cannot be read: `fault` says why.
    public let rules: Rules?
    public let fault: String?
}

/// What the rules were, commit by commit, along the first parents of the target branch.
public struct RulesHistory {
    private let location: RepositoryLocation

    public init(_ location: RepositoryLocation) { self.location = location }

    private var repository: Repository { location.authority.repository }

    /// Every commit of the target branch that changed `workflows/`, oldest first.
    ///
    /// - Throws: when the branch or a commit cannot be read; faults of the rules themselves are part of the answer.
    public func versions() throws -> [RulesVersion] {
        var commits: [(commit: Commit, folder: ObjectID?)] = []
        var current = try location.authority.target(of: location.branch)
        while let id = current {
            let commit = try repository.commit(id)
            commits.append((commit, try repository.entry(at: RulesLoader.folder, inTree: commit.tree)?.id))
            current = commit.parents.first
        }
        var found: [RulesVersion] = []
        var before: ObjectID?
        for (commit, folder) in commits.reversed() where folder != before {
            found.append(try version(commit, before: before, after: folder))
            before = folder
        }
        return found
    }

    /// The rules that were in force at a moment: those of the newest commit that is no later, along first parents.
    ///
    /// Nil when the branch did not hold any rules then.
    public func rules(at time: Instant) throws -> RulesVersion? {
        // Committers' clocks may go back; the order of the branch decides.
        try versions().last { $0.at <= time }
    }

    private func version(_ commit: Commit, before: ObjectID?, after: ObjectID?) throws -> RulesVersion {
        let files = try repository.changes(fromTree: before, toTree: after).map { "\(RulesLoader.folder)/\($0.path)" }
        var rules: Rules?
        var fault: String?
        do {
            let tree = SingleTree(CommitTree(repository: repository, tree: commit.tree))
            rules = try RulesLoader(repository: repository).rules(
                at: commit.id, branch: "commit \(commit.id.hex.prefix(10))", trees: tree).rules
        } catch let error as PromotionError {
            fault = ([error.message] + error.faults.prefix(1)).joined(separator: ": ")
        }
        return RulesVersion(
            commit: commit.id.hex, at: Instant(seconds: Int(commit.committer.seconds)),
            author: "\(commit.author.name) <\(commit.author.email)>",
            subject: commit.message.split(separator: "\n").first.map(String.init) ?? "", files: files, rules: rules, fault: fault)
    }
}
