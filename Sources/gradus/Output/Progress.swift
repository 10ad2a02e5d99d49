import Glibc
import PromotionEngine

/// Says on stderr how far something slow is: nothing in its first second, then one line that changes in a terminal, or
/// a line every ten seconds elsewhere.
final class Progress {
    private let what: String
    private let isQuiet: Bool
    private let isTerminal: Bool
    private let start = Progress.clock()
    private var lastShown = 0
    private var hasLine = false

    init(_ what: String, isQuiet: Bool) {
        self.what = what
        self.isQuiet = isQuiet
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    func show(_ state: @autoclosure () -> String) {
        guard !isQuiet else { return }
        let elapsed = Self.clock() - start
        guard elapsed >= 1_000, lastShown == 0 || elapsed - lastShown >= (isTerminal ? 200 : 10_000) else { return }
        lastShown = elapsed
        let line = TerminalText.escaped("\(what): \(state()), \(elapsed / 1_000)s")
        Console.write(isTerminal ? "\r\u{1B}[K\(line)" : line + "\n", to: STDERR_FILENO)
        hasLine = isTerminal
    }

    /// Takes the line away.
    func end() {
        if hasLine { Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
        hasLine = false
    }

    deinit { end() }

    /// Milliseconds of a clock that nobody sets.
    private static func clock() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
