import Glibc
import PromotionEngine

/// Shows people who wait how a verification goes: one line that changes on a terminal, a line now and then elsewhere.
final class VerificationDisplay {
    private let console: Console
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var last = ""
    private var lastTime = 0

    /// Where no terminal is, the same is said again after this many seconds, so that a CI job is seen to live.
    private static let heartbeat = 30

    init(_ console: Console) { self.console = console }

    func show(_ progress: VerificationProgress) {
        let subject = progress.subject
        let state = progress.state.isEmpty ? "" : "; \(progress.state)"
        let line = "\(subject.service) \(subject.version) in \(subject.stage): \(progress.finding)\(state)"
        let now = WallPace.current.seconds
        // Numbers run on with every look; what people want to hear of at once is a change of the finding.
        guard isTerminal || progress.finding != last || now - lastTime >= Self.heartbeat else { return }
        last = progress.finding
        lastTime = now
        console.status(line)
    }
}
