internal import PromotionEngine

/// What a forge does in its repository, done by git.
extension TestForge {
    /// The commit of a branch; nil when there is no such branch.
    package func tip(of branch: String) throws -> String? {
        let result = try git.attempt("rev-parse", "--verify", "--quiet", "refs/heads/\(branch)", in: repository)
        return result.status == 0 ? result.line : nil
    }

    /// Merges and moves the base branch; gives the commit that it is at then.
    func merged(_ pull: TestPull, _ method: MergeMethod, _ message: String) throws -> String {
        guard let base = try tip(of: pull.baseBranch) else { throw Refusal(.invalid, "the base branch is gone") }
        let commit: String
        switch method {
        case .merge: commit = try store(try tree(base, pull.head), [base, pull.head], message)
        case .squash: commit = try store(try tree(base, pull.head), [base], message)
        case .rebase: commit = try rebased(pull.head, onto: base)
        }
        try git.git("update-ref", "refs/heads/\(pull.baseBranch)", commit, base, in: repository)
        return commit
    }

    private func rebased(_ head: String, onto base: String) throws -> String {
        var tip = base
        for commit in try git.git("rev-list", "--reverse", "\(base)..\(head)", in: repository).split(separator: "\n") {
            // What was rebased already is in both, so that only this commit's own change is new.
            tip = try store(try tree(tip, String(commit)), [tip], try git.message(of: String(commit), in: repository))
        }
        return tip
    }

    private func tree(_ ours: String, _ theirs: String) throws -> String {
        let result = try git.attempt("merge-tree", "--write-tree", ours, theirs, in: repository)
        guard result.status == 0 else { throw Refusal(.notNow, "Pull Request is not mergeable: there are merge conflicts") }
        return result.line
    }

    private func store(_ tree: String, _ parents: [String], _ message: String) throws -> String {
        try git.git(["commit-tree", tree, "-m", message] + parents.flatMap { ["-p", $0] }, in: repository)
    }
}
