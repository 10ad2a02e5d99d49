import Glibc

/// Removes the lock file that a killed process left beside a reference.
///
/// Such a file blocks the reference for good: Git's locks are files, which outlive their owner. It is removed only if
/// it stayed the same file (inode, length, time of change) for the whole given time; a live process replaces or
/// removes its lock within milliseconds. Processes other than ours may use the repository, hence the long look.
///
/// - Parameters:
///   - repository: one that is written directly.
///   - reference: the full name, `refs/...`. Nothing but `<reference>.lock` is ever touched.
///   - unchangedForMilliseconds: how long to watch; the call takes that long if there is a lock file.
///   - lock: proof that no other process of ours moves references or removes locks meanwhile.
/// - Returns: the path of the removed file; nil if there was none, or its owner turned out to be alive.
/// - Throws: `.invalidName` for a bad reference name; `.generic` if the file cannot be removed.
public func removeStaleReferenceLock(
    _ repository: Repository, _ reference: String, unchangedForMilliseconds: Int, holding lock: borrowing FileLock
) throws(GitError) -> String? {
    let operation = "remove the stale lock of the reference"
    try Names.requireReference(reference, operation)
    let path = repository.commonDirectory + reference + ".lock"
    guard let first = try LockState(path, operation) else { return nil }

    let deadline = monotonicMilliseconds() + max(0, unchangedForMilliseconds)
    while true {
        let left = deadline - monotonicMilliseconds()
        sleepMilliseconds(min(left, 50))
        guard let now = try LockState(path, operation), now == first else { return nil }
        if left <= 0 { break }
    }
    try checkSystem(operation, path) { unlink(path) }
    return path
}

/// What tells one lock file from another of the same name.
private struct LockState: Equatable {
    let device: UInt
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    /// nil if there is no such file.
    init?(_ path: String, _ operation: String) throws(GitError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let reason = errno
            if reason == ENOENT || reason == ENOTDIR { return nil }
            throw .system(reason, operation, path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .refused(operation, path, "it is not a regular file")
        }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
