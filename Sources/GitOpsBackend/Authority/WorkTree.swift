internal import GitKit
internal import PromotionEngine

/// Keeps the files of a local authority in step with the branch that is checked out (`design.md` section 3).
struct WorkTree {
    let repository: Repository
    /// The target branch, as `refs/heads/main`.
    let branch: String

    /// Only a work tree on the target branch has files to keep in step.
    func isOnBranch() throws(GitError) -> Bool {
        guard repository.workTree != nil else { return false }
        return try repository.symbolicTarget("HEAD") == branch
    }

    /// Refuses when a file has changes in the index or on disk that an update would lose.
    func checkClean(_ files: [String]) throws {
        guard try isOnBranch() else { return }
        var dirty: [String] = []
        for file in files where try !repository.worktreeState(of: file).isClean { dirty.append(file) }
        guard dirty.isEmpty else {
            throw PromotionError(
                .error, "files of the promotion have local changes: \(dirty.joined(separator: ", "))",
                hint: "commit or stash them: `git stash push -- \(dirty.joined(separator: " "))`")
        }
    }

    /// Brings files up to the new tip after the branch has moved.
    func update(_ files: [String], to commit: ObjectID) throws(GitError) {
        guard try isOnBranch() else { return }
        FailPoint.pass("checkout.before")
        try repository.checkOut(paths: files, from: try repository.commit(commit).tree)
        FailPoint.pass("checkout.after")
    }

    /// Completes what a crash between moving the branch and updating the files left: files that still are, in index and
    /// on disk, what they were before one of the deploy commits at the tip.
    func complete(at tip: ObjectID) throws(GitError) {
        guard try isOnBranch() else { return }
        let head = try repository.commit(tip).tree
        var seen: Set<String> = []
        var stale: [String] = []
        var current = try repository.commit(tip)
        for _ in 0..<Self.longestLook {
            guard DeployTrailers.promotions(in: current.message).isEmpty == false, let parentID = current.parents.first
            else { break }
            let parent = try repository.commit(parentID)
            for change in try repository.changes(fromTree: parent.tree, toTree: current.tree) {
                let state = try repository.worktreeState(of: change.path)
                guard state.index == change.old?.id, state.file == change.old?.id, state.index != state.head,
                    seen.insert(change.path).inserted
                else { continue }
                stale.append(change.path)
            }
            current = parent
        }
        if !stale.isEmpty { try repository.checkOut(paths: stale, from: head) }
    }

    /// More deploy commits than one process makes between two updates of its files.
    private static let longestLook = 50
}
