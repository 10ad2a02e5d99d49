import GitOpsBackend
import Glibc
import PromotionEngine
import Synchronization

/// Ctrl-C and a polite kill: the process ends at once, says what it leaves, and the next run goes on from there.
///
/// Nothing has to be undone: what is recorded stands, and what is not was not begun. A thread of its own waits for the
/// signals, so that nothing runs inside a signal handler.
enum Interruption {
    private struct Told {
        var promotions: [String] = []
        var awaited: String?
        var asJSON = false
    }

    private static let told = Mutex(Told())
    static let exitCode: Int32 = 130

    /// Call before any other thread is started: they inherit that the signals are blocked.
    static func watch(asJSON: Bool) {
        told.withLock { $0.asJSON = asJSON }
        var signals = watched()
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        startThread()
    }

    private static func startThread() {
        var thread: pthread_t = 0
        guard pthread_create(&thread, nil, waitForSignal, nil) == 0 else {
            // Without the thread nobody would hear the signals: they end the process as ever.
            var signals = watched()
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            return
        }
    }

    fileprivate static func leave() -> Never {
        report()
        _exit(exitCode)
    }

    /// The promotions that are admitted and not yet recorded as delivered.
    static func note(_ promotions: [String]) { told.withLock { $0.promotions = promotions } }

    /// The promotion that somebody waits for, delivered or not; nil: nobody waits.
    static func note(awaited promotion: String?) { told.withLock { $0.awaited = promotion } }

    fileprivate static func watched() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }

    private static func report() {
        let told = told.withLock { $0 }
        let ids = told.promotions.joined(separator: ", ")
        let left = ids.isEmpty ? told.awaited.map { " while waiting for \($0)" } ?? "" : " while \(ids) was being delivered"
        let error = PromotionError(
            .error, "interrupted\(left)",
            hint: (told.promotions.first ?? told.awaited).map { "go on with `gradus retry \($0)`, or let `gradus reconcile` do it" }
                ?? "run the same command again: nothing is done twice")
        ErrorReport(error, exitCode: exitCode).print(asJSON: told.asJSON)
    }
}

private func waitForSignal(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var signals = Interruption.watched()
    var number: Int32 = 0
    while sigwait(&signals, &number) != 0 {}
    Uninterrupted.end { Interruption.leave() }
}
