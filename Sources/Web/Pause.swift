internal import Glibc

/// Blocks the calling thread.
enum Pause {
    static let seconds: @Sendable (Double) -> Void = { seconds in
        var wanted = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        var rest = timespec()
        // A signal ends the sleep early and tells how much of it is left.
        while nanosleep(&wanted, &rest) == -1, errno == EINTR { wanted = rest }
    }
}
