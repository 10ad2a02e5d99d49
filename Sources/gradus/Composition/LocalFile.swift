import Glibc
import PromotionEngine
import WorkflowModel

/// Files named on the command line.
enum LocalFile {
    /// Larger files are refused: no manifest or rule file comes near.
    private static let largest = 64 << 20

    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("read", path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size <= largest else {
            throw PromotionError(.usage, "\(path) is larger than \(largest >> 20) MiB")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw fault("read", path, errno) }
            bytes += buffer[..<count]
            guard bytes.count <= largest else {
                throw PromotionError(.usage, "\(path) is larger than \(largest >> 20) MiB")
            }
        }
    }

    /// Writes a file that must not exist yet, with the folders above it. Throws when there is one.
    static func create(_ path: String, _ bytes: [UInt8]) throws {
        try makeFolders(above: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw fault("create", path, errno) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path)
    }

    /// Writes a file whether or not there is one, with the folders above it.
    static func write(_ path: String, _ bytes: [UInt8]) throws {
        guard exists(path) else { return try create(path, bytes) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault("read", path, errno) }
        if status.st_mode & S_IFMT == S_IFREG { return try replace(path, with: bytes) }
        // A pipe or device is written into; replaced, it would be gone.
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("write", path, errno) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path, isDurable: false)
    }

    private static func makeFolders(above path: String) throws {
        var built = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            built += part + "/"
            guard mkdir(built, 0o755) == 0 || errno == EEXIST else { throw fault("create the folder", built, errno) }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String, isDurable: Bool = true) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw fault("write", path, errno) }
            written += count
        }
        guard !isDurable || fsync(descriptor) == 0 else { throw fault("write", path, errno) }
    }

    /// Replaces a file by a new one with the same permissions; after a crash it is the old or the new one.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        // A link stays a link: the file that it names is replaced.
        guard let resolved = realpath(path, nil) else { throw fault("find", path, errno) }
        defer { free(resolved) }
        let target = String(cString: resolved)
        var status = stat()
        guard stat(target, &status) == 0 else { throw fault("read", path, errno) }
        let temporary = target + ".gradus-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o7777)
        guard descriptor >= 0 else { throw fault("write", temporary, errno) }
        do {
            defer { close(descriptor) }
            fchmod(descriptor, status.st_mode & 0o7777)
            try write(bytes, to: descriptor, temporary)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, target) == 0 else {
            let reason = errno
            unlink(temporary)
            throw fault("replace", path, reason)
        }
    }

    /// The `.yaml` and `.yml` files of a folder, sorted; the path itself when it is a file.
    static func yamlFiles(_ path: String) throws -> [String] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault("read", path, errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
        let names = try entries(path).map(\.name).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        return names.sorted().map { path + "/" + $0 }
    }

    /// What a folder holds, in any order.
    static func entries(_ path: String) throws -> [PathEntry] {
        guard let folder = opendir(path) else { throw fault("read", path, errno) }
        defer { closedir(folder) }
        var entries: [PathEntry] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { entries.append(PathEntry(name: name, isFolder: entry.pointee.d_type == DT_DIR)) }
        }
        return entries
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func fault(_ operation: String, _ path: String, _ code: Int32) -> PromotionError {
        PromotionError(.error, "cannot \(operation) \(path): \(String(cString: strerror(code)))")
    }
}
