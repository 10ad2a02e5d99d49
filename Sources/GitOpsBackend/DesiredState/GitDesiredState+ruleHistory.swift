import GitKit
import YAMLEdit
public import PromotionEngine
public import WorkflowModel

extension GitDesiredState {
    public func rules(ofFiles files: [String: String]) throws -> Rules? {
        var read: [RuleFile] = []
        for (path, blob) in files {
            guard let bytes = try storedBlob(blob) else { return nil }
            read.append(RuleFile(path: path, bytes: bytes, blobID: blob))
        }
        // Files that are not named here may declare what these refer to.
        let (rules, diagnostics) = RulesReader.read(read, isComplete: false)
        return diagnostics.contains { $0.severity == .error } ? nil : rules
    }

    public func ruleCommits(since commit: String, to tip: String) throws -> [RuleCommit] {
        guard let base = ObjectID(hex: commit), let end = ObjectID(hex: tip), try rulesFolder(base) != rulesFolder(end) else { return [] }
        var found: [RuleCommit] = []
        var commits: [Commit] = []
        try repository.walk(from: end, excluding: [base]) { (commit) throws(GitError) in
            commits.append(commit)
            return .next
        }
        for commit in commits.reversed() {
            let folder = try rulesFolder(commit.id)
            // A merge that took one side as it was changed nothing itself.
            var differs = !commit.parents.isEmpty
            for parent in commit.parents where try rulesFolder(parent) == folder { differs = false }
            guard differs, let parent = commit.parents.first else { continue }
            found.append(
                RuleCommit(
                    commit: commit.id.hex, author: "\(commit.author.name) <\(commit.author.email)>",
                    before: try readableRules(parent), after: try readableRules(commit.id)))
        }
        return found
    }

    /// Nil when the repository does not have it any more.
    private func storedBlob(_ hex: String) throws -> [UInt8]? {
        guard let id = ObjectID(hex: hex) else { return nil }
        do {
            return try repository.blob(id)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    private func rulesFolder(_ commit: ObjectID) throws -> ObjectID? {
        try repository.entry(at: RulesLoader.folder, inTree: try repository.commit(commit).tree)?.id
    }

    /// Nil for rules with errors, and where there are none.
    private func readableRules(_ commit: ObjectID) throws -> Rules? {
        do {
            let files = try RulesLoader(repository: repository).files(at: commit, branch: branch)
            let (rules, diagnostics) = RulesReader.read(files)
            return diagnostics.contains { $0.severity == .error } ? nil : rules
        } catch is PromotionError {
            return nil
        }
    }
}
