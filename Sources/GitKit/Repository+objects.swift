import CLibgit2
import Glibc

extension Repository {
    /// Whether an object of this id exists here. Does not read or verify it.
    public func contains(_ id: ObjectID) -> Bool {
        if missingParents.contains(id) { return false }
        var database: OpaquePointer?
        // The database was opened with the repository, so this only counts one more user of it.
        guard git_repository_odb(&database, pointer) == 0 else { return false }
        defer { git_odb_free(database) }
        var oid = id.oid
        return git_odb_exists(database, &oid) == 1
    }

    /// Lets the objects of another repository be read through this one, as long as this object lives. Nothing is written.
    public func readAlso(from other: Repository) throws(GitError) {
        let operation = "read objects through"
        let database = try objectDatabase(operation)
        let path = other.commonDirectory + "objects"
        try check(operation, path) { git_odb_add_disk_alternate(database.pointer, path) }
    }

    /// The bytes of a blob, as stored.
    ///
    /// - Throws: `.notFound` if there is no blob of this id, `.mismatch` if its bytes are damaged.
    public func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
        var oid = id.oid
        let blob = try Handle("read the blob", id.hex, free: git_blob_free) { git_blob_lookup(&$0, pointer, &oid) }
        let size = git_blob_rawsize(blob.pointer)
        guard size > 0, let content = git_blob_rawcontent(blob.pointer) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: content, count: Int(size)))
    }

    /// The length of a blob in bytes, without reading its content.
    ///
    /// - Throws: as ``blob(_:)``.
    public func blobSize(_ id: ObjectID) throws(GitError) -> Int {
        let operation = "read the size of the blob"
        let header = try objectHeader(id, operation)
        guard header.type == GIT_OBJECT_BLOB else {
            throw .refused(operation, id.hex, "the object is not a blob", code: .notFound)
        }
        return header.size
    }

    /// Stores bytes as a blob, exactly as given.
    public func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
        var oid = git_oid()
        try check("write a blob to", gitDirectory) {
            bytes.withUnsafeBytes { git_blob_create_from_buffer(&oid, pointer, $0.baseAddress, $0.count) }
        }
        return try kept(ObjectID(oid), "write a blob to")
    }

    /// A commit.
    ///
    /// - Throws: `.notFound` if there is no commit of this id.
    public func commit(_ id: ObjectID) throws(GitError) -> Commit {
        var oid = id.oid
        let commit = try Handle("read the commit", id.hex, free: git_commit_free) {
            git_commit_lookup(&$0, pointer, &oid)
        }
        guard let tree = ObjectID(git_commit_tree_id(commit.pointer)),
            let author = Signature(git_commit_author(commit.pointer)),
            let committer = Signature(git_commit_committer(commit.pointer))
        else {
            throw .refused("read the commit", id.hex, "it is incomplete", code: .generic)
        }
        var parents: [ObjectID] = []
        for position in 0..<git_commit_parentcount(commit.pointer) {
            if let parent = ObjectID(git_commit_parent_id(commit.pointer, position)) { parents.append(parent) }
        }
        return Commit(
            id: id, tree: tree, parents: parents, author: author, committer: committer,
            message: git_commit_message_raw(commit.pointer).map { String(cString: $0) } ?? "")
    }

    /// Stores a commit, signed where there is a ``signer``. Moves no reference.
    ///
    /// - Throws: `.notFound` if the tree or a parent does not exist; `.invalid` for a signature or message that Git
    ///   could not store faithfully (empty name, `<`, `>`, control characters, NUL, time before 1970).
    public func createCommit(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
    ) throws(GitError) -> ObjectID {
        let operation = "create a commit of the tree"
        guard !message.utf8.contains(0) else {
            throw .refused(operation, tree.hex, "its message contains a NUL byte")
        }
        let treeHandle = try lookUpTree(tree, operation)
        let authorHandle = try SignatureHandle(author, operation)
        let committerHandle = try SignatureHandle(committer, operation)

        // Non-copyable handles do not fit an array, so the parents are freed together here.
        var parentHandles: [OpaquePointer?] = []
        defer { for handle in parentHandles { git_commit_free(handle) } }
        for parent in parents {
            var oid = parent.oid
            var handle: OpaquePointer?
            try check("read the parent commit", parent.hex) { git_commit_lookup(&handle, pointer, &oid) }
            parentHandles.append(handle)
        }

        if let signer {
            // Written out and signed as `git commit -S` does it: the signature covers all but its own header line.
            var buffer = git_buf()
            defer { git_buf_dispose(&buffer) }
            try check(operation, tree.hex) {
                git_commit_create_buffer(
                    &buffer, pointer, authorHandle.pointer, committerHandle.pointer, nil, message, treeHandle.pointer,
                    parentHandles.count, &parentHandles)
            }
            let content = [UInt8](UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
            return try storeSigned(content, try signer.signature(of: content), operation, tree.hex)
        }
        var created = git_oid()
        try check(operation, tree.hex) {
            // "update_ref: If not NULL, name of the reference that will be updated to point to this commit."
            git_commit_create(
                &created, pointer, nil, authorHandle.pointer, committerHandle.pointer, nil, message,
                treeHandle.pointer, parentHandles.count, &parentHandles)
        }
        return try kept(ObjectID(created), operation)
    }

    /// The id, if the object is really there.
    ///
    /// libgit2 1.5.1 reports success for a loose object that it could not write on a read-only file system (seen).
    func kept(_ id: ObjectID, _ operation: String) throws(GitError) -> ObjectID {
        if contains(id) { return id }
        let objects = commonDirectory + "objects"
        let reason = access(objects, W_OK) == 0 ? "it is not there after it was written" : String(cString: strerror(errno))
        throw .refused(operation, id.hex, "\(objects): \(reason)", code: .generic)
    }

    func objectHeader(_ id: ObjectID, _ operation: String) throws(GitError) -> (type: git_object_t, size: Int) {
        let database = try objectDatabase(operation)
        var oid = id.oid
        var size = 0
        var type = GIT_OBJECT_INVALID
        try check(operation, id.hex) { git_odb_read_header(&size, &type, database.pointer, &oid) }
        return (type, size)
    }

    private func objectDatabase(_ operation: String) throws(GitError) -> Handle {
        try Handle(operation, gitDirectory, free: git_odb_free) { git_repository_odb(&$0, pointer) }
    }
}
