import PromotionEngine

/// Times for people: how long ago on a screen, exactly with `-v`.
struct RelativeTime {
    let now: Instant
    /// RFC 3339 instead.
    let isAbsolute: Bool

    func text(_ time: Instant) -> String {
        if isAbsolute { return time.description }
        let distance = now.seconds - time.seconds
        // What is 3 h 59 min away is told as 4 h, as it was asked for a moment ago.
        if distance < 0 { return "in " + Self.span(-distance + (distance < -7_170 ? 1_800 : distance < -119 ? 30 : 0)) }
        if distance < 5 { return "just now" }
        // Further back a date says more than a number of days.
        if distance > 60 * 86_400 { return String(time.description.prefix(10)) }
        return Self.span(distance) + " ago"
    }

    /// The largest unit that it is at least two of, as people say it: 90s, 45m, 26h, 12d.
    static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7_200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3_600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}
