import GitKit
public import PromotionEngine
public import WorkflowModel

/// The rules as one commit of the target branch left them.
public struct RulesVersion: Sendable {
    public let commit: String
    /// When the commit came onto the branch, as far as committers' clocks and the ledger tell.
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
    private let landings: LandingTimes

    /// - Parameter landings: what the ledger says of when commits landed; without it committers' clocks alone count, but never
    ///   go back.
    public init(_ location: RepositoryLocation, _ landings: LandingTimes = LandingTimes()) {
        self.location = location
        self.landings = landings
    }

    private var repository: Repository { location.authority.repository }

    /// Every commit of the target branch that changed `workflows/`, oldest first.
    ///
    /// - Throws: when the branch or a commit cannot be read; faults of the rules themselves are part of the answer.
    public func versions() throws -> [RulesVersion] {
        try changes().map { try version($0) }
    }

    /// The rules that were in force at a moment: those of the newest commit that is no later, along first parents.
    ///
    /// Nil when the branch did not hold any rules then.
    public func rules(at time: Instant) throws -> RulesVersion? {
        // The whole line is read: what the commits say of their times cannot be told without those below them.
        try changes().last { $0.at <= time }.map { try version($0) }
    }

    /// The newest rules that could be read; nil when there never were any.
    public func lastReadable() throws -> RulesVersion? {
        for change in try changes().reversed() {
            let found = try version(change)
            if found.rules != nil { return found }
        }
        return nil
    }

    private struct FolderChange {
        let commit: Commit
        let at: Instant
        let before: ObjectID?
        let after: ObjectID?
    }

    private func changes() throws -> [FolderChange] {
        let line = try location.authority.line(of: location.branch)
        var found: [FolderChange] = []
        var before: ObjectID?
        for (step, at) in zip(line, landings.times(line)) {
            let after = try repository.entry(at: RulesLoader.folder, inTree: step.commit.tree)?.id
            if after != before { found.append(FolderChange(commit: step.commit, at: at, before: before, after: after)) }
            before = after
        }
        return found
    }

    private func version(_ change: FolderChange) throws -> RulesVersion {
        let commit = change.commit
        let files = try repository.changes(fromTree: change.before, toTree: change.after).map { "\(RulesLoader.folder)/\($0.path)" }
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
            commit: commit.id.hex, at: change.at, author: "\(commit.author.name) <\(commit.author.email)>",
            subject: commit.message.split(separator: "\n").first.map(String.init) ?? "", files: files, rules: rules, fault: fault)
    }
}

extension Authority {
    /// A branch's own line, oldest first: what a merge brought was not on the branch before the merge.
    func line(of reference: String) throws -> [BranchStep] {
        var newestFirst: [BranchStep] = []
        var current = try target(of: reference)
        while let id = current {
            let commit = try repository.commit(id)
            newestFirst.append(BranchStep(commit))
            current = commit.parents.first
        }
        return newestFirst.reversed()
    }
}
