import CLibgit2

extension Repository {
    /// The entries of one tree (not of the trees below it), in Git's order.
    ///
    /// - Throws: `.notFound` if there is no tree of this id.
    public func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
        let operation = "read the tree"
        let tree = try lookUpTree(id, operation)
        var entries: [TreeEntry] = []
        for position in 0..<git_tree_entrycount(tree.pointer) {
            entries.append(try entry(git_tree_entry_byindex(tree.pointer, position), operation, id.hex))
        }
        return entries
    }

    /// The entry at a path below a tree. Symbolic links are not followed.
    ///
    /// - Parameter path: parts joined by `/`, relative, without `.` and `..`; `.invalidName` is thrown otherwise.
    /// - Returns: nil when any part of the path is missing or a part before the last is not a folder.
    public func entry(at path: String, inTree tree: ObjectID) throws(GitError) -> TreeEntry? {
        let operation = "find the path"
        _ = try Names.components(of: path, operation)
        let root = try lookUpTree(tree, operation)
        let found = try Handle.ifFound(operation, path, free: git_tree_entry_free) {
            git_tree_entry_bypath(&$0, root.pointer, path)
        }
        guard let handle = found else { return nil }
        return try entry(handle.pointer, operation, path)
    }

    func lookUpTree(_ id: ObjectID, _ operation: String) throws(GitError) -> Handle {
        var oid = id.oid
        return try Handle(operation, id.hex, free: git_tree_free) { git_tree_lookup(&$0, pointer, &oid) }
    }

    /// A copy of a lent entry.
    func entry(_ pointer: OpaquePointer?, _ operation: String, _ subject: String) throws(GitError) -> TreeEntry {
        guard let pointer, let name = git_tree_entry_name(pointer), let id = ObjectID(git_tree_entry_id(pointer)),
            let mode = FileMode(git_tree_entry_filemode(pointer))
        else {
            throw .refused(operation, subject, "the tree has an entry that is not understood", code: .generic)
        }
        return TreeEntry(name: String(cString: name), id: id, mode: mode)
    }
}
