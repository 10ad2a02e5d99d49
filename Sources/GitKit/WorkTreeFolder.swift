import Glibc

/// A folder of a work tree, reached from its top without following any symbolic link.
///
/// Content of a repository is hostile: with a link among the folders, a path inside the work tree would name a file
/// outside it. Every step therefore opens relative to the folder before it and refuses links, so that swapping one in
/// between a check and its use gains nothing.
struct WorkTreeFolder: ~Copyable {
    let descriptor: FileDescriptor

    private init(_ number: Int32) {
        descriptor = FileDescriptor(adopting: number)
    }

    /// Opens the folder that holds the last of `components`.
    ///
    /// - Parameter creating: whether missing folders are made.
    /// - Returns: nil if a folder is missing and not to be made.
    /// - Throws: `.conflict` if a part is a file or a symbolic link.
    static func parent(
        of components: [String], under top: String, creating: Bool, _ operation: String
    ) throws(GitError) -> WorkTreeFolder? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        var folder = WorkTreeFolder(try checkSystem(operation, top) { open(top, flags) })
        var path = top
        for component in components.dropLast() {
            path += component
            // Made first and opened then: whether it was there before does not matter.
            if creating, mkdirat(folder.descriptor.number, component, 0o777) == -1 {
                let reason = errno
                if reason != EEXIST { throw .system(reason, operation, path) }
            }
            let number = openat(folder.descriptor.number, component, flags | O_NOFOLLOW)
            if number == -1 {
                let reason = errno
                switch reason {
                case ENOENT: return nil
                case ENOTDIR, ELOOP:
                    throw .refused(operation, path, "it is a file or a symbolic link, not a folder", code: .conflict)
                default: throw .system(reason, operation, path)
                }
            }
            folder = WorkTreeFolder(number)
            path += "/"
        }
        return folder
    }

    /// What a name in this folder is; nil if it does not exist. Links are not followed.
    func status(of name: String, _ operation: String) throws(GitError) -> stat? {
        var status = stat()
        guard fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            let reason = errno
            if reason == ENOENT { return nil }
            throw .system(reason, operation, name)
        }
        return status
    }

    /// All bytes of a regular file.
    func read(_ name: String, _ operation: String) throws(GitError) -> [UInt8] {
        // Not blocking: the file may have become a pipe since it was looked at.
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let file = FileDescriptor(
            adopting: try checkSystem(operation, name) { openat(descriptor.number, name, flags) })
        var status = stat()
        try checkSystem(operation, name) { fstat(file.number, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .refused(operation, name, "it is not a regular file")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        let chunkSize = 64 * 1024
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            let count = Glibc.read(file.number, chunk.baseAddress, chunkSize)
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw .system(errno, operation, name)
            }
        }
    }

    /// The text of a symbolic link.
    func readLink(_ name: String, _ operation: String) throws(GitError) -> [UInt8] {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(descriptor.number, name, &target, target.count)
        guard count >= 0 else { throw .system(errno, operation, name) }
        return target.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// Puts a file or link in place, all at once: a reader sees the old content or the new, never a part.
    func replace(
        _ name: String, with bytes: [UInt8], _ mode: FileMode, temporaryName: String, _ operation: String
    ) throws(GitError) {
        let folder = descriptor.number
        // The name comes from the content, so what a killed process left is found again and goes.
        if unlinkat(folder, temporaryName, 0) == -1, errno != ENOENT {
            throw .system(errno, operation, temporaryName)
        }
        if mode == .link {
            try checkSystem(operation, name) { symlinkat(String(decoding: bytes, as: UTF8.self), folder, temporaryName) }
        } else {
            // The umask decides who else may read it, as with `git checkout`.
            let permissions: mode_t = mode == .executable ? 0o777 : 0o666
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let file = FileDescriptor(
                adopting: try checkSystem(operation, name) { openat(folder, temporaryName, flags, permissions) })
            try Self.write(bytes, to: file.number, name, operation)
            try checkSystem(operation, name) { fsync(file.number) }
        }
        try checkSystem(operation, name) { renameat(folder, temporaryName, folder, name) }
    }

    private static func write(
        _ bytes: [UInt8], to number: Int32, _ name: String, _ operation: String
    ) throws(GitError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(number, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw .system(errno, operation, name)
            }
        }
    }

    /// Removes a file or link; nothing happens if there is none.
    func remove(_ name: String, _ operation: String) throws(GitError) {
        guard unlinkat(descriptor.number, name, 0) == -1 else { return }
        let reason = errno
        if reason != ENOENT { throw .system(reason, operation, name) }
    }

    /// Removes a folder if it is empty.
    ///
    /// - Returns: false if it holds something, or does not exist.
    func removeIfEmpty(_ name: String, _ operation: String) throws(GitError) -> Bool {
        if unlinkat(descriptor.number, name, AT_REMOVEDIR) == 0 { return true }
        let reason = errno
        guard reason == ENOTEMPTY || reason == EEXIST || reason == ENOENT || reason == ENOTDIR else {
            throw .system(reason, operation, name)
        }
        return false
    }
}
