/// A length of time in whole seconds, written `24h`, `90s`, `1h30m`, `7d`.
public struct TimeSpan: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var seconds: Int

    public init(seconds: Int) { self.seconds = seconds }

    public static func seconds(_ count: Int) -> TimeSpan { TimeSpan(seconds: count) }
    public static func minutes(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 60) }
    public static func hours(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 3600) }
    public static func days(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 86400) }

    private static let units: [(name: Character, seconds: Int)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    /// Reads one or more numbers with a unit, largest unit first; nil for anything else.
    ///
    /// Days and weeks are of 24 hours: the span is a number of seconds, not a calendar rule.
    public init?(parsing text: some StringProtocol) {
        var total = 0
        var digits = ""
        var lastUnit = Int.max
        guard !text.isEmpty else { return nil }
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let unit = Self.units.first(where: { $0.name == character }), unit.seconds < lastUnit,
                let count = Int(digits)
            else { return nil }
            let (product, overflowed) = count.multipliedReportingOverflow(by: unit.seconds)
            let (sum, overflowedSum) = total.addingReportingOverflow(product)
            if overflowed || overflowedSum { return nil }
            total = sum
            digits = ""
            lastUnit = unit.seconds
        }
        guard digits.isEmpty else { return nil }
        self.init(seconds: total)
    }

    /// The shortest text that reads back as the same span, in hours and below: `48h`, `1h30m`, `0s`.
    public var description: String {
        if seconds == 0 { return "0s" }
        if seconds < 0 { return "-" + TimeSpan(seconds: -seconds).description }
        let hours = seconds / 3600
        let minutes = seconds % 3600 / 60
        let rest = seconds % 60
        return (hours > 0 ? "\(hours)h" : "") + (minutes > 0 ? "\(minutes)m" : "") + (rest > 0 ? "\(rest)s" : "")
    }

    public static func < (lhs: TimeSpan, rhs: TimeSpan) -> Bool { lhs.seconds < rhs.seconds }
}
