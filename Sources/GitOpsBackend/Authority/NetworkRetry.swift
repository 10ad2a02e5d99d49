import GitKit
import Glibc

/// Tries again after a fault of the network: bounded, with jitter, and never after a refusal.
enum NetworkRetry {
    private static let attempts = 4

    /// Runs what may be done twice. A peer that was silent for as long as is patience is not waited for again.
    static func run<Result>(_ body: () throws(GitError) -> Result) throws(GitError) -> Result {
        let start = seconds()
        var attempt = 1
        while true {
            do throws(GitError) {
                return try body()
            } catch where error.code == .network {
                let isOver = seconds() - start >= Double(LibGit2.networkPatience) / 1_000
                if attempt == attempts || isOver { throw error }
            }
            let longest = 200 << attempt
            usleep(UInt32(Int.random(in: longest / 2...longest)) * 1_000)
            attempt += 1
        }
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
