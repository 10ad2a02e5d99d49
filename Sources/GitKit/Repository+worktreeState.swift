import CLibgit2
import Glibc

/// What one path is in the last commit, in the index and on disk.
public struct WorktreeState: Hashable, Sendable {
    /// The blob in HEAD's commit; nil if absent there, or if HEAD is unborn.
    public var head: ObjectID?
    /// The blob in the index; nil if absent there, or in conflict.
    public var index: ObjectID?
    /// The blob that the file's bytes would make, without any filter (of a symbolic link: its text). nil if absent.
    public var file: ObjectID?
    /// Whether HEAD, index and file agree on what the path is: plain, executable, link, or absent.
    public var modesAgree: Bool

    /// Whether nothing would be lost by replacing the file and its index entry.
    public var isClean: Bool { head == index && index == file && modesAgree }

    public init(head: ObjectID?, index: ObjectID?, file: ObjectID?, modesAgree: Bool) {
        self.head = head
        self.index = index
        self.file = file
        self.modesAgree = modesAgree
    }
}

extension Repository {
    /// Compares one path of the work tree with the index and with HEAD.
    ///
    /// - Throws: `.bareRepository` without a work tree; `.invalidName` for a path that leaves it; `.conflict` if the
    ///   path is, or leads through, something that is neither file nor folder, such as a link to a folder.
    public func worktreeState(of path: String) throws(GitError) -> WorktreeState {
        let operation = "look at the file"
        let components = try Names.components(of: path, operation)
        let head = try headEntry(path)
        let index = try openIndex(operation)
        let indexed = git_index_get_bypath(index.pointer, path, 0)?.pointee
        let indexedMode = indexed.flatMap { FileMode(git_filemode_t(rawValue: $0.mode)) }
        let file = try workTreeFile(components, path, operation)
        return WorktreeState(
            head: head?.id, index: indexed.map { ObjectID($0.id) }, file: file?.id,
            modesAgree: head?.mode == indexedMode && indexedMode == file?.mode)
    }

    func requireWorkTree(_ operation: String) throws(GitError) -> String {
        guard let workTree else {
            throw .refused(operation, gitDirectory, "the repository is bare", code: .bareRepository)
        }
        return workTree
    }

    /// The index as it is on disk now.
    func openIndex(_ operation: String) throws(GitError) -> Handle {
        let index = try Handle(operation, gitDirectory, free: git_index_free) { git_repository_index(&$0, pointer) }
        // Other programs write it too. Forced, because a write that failed left its changes in memory.
        try check(operation, gitDirectory) { git_index_read(index.pointer, 1) }
        return index
    }

    private func headEntry(_ path: String) throws(GitError) -> TreeEntry? {
        guard let head = try target(of: "HEAD") else { return nil }
        let found = try entry(at: path, inTree: commit(head).tree)
        // A folder is no file; the index and the work tree would show none either.
        return found?.mode == .tree ? nil : found
    }

    private func workTreeFile(
        _ components: [String], _ path: String, _ operation: String
    ) throws(GitError) -> (id: ObjectID, mode: FileMode)? {
        let top = try requireWorkTree(operation)
        let parent = try WorkTreeFolder.parent(of: components, under: top, creating: false, operation)
        guard let folder = parent, let name = components.last, let status = try folder.status(of: name, operation)
        else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            let mode: FileMode = status.st_mode & S_IXUSR != 0 ? .executable : .blob
            return (try hash(folder.read(name, operation), path, operation), mode)
        case S_IFLNK:
            return (try hash(folder.readLink(name, operation), path, operation), .link)
        default:
            throw .refused(operation, path, "it is neither a file nor a symbolic link", code: .conflict)
        }
    }

    private func hash(_ bytes: [UInt8], _ path: String, _ operation: String) throws(GitError) -> ObjectID {
        var oid = git_oid()
        try check(operation, path) {
            bytes.withUnsafeBytes { git_odb_hash(&oid, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
        }
        return ObjectID(oid)
    }
}
