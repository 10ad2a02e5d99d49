import GitKit
import Glibc

/// Tries again after a fault of the network: bounded, with jitter, and never after a refusal.
enum NetworkRetry {
    private static let attempts = 4

    /// Runs what may be done twice. A peer that was silent for as long as is patience is not waited for again.
    static func run<Result>(_ body: () throws(GitError) -> Result) throws(GitError) -> Result {
        let start = milliseconds()
        var attempt = 1
        while true {
            do throws(GitError) {
                return try body()
            } catch where error.code == .network {
                let isOver = milliseconds() - start >= LibGit2.networkPatience
                if attempt == attempts || isOver { throw error }
            }
            let longest = 200 << attempt
            usleep(UInt32(Int.random(in: longest / 2...longest)) * 1_000)
            attempt += 1
        }
    }

    /// Time that never goes back, from an arbitrary start.
    static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
