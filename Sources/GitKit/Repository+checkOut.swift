import CLibgit2
import Glibc

extension Repository {
    /// Makes files of the work tree, and their index entries, equal to a tree. Touches nothing else.
    ///
    /// Bytes are written as stored, without filters or line-end conversion. A path that the tree does not have is
    /// removed, with the folders that become empty. Whether something would be lost is not asked: see
    /// ``worktreeState(of:)``. All paths are checked before the first file is written; after a failure in between,
    /// some files are new and the index is old, and calling again completes it.
    ///
    /// - Throws: `.bareRepository` without a work tree; `.invalidName` for a path that leaves it; `.conflict` if a
    ///   file or symbolic link stands where a folder is needed, or the reverse; `.invalid` for a path that is a folder
    ///   or submodule in the tree; `.locked` if another program holds the index.
    public func checkOut(paths: [String], from tree: ObjectID) throws(GitError) {
        let operation = "check out the file"
        let top = try requireWorkTree(operation)
        var plans: [CheckOutPlan] = []
        for path in paths {
            let components = try Names.components(of: path, operation)
            let found = try entry(at: path, inTree: tree)
            if let found, !found.mode.isFile {
                throw .refused(operation, path, "it is not a file in the tree \(tree)")
            }
            try requireReplaceable(components, path, under: top, operation)
            plans.append(CheckOutPlan(path: path, components: components, entry: found))
        }
        for plan in plans {
            if let entry = plan.entry {
                try write(plan, entry, under: top, operation)
            } else {
                try remove(plan.components, under: top, operation)
            }
        }
        try updateIndex(plans, under: top, operation)
    }

    private func requireReplaceable(
        _ components: [String], _ path: String, under top: String, _ operation: String
    ) throws(GitError) {
        let parent = try WorkTreeFolder.parent(of: components, under: top, creating: false, operation)
        guard let folder = parent, let name = components.last, let status = try folder.status(of: name, operation)
        else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFLNK else {
            throw .refused(operation, path, "something that is not a file is in the way", code: .conflict)
        }
    }

    private func write(
        _ plan: CheckOutPlan, _ entry: TreeEntry, under top: String, _ operation: String
    ) throws(GitError) {
        let content = try blob(entry.id)
        if entry.mode == .link, content.isEmpty || content.contains(0) {
            throw .refused(operation, plan.path, "its link text is empty or contains a NUL byte")
        }
        let parent = try WorkTreeFolder.parent(of: plan.components, under: top, creating: true, operation)
        guard let folder = parent, let name = plan.components.last else {
            throw .refused(operation, plan.path, "its folder disappeared", code: .notFound)
        }
        try folder.replace(
            name, with: content, entry.mode, temporaryName: ".\(entry.id.hex).checkout", operation)
    }

    private func remove(_ components: [String], under top: String, _ operation: String) throws(GitError) {
        let parent = try WorkTreeFolder.parent(of: components, under: top, creating: false, operation)
        guard let folder = parent, let name = components.last else { return }
        try folder.remove(name, operation)
        var left = components.dropLast()
        while let emptied = left.last {
            let above = try WorkTreeFolder.parent(of: Array(left), under: top, creating: false, operation)
            guard let holder = above, try holder.removeIfEmpty(emptied, operation) else { return }
            left = left.dropLast()
        }
    }

    private func updateIndex(
        _ plans: [CheckOutPlan], under top: String, _ operation: String
    ) throws(GitError) {
        // Read late: the shorter the time to the write below, the less another program can do in between.
        let index = try openIndex(operation)
        for plan in plans {
            guard let entry = plan.entry else {
                _ = try checkFound(operation, plan.path) { git_index_remove_bypath(index.pointer, plan.path) }
                continue
            }
            let parent = try WorkTreeFolder.parent(of: plan.components, under: top, creating: false, operation)
            guard let folder = parent, let name = plan.components.last,
                let status = try folder.status(of: name, operation)
            else {
                throw .refused(operation, plan.path, "it disappeared while it was checked out", code: .notFound)
            }
            try check(operation, plan.path) {
                plan.path.withCString { path in
                    var entry = indexEntry(entry, status, path)
                    return git_index_add(index.pointer, &entry)
                }
            }
        }
        try check(operation, plans.map(\.path).joined(separator: ", ")) { git_index_write(index.pointer) }
    }

    /// An index entry that is up to date with the file, so that `git status` need not read it again.
    private func indexEntry(_ entry: TreeEntry, _ status: stat, _ path: UnsafePointer<CChar>) -> git_index_entry {
        var indexed = git_index_entry()
        indexed.ctime = indexTime(status.st_ctim)
        indexed.mtime = indexTime(status.st_mtim)
        indexed.dev = UInt32(truncatingIfNeeded: status.st_dev)
        indexed.ino = UInt32(truncatingIfNeeded: status.st_ino)
        indexed.mode = entry.mode.rawValue
        indexed.uid = status.st_uid
        indexed.gid = status.st_gid
        indexed.file_size = UInt32(truncatingIfNeeded: status.st_size)
        indexed.id = entry.id.oid
        indexed.path = path
        return indexed
    }

    private func indexTime(_ time: timespec) -> git_index_time {
        git_index_time(
            seconds: Int32(truncatingIfNeeded: time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
    }
}

/// One path to make equal to a tree; without entry it is to be removed.
private struct CheckOutPlan {
    let path: String
    let components: [String]
    let entry: TreeEntry?
}
