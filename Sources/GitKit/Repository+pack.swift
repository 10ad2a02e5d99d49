import CLibgit2
import Glibc

extension Repository {
    /// Writes one pack of all objects that commits reach to an open file, from its present position on.
    ///
    /// - Parameter descriptor: open for writing; stays open.
    /// - Returns: the number of objects.
    /// - Throws: `.notFound` if an object is missing; `.generic` when the file cannot be written.
    @discardableResult
    public func writePack(reachableFrom commits: [ObjectID], to descriptor: Int32) throws(GitError) -> Int {
        let operation = "pack the objects of"
        let builder = try Handle(operation, gitDirectory, free: git_packbuilder_free) { git_packbuilder_new(&$0, pointer) }
        let walk = try Handle(operation, gitDirectory, free: git_revwalk_free) { git_revwalk_new(&$0, pointer) }
        for commit in commits {
            var oid = commit.oid
            try check(operation, commit.hex) { git_revwalk_push(walk.pointer, &oid) }
        }
        try check(operation, gitDirectory) { git_packbuilder_insert_walk(builder.pointer, walk.pointer) }
        var output = PackOutput(descriptor: descriptor)
        git_error_clear()
        let status = withUnsafeMutablePointer(to: &output) { output in
            // "Create the new pack and pass each object to the callback" (git2/pack.h): pieces of the stream, in order.
            git_packbuilder_foreach(
                builder.pointer,
                { bytes, count, payload in
                    guard let payload, let bytes else { return -1 }
                    return payload.assumingMemoryBound(to: PackOutput.self).pointee.write(bytes, count)
                }, output)
        }
        if output.failure != 0 {
            throw GitError(code: .generic, operation: operation, subject: gitDirectory, message: String(cString: strerror(output.failure)))
        }
        guard status >= 0 else { throw lastError(status, operation, gitDirectory) }
        return git_packbuilder_object_count(builder.pointer)
    }

    /// Adds a pack to this repository, from the present position of an open file to its end.
    ///
    /// Every object is read and its hash computed before anything is kept. Moves no reference.
    ///
    /// - Throws: `.generic` and others when the bytes are no whole pack; `.generic` when the file cannot be read.
    public func addPack(from descriptor: Int32) throws(GitError) {
        let operation = "add a pack to"
        let database = try Handle(operation, gitDirectory, free: git_odb_free) { git_repository_odb(&$0, pointer) }
        var created: UnsafeMutablePointer<git_odb_writepack>?
        try check(operation, gitDirectory) { git_odb_write_pack(&created, database.pointer, nil, nil) }
        guard let writer = created, let append = writer.pointee.append, let commit = writer.pointee.commit else {
            throw .refused(operation, gitDirectory, "libgit2 reported success and gave nothing", code: .generic)
        }
        defer { writer.pointee.free?(writer) }
        var progress = git_indexer_progress()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else {
                throw GitError(code: .generic, operation: operation, subject: gitDirectory, message: String(cString: strerror(errno)))
            }
            try check(operation, gitDirectory) { append(writer, buffer, count, &progress) }
        }
        try check(operation, gitDirectory) { commit(writer, &progress) }
    }
}

/// Where the pieces of a pack go.
private struct PackOutput {
    let descriptor: Int32
    /// The system's error number; 0 while all is well.
    var failure: Int32 = 0

    /// Not zero stops the packing.
    mutating func write(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int32 {
        var written = 0
        while written < count {
            let now = Glibc.write(descriptor, bytes + written, count - written)
            guard now > 0 else {
                failure = errno
                return -1
            }
            written += now
        }
        return 0
    }
}
