import CLibgit2

/// Whether a walk goes on.
public enum WalkStep: Hashable, Sendable {
    case next
    case stop
}

extension Repository {
    /// Visits a commit and its ancestors, newest first, never a parent before all its children.
    ///
    /// The whole range is read before the first visit, so exclude what is known.
    ///
    /// - Parameters:
    ///   - excluding: commits that are left out with all their ancestors.
    ///   - body: called with each commit; its error ends the walk and is passed on.
    /// - Throws: `.notFound` if a commit of the range is missing.
    public func walk(
        from: ObjectID, excluding: [ObjectID] = [], _ body: (Commit) throws(GitError) -> WalkStep
    ) throws(GitError) {
        let operation = "walk the history of"
        let walk = try Handle(operation, from.hex, free: git_revwalk_free) { git_revwalk_new(&$0, pointer) }
        let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
        try check(operation, from.hex) { git_revwalk_sorting(walk.pointer, order) }
        var start = from.oid
        try check(operation, from.hex) { git_revwalk_push(walk.pointer, &start) }
        for excluded in excluding {
            var oid = excluded.oid
            try check("leave out of the walk", excluded.hex) { git_revwalk_hide(walk.pointer, &oid) }
        }
        while true {
            var oid = git_oid()
            git_error_clear()
            let status = git_revwalk_next(&oid, walk.pointer)
            // The end is told apart from a failure, so that a broken history never reads as a complete one.
            if status == GIT_ITEROVER.rawValue { return }
            guard status == 0 else { throw lastError(status, operation, from.hex) }
            if try body(commit(ObjectID(oid))) == .stop { return }
        }
    }

    /// Whether `ancestor` is in the history of `commit`; true also when they are equal.
    ///
    /// - Throws: `.notFound` if one of them, or a commit between, is missing.
    public func isDescendant(_ commit: ObjectID, of ancestor: ObjectID) throws(GitError) -> Bool {
        let operation = "compare the history of"
        // "Note that a commit is not considered a descendant of itself" (git2/graph.h).
        for id in [commit, ancestor] {
            guard try objectHeader(id, operation).type == GIT_OBJECT_COMMIT else {
                throw .refused(operation, id.hex, "it is not a commit", code: .notFound)
            }
        }
        if commit == ancestor { return true }
        var commitID = commit.oid
        var ancestorID = ancestor.oid
        return try check(operation, commit.hex) { git_graph_descendant_of(pointer, &commitID, &ancestorID) } == 1
    }
}
