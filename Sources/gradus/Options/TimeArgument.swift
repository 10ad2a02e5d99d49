import ArgumentParser
import PromotionEngine
import WorkflowModel

/// A TIME: RFC 3339, a date (its first second, UTC), or `+2h` from now.
struct TimeArgument: ExpressibleByArgument {
    let instant: Instant

    static let forms = "2026-10-15T12:00:00Z (RFC 3339), as a date, which is its first second in UTC, or as +2h from now"

    init?(argument: String) {
        if argument.hasPrefix("+"), let span = TimeSpan(parsing: argument.dropFirst()) {
            instant = WallPace.current + span
        } else if let time = Instant(parsing: argument) ?? Instant(parsing: argument + "T00:00:00Z") {
            instant = time
        } else {
            return nil
        }
    }
}

/// A DURATION such as `90s`, `2m`, `1h30m`.
struct SpanArgument: ExpressibleByArgument {
    let span: TimeSpan

    init?(argument: String) {
        guard let span = TimeSpan(parsing: argument) else { return nil }
        self.span = span
    }
}
