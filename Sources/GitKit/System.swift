import Glibc

/// Runs one system call until no signal interrupts it, and turns its failure into an error.
///
/// - Returns: the call's own result, zero or more.
@discardableResult
func checkSystem(
    _ operation: String, _ subject: @autoclosure () -> String, _ call: () -> Int32
) throws(GitError) -> Int32 {
    while true {
        let status = call()
        if status >= 0 { return status }
        let reason = errno
        if reason != EINTR { throw .system(reason, operation, subject()) }
    }
}

extension GitError {
    /// The error for an `errno`.
    static func system(_ reason: Int32, _ operation: String, _ subject: String) -> GitError {
        let code: Code =
            switch reason {
            case ENOENT: .notFound
            case EEXIST: .exists
            case ENOTDIR, EISDIR: .conflict
            default: .generic
            }
        return GitError(
            code: code, operation: operation, subject: subject, message: String(cString: strerror(reason)))
    }
}

/// The one owner of a file descriptor.
struct FileDescriptor: ~Copyable {
    let number: Int32

    init(adopting number: Int32) {
        self.number = number
    }

    // Nothing written through a descriptor of this type depends on the result: writers sync before they close.
    deinit { _ = close(number) }
}

/// Time that never goes back, in milliseconds from an arbitrary start.
func monotonicMilliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
}

/// Blocks this thread.
func sleepMilliseconds(_ duration: Int) {
    guard duration > 0 else { return }
    var left = timespec(tv_sec: duration / 1000, tv_nsec: duration % 1000 * 1_000_000)
    var rest = timespec()
    while nanosleep(&left, &rest) == -1 && errno == EINTR { left = rest }
}
