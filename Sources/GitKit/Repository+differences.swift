import CLibgit2

/// How one path differs between two trees.
public struct PathChange: Hashable, Sendable {
    /// One side of a change.
    public struct Side: Hashable, Sendable {
        public var id: ObjectID
        public var mode: FileMode

        public init(id: ObjectID, mode: FileMode) {
            self.id = id
            self.mode = mode
        }
    }

    public var path: String
    /// nil if the path was added.
    public var old: Side?
    /// nil if the path was removed.
    public var new: Side?

    public init(path: String, old: Side?, new: Side?) {
        self.path = path
        self.old = old
        self.new = new
    }
}

extension Repository {
    /// The files that differ between two trees, by path. Renames show as a removal and an addition.
    ///
    /// - Parameters: nil stands for the empty tree.
    /// - Throws: `.notFound` if a tree does not exist.
    public func changes(fromTree old: ObjectID?, toTree new: ObjectID?) throws(GitError) -> [PathChange] {
        guard old != nil || new != nil else { return [] }
        let diff = try difference(from: old, to: new, contextLines: 0, joinsTypeChanges: true)
        var changes: [PathChange] = []
        for position in 0..<git_diff_num_deltas(diff.pointer) {
            guard let delta = git_diff_get_delta(diff.pointer, position)?.pointee,
                let path = delta.new_file.path ?? delta.old_file.path
            else { continue }
            changes.append(
                PathChange(path: String(cString: path), old: side(delta.old_file), new: side(delta.new_file)))
        }
        return changes
    }

    /// The difference of two trees as text, like `git diff` prints it with default settings.
    ///
    /// - Parameters: nil stands for the empty tree.
    /// - Returns: the empty string if the trees are equal. Bytes that are not UTF-8 are shown as U+FFFD.
    /// - Throws: as ``changes(fromTree:toTree:)``.
    public func patch(
        fromTree old: ObjectID?, toTree new: ObjectID?, contextLines: Int = 3
    ) throws(GitError) -> String {
        guard old != nil || new != nil else { return "" }
        let operation = "print the difference of"
        guard let context = UInt32(exactly: contextLines) else {
            throw .refused(operation, gitDirectory, "\(contextLines) is no number of context lines")
        }
        let diff = try difference(from: old, to: new, contextLines: context, joinsTypeChanges: false)
        var text = ""
        for position in 0..<git_diff_num_deltas(diff.pointer) {
            text += try patchText(diff.pointer, position, operation)
        }
        return text
    }

    /// The part of a patch that is about one file.
    private func patchText(_ diff: OpaquePointer, _ position: Int, _ operation: String) throws(GitError) -> String {
        // "For an unchanged file or a binary file, no git_patch will be created, the output will be set to NULL"
        // (git2/patch.h); unchanged files are not part of a difference of trees.
        var created: OpaquePointer?
        try check(operation, gitDirectory) { git_patch_from_diff(&created, diff, position) }
        guard let created else { return "" }
        let patch = Handle(adopting: created, free: git_patch_free)
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        try check(operation, gitDirectory) { git_patch_to_buf(&buffer, patch.pointer) }
        guard let start = buffer.ptr else { return "" }
        let text = String(decoding: UnsafeRawBufferPointer(start: start, count: buffer.size), as: UTF8.self)

        // libgit2 names both sides of an empty file that came or went; `git diff` ends after the index line.
        let delta = git_patch_get_delta(patch.pointer)?.pointee
        let isBinary = (delta?.flags ?? 0) & UInt32(GIT_DIFF_FLAG_BINARY.rawValue) != 0
        guard !isBinary, git_patch_num_hunks(patch.pointer) == 0, let sides = text.firstRange(of: "\n--- ") else {
            return text
        }
        return text[..<sides.lowerBound] + "\n"
    }

    private func difference(
        from old: ObjectID?, to new: ObjectID?, contextLines: UInt32, joinsTypeChanges: Bool
    ) throws(GitError) -> Handle {
        let operation = "compare the trees"
        let subject = "\(old ?? .zero)..\(new ?? .zero)"
        // A missing side has no handle; git_tree_free accepts NULL.
        var oldTree: OpaquePointer?
        var newTree: OpaquePointer?
        defer {
            git_tree_free(oldTree)
            git_tree_free(newTree)
        }
        if var id = old?.oid { try check(operation, subject) { git_tree_lookup(&oldTree, pointer, &id) } }
        if var id = new?.oid { try check(operation, subject) { git_tree_lookup(&newTree, pointer, &id) } }

        var options = git_diff_options()
        try check(operation, subject) { git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)) }
        // The indent heuristic is Git's default since 2.14; the prefixes and the length of the ids are set so that no
        // configuration file changes the text.
        options.flags = GIT_DIFF_INDENT_HEURISTIC.rawValue
        // A file that became a link is one change of a path, but two parts of a patch.
        if joinsTypeChanges { options.flags |= GIT_DIFF_INCLUDE_TYPECHANGE.rawValue }
        options.context_lines = contextLines
        options.id_abbrev = 7
        return try Handle(operation, subject, free: git_diff_free) { created in
            "a".withCString { oldPrefix in
                "b".withCString { newPrefix in
                    options.old_prefix = oldPrefix
                    options.new_prefix = newPrefix
                    return git_diff_tree_to_tree(&created, pointer, oldTree, newTree, &options)
                }
            }
        }
    }

    private func side(_ file: git_diff_file) -> PathChange.Side? {
        let flags = file.flags & UInt32(GIT_DIFF_FLAG_EXISTS.rawValue)
        guard flags != 0, let mode = FileMode(git_filemode_t(rawValue: UInt32(file.mode))) else { return nil }
        return PathChange.Side(id: ObjectID(file.id), mode: mode)
    }
}
