import CLibgit2
import Glibc

/// Where the history of a shallow clone was cut off.
///
/// libgit2 1.5 walks into the missing parents and fails. A backend of its own answers exactly those ids with an empty commit
/// without parents, so that a walk ends there as it ends at a first commit. It needs the check of hashes off, which counts for
/// the whole process, and is therefore added to shallow repositories alone. Nothing may be fetched into such a repository.
enum ShallowBoundary {
    private static let content =
        "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor - <-> 0 +0000\ncommitter - <-> 0 +0000\n\nhistory is cut off here\n"

    /// Adds the backend and returns the ids that it answers.
    static func bridge(_ repository: OpaquePointer, _ directory: String) throws(GitError) -> Set<ObjectID> {
        let operation = "read the shallow boundary of"
        guard let text = try TextFile.read(directory + "shallow") else { return [] }
        let database = try Handle(operation, directory, free: git_odb_free) { git_repository_odb(&$0, repository) }
        var missing: Set<ObjectID> = []
        for line in text.split(whereSeparator: \.isNewline) {
            guard let id = ObjectID(hex: String(line)) else { continue }
            var oid = id.oid
            let commit = try Handle.ifFound(operation, id.hex, free: git_commit_free) { git_commit_lookup(&$0, repository, &oid) }
            guard let commit else { continue }
            for position in 0..<git_commit_parentcount(commit.pointer) {
                guard let parent = ObjectID(git_commit_parent_id(commit.pointer, position)) else { continue }
                var own = parent.oid
                if git_odb_exists(database.pointer, &own) == 0 { missing.insert(parent) }
            }
        }
        if missing.isEmpty { return [] }
        try check(operation, directory) { gradus_git_strict_hashes(0) }
        try add(Array(missing), to: database.pointer, operation, directory)
        return missing
    }

    private static func add(
        _ ids: [ObjectID], to database: OpaquePointer, _ operation: String, _ subject: String
    ) throws(GitError) {
        guard let memory = calloc(1, MemoryLayout<gradus_boundary>.size),
            let list = calloc(ids.count, MemoryLayout<git_oid>.size)?.bindMemory(to: git_oid.self, capacity: ids.count)
        else { throw .refused(operation, subject, "there is no memory", code: .generic) }
        let backend = memory.bindMemory(to: gradus_boundary.self, capacity: 1)
        for (position, id) in ids.enumerated() { list[position] = id.oid }
        backend.pointee.missing = list
        backend.pointee.count = ids.count
        let parent = memory.assumingMemoryBound(to: git_odb_backend.self)
        try check(operation, subject) { git_odb_init_backend(parent, UInt32(GIT_ODB_BACKEND_VERSION)) }
        parent.pointee.read = { data, length, type, backend, id in
            guard ShallowBoundary.answers(backend, id) else { return GIT_ENOTFOUND.rawValue }
            let bytes = Array(ShallowBoundary.content.utf8)
            guard let copy = git_odb_backend_data_alloc(backend, bytes.count) else { return -1 }
            copy.copyMemory(from: bytes, byteCount: bytes.count)
            data?.pointee = copy
            length?.pointee = bytes.count
            type?.pointee = GIT_OBJECT_COMMIT
            return 0
        }
        parent.pointee.read_header = { length, type, backend, id in
            guard ShallowBoundary.answers(backend, id) else { return GIT_ENOTFOUND.rawValue }
            length?.pointee = ShallowBoundary.content.utf8.count
            type?.pointee = GIT_OBJECT_COMMIT
            return 0
        }
        parent.pointee.exists = { backend, id in ShallowBoundary.answers(backend, id) ? 1 : 0 }
        parent.pointee.free = { backend in
            guard let backend else { return }
            Glibc.free(UnsafeMutableRawPointer(backend).assumingMemoryBound(to: gradus_boundary.self).pointee.missing)
            Glibc.free(backend)
        }
        // "The backend will be checked in relative ordering, based on the value of the `priority` parameter": after all others.
        try check(operation, subject) { git_odb_add_backend(database, parent, -1) }
    }

    private static func answers(_ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?) -> Bool {
        guard let backend, let id else { return false }
        let boundary = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: gradus_boundary.self).pointee
        return (0..<boundary.count).contains { git_oid_equal(boundary.missing.advanced(by: $0), id) == 1 }
    }
}
