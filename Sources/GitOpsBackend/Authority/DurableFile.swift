import Glibc
import PromotionEngine

/// Small notes that must survive a death, or be seen not to have.
enum DurableFile {
    /// Replaces the file as a whole; when `synced`, it is on disk before this returns.
    static func write(_ path: String, _ text: String, synced: Bool = true) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw fault("write", path) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let error = fault("write", path)
                close(descriptor)
                throw error
            }
            bytes = bytes.dropFirst(count)
        }
        let status = synced ? fsync(descriptor) : 0
        close(descriptor)
        guard status == 0, rename(temporary, path) == 0 else { throw fault("write", path) }
    }

    /// Nil when there is no such file.
    static func read(_ path: String) throws -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw fault("read", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            guard count > 0 else { throw fault("read", path) }
            bytes += buffer[..<count]
        }
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw fault("remove", path) }
    }

    /// Nil for a text that is no document.
    static func json(_ text: String) -> JSONValue? {
        do {
            return try JSONValue(parsing: text)
        } catch {
            // A torn note says nothing; its reader knows what that means.
            return nil
        }
    }

    private static func fault(_ operation: String, _ path: String) -> PromotionError {
        PromotionError(.error, "cannot \(operation) \(path): \(String(cString: strerror(errno)))")
    }
}
