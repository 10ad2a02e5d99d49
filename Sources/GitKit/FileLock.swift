import Glibc

/// Exclusive use of something, among all processes (and all locks of this process) that lock the same file.
///
/// Freed when the value goes out of scope. The kernel frees it too when the process dies, however it dies, so nothing
/// is ever left behind but an empty file. The file is created if missing and never deleted: deleting it would let two
/// processes hold locks on two files of one name.
public struct FileLock: ~Copyable {
    public let path: String
    private let descriptor: FileDescriptor

    /// Waits for the lock.
    ///
    /// - Parameter timeoutMilliseconds: how long to wait for others; zero tries once.
    /// - Throws: `.locked` if others held it all that time; `.notFound`, `.generic` if the file cannot be opened.
    public init(path: String, timeoutMilliseconds: Int) throws(GitError) {
        let operation = "lock the file"
        try Names.requireText(path, operation)
        // Not inherited by programs this process starts: they would keep the lock after its death.
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let number = try checkSystem(operation, path) { open(path, flags, 0o666) }
        let descriptor = FileDescriptor(adopting: number)

        let deadline = monotonicMilliseconds() + max(0, timeoutMilliseconds)
        var pause = 1
        while flock(descriptor.number, LOCK_EX | LOCK_NB) == -1 {
            let reason = errno
            guard reason == EWOULDBLOCK || reason == EINTR else { throw .system(reason, operation, path) }
            let left = deadline - monotonicMilliseconds()
            guard left > 0 else {
                throw .refused(
                    operation, path, "another process held it for \(max(0, timeoutMilliseconds)) ms", code: .locked)
            }
            sleepMilliseconds(min(pause, left))
            pause = min(pause * 2, 20)
        }
        self.path = path
        self.descriptor = descriptor
    }

    // Closing alone is not enough: a program that another thread is just starting shares the open file until its exec,
    // and would hold the lock that much longer. Unlocking cannot fail for a descriptor that holds the lock.
    deinit { _ = flock(descriptor.number, LOCK_UN) }
}
