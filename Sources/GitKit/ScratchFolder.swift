import Glibc

/// A folder for this user alone, with a few files in it that other programs are to read; gone with the value.
struct ScratchFolder: ~Copyable {
    let path: String

    init(_ operation: String) throws(GitError) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/gradus-XXXXXX".utf8CString)
        // mkdtemp gives it to the user alone (0700).
        guard mkdtemp(&template) != nil else { throw .system(errno, operation, base) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file into it and returns the file's path.
    borrowing func write(_ name: String, _ bytes: some Collection<UInt8>, _ operation: String) throws(GitError) -> String {
        let file = path + "/" + name
        let descriptor = FileDescriptor(
            adopting: try checkSystem(operation, file) { open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) })
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw .system(errno, operation, file)
            }
        }
        return file
    }

    // What cannot be removed holds nothing secret and lies where such things are cleared away.
    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let inner = path + "/" + name
            if unlink(inner) != 0, errno == EISDIR || errno == EPERM { remove(inner) }
        }
        closedir(folder)
        rmdir(path)
    }
}
