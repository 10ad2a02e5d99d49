import Glibc
import PromotionEngine
import WorkflowModel

/// The machine's clock.
final class WallPace: PacePort {
    /// Told before each look at something slow.
    private let waiting: Progress?

    init(_ waiting: Progress? = nil) { self.waiting = waiting }

    static var current: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: time.tv_sec)
    }

    var now: Instant { Self.current }

    func pause(afterAttempt attempt: Int) {
        let longest = min(2_000, 20 << min(attempt, 8))
        usleep(UInt32(Int.random(in: longest / 2...longest)) * 1_000)
    }

    func wait(_ span: TimeSpan) {
        waiting?.show("the next look is in \(span)")
        sleep(UInt32(clamping: span.seconds))
    }
}
