import CLibgit2
import Glibc

extension Repository {
    /// Joins small packs and loose objects into one pack, when there are many of them.
    ///
    /// Every fetch leaves a pack and every commit loose objects, and each makes the next look-up dearer. Nothing that can be
    /// read is taken away: a pack or loose object goes only after the new pack, synced, holds what it held. Another process
    /// that had listed the old files looks again when it misses one (libgit2 refreshes its list of packs).
    ///
    /// - Parameter lock: proof that no other process of ours packs or fetches meanwhile.
    /// - Returns: false if there was too little to do.
    public func packWhenScattered(holding lock: borrowing FileLock) throws(GitError) -> Bool {
        let objects = commonDirectory + "objects/"
        let packs = FolderListing.names(objects + "pack").filter { $0.hasSuffix(".pack") }
        // One of 256 folders tells of them all, as with `git gc --auto`.
        let sample = FolderListing.names(objects + "17").count
        guard packs.count > Scattered.packs || sample > Scattered.looseInOneFolder else { return false }
        let operation = "pack"
        let small = packs.filter { FolderListing.size(objects + "pack/" + $0) <= Scattered.largestJoinedPack }
        let loose = Scattered.looseFiles(objects)
        let builder = try Handle(operation, objects, free: git_packbuilder_free) { git_packbuilder_new(&$0, pointer) }
        for pack in small {
            guard let ids = PackIndex.ids(objects + "pack/" + pack.dropLast("pack".count) + "idx") else { continue }
            for id in ids { try insert(id, into: builder.pointer, operation, objects) }
        }
        for (id, _) in loose { try insert(id, into: builder.pointer, operation, objects) }
        guard git_packbuilder_object_count(builder.pointer) > 0 else { return false }
        try check(operation, objects) { git_packbuilder_write(builder.pointer, nil, 0, nil, nil) }
        guard let name = git_packbuilder_name(builder.pointer).map({ "pack-" + String(cString: $0) }),
            access(objects + "pack/\(name).idx", R_OK) == 0, let written = PackIndex.ids(objects + "pack/\(name).idx")
        else { throw .refused(operation, objects, "the new pack is not there", code: .generic) }
        let kept = Set(written)
        for pack in small where !pack.hasPrefix(name + ".") {
            let stem = objects + "pack/" + pack.dropLast(".pack".count)
            guard let ids = PackIndex.ids(stem + ".idx"), ids.allSatisfy(kept.contains) else { continue }
            // Without its index no reader takes the pack up any more.
            for suffix in [".idx", ".pack"] { unlink(stem + suffix) }
        }
        for (id, path) in loose where kept.contains(id) { unlink(path) }
        return true
    }

    private func insert(
        _ id: ObjectID, into builder: OpaquePointer, _ operation: String, _ subject: String
    ) throws(GitError) {
        var oid = id.oid
        try check(operation, subject) { git_packbuilder_insert(builder, &oid, nil) }
    }
}

/// When a repository counts as scattered, and what lies about in it.
private enum Scattered {
    static let packs = 50
    static let looseInOneFolder = 27
    /// Rewriting more than this each time would cost more than it saves.
    static let largestJoinedPack = 64 << 20

    static func looseFiles(_ objects: String) -> [(id: ObjectID, path: String)] {
        var found: [(id: ObjectID, path: String)] = []
        for folder in FolderListing.names(objects) where folder.utf8.count == 2 {
            for name in FolderListing.names(objects + folder) {
                if let id = ObjectID(hex: folder + name) { found.append((id, objects + folder + "/" + name)) }
            }
        }
        return found
    }
}

/// The index of a pack (gitformat-pack(5), "Version 2 pack-*.idx files").
enum PackIndex {
    /// The ids of the objects in the pack; nil for a file that is no such index.
    static func ids(_ path: String) -> [ObjectID]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var header = [UInt8](repeating: 0, count: 8 + 256 * 4)
        guard fread(&header, 1, header.count, file) == header.count, header.starts(with: [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]) else {
            return nil
        }
        let count = header.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        var names = [UInt8](repeating: 0, count: count * 20)
        guard fread(&names, 1, names.count, file) == names.count else { return nil }
        return stride(from: 0, to: names.count, by: 20).compactMap { start in
            var oid = git_oid()
            return names.withUnsafeBufferPointer { bytes in
                bytes.baseAddress.flatMap { base -> ObjectID? in
                    guard git_oid_fromraw(&oid, base.advanced(by: start)) == 0 else { return nil }
                    return ObjectID(oid)
                }
            }
        }
    }
}

/// What lies in a folder.
enum FolderListing {
    /// Empty for a folder that is not there.
    static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : .max
    }
}
