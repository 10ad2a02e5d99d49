import GRDB
internal import Glibc
import PromotionEngine

/// The database file, which anyone may delete at any time.
enum IndexFile {
    /// How long a process waits for another one that writes; a segment of 10,000 records is indexed in one transaction.
    private static let patience = 60.0

    /// Opens the file, or makes it anew when it is damaged or was written by a newer version.
    ///
    /// - Throws: `DatabaseError` when the folder cannot be written.
    static func open(_ path: String) throws -> DatabaseQueue {
        try makeFolders(path)
        return try exclusively(path) {
            do {
                return try migrated(path)
            } catch let error as DatabaseError where isUseless(error) {
                return try anew(path)
            } catch is NewerIndex {
                return try anew(path)
            }
        }
    }

    /// An index that ends with the process.
    static func inMemory() throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try HistoryMigrations.migrator.migrate(queue)
        return queue
    }

    static func isUseless(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_ERROR
            || error.resultCode == .SQLITE_SCHEMA
    }

    /// The tables have migrations that this version does not know.
    private struct NewerIndex: Error {}

    private static func migrated(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(patience)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let migrator = HistoryMigrations.migrator
        if try queue.read(migrator.hasBeenSuperseded) { throw NewerIndex() }
        try migrator.migrate(queue)
        return queue
    }

    private static func anew(_ path: String) throws -> DatabaseQueue {
        // Who has the old file open goes on with it, unseen.
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        return try migrated(path)
    }

    private static func makeFolders(_ path: String) throws {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o700)
        }
        guard access(folder, W_OK) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "\(folder) cannot be written")
        }
    }

    /// One process at a time creates or throws away the file.
    private static func exclusively<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let descriptor = Glibc.open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "\(path).lock: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        return try body()
    }
}
