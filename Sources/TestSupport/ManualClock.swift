package import PromotionEngine
package import WorkflowModel

/// Time that only a test moves; waiting moves it at once.
package final class ManualClock: PacePort {
    package var now: Instant

    package init(_ start: String = "2026-10-15T12:00:00Z") {
        now = Instant(parsing: start) ?? Instant(seconds: 0)
    }

    package func pause(afterAttempt attempt: Int) { now = now + .seconds(1) }

    package func wait(_ span: TimeSpan) { now = now + span }
}
