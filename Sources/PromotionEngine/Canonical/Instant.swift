public import WorkflowModel

/// A moment in whole seconds since 1970-01-01T00:00:00Z, written as RFC 3339 UTC with `Z`.
public struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var seconds: Int

    public init(seconds: Int) { self.seconds = seconds }

    /// The seconds that four digits of year can say: 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    static let writable = -62_167_219_200...253_402_300_799

    /// Reads `2026-10-15T12:00:00Z`, with an optional fraction (dropped) or a numeric offset; nil for anything else.
    public init?(parsing text: some StringProtocol) {
        let parts = Array(text.utf8)
        guard parts.count >= 20, parts[4] == UInt8(ascii: "-"), parts[7] == UInt8(ascii: "-"),
            parts[10] == UInt8(ascii: "T") || parts[10] == UInt8(ascii: "t"),
            parts[13] == UInt8(ascii: ":"), parts[16] == UInt8(ascii: ":"),
            let year = Self.number(parts[0..<4]), let month = Self.number(parts[5..<7]),
            let day = Self.number(parts[8..<10]), let hour = Self.number(parts[11..<13]),
            let minute = Self.number(parts[14..<16]), let second = Self.number(parts[17..<19]),
            (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = parts[19...]
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
        }
        guard let offset = Self.offset(rest) else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + min(second, 59) - offset
        guard Self.writable.contains(seconds) else { return nil }
        self.init(seconds: seconds)
    }

    public var description: String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        let (year, month, day) = Self.date(days: days)
        func pad(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2) + "T" + pad(rest / 3_600, 2) + ":"
            + pad(rest % 3_600 / 60, 2) + ":" + pad(rest % 60, 2) + "Z"
    }

    public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.seconds < rhs.seconds }

    /// The later time; at the latest the end of the year 9999, so that a span from a file can neither overflow nor be unwritable.
    public static func + (time: Instant, span: TimeSpan) -> Instant {
        let (sum, overflowed) = time.seconds.addingReportingOverflow(span.seconds)
        guard !overflowed else { return Instant(seconds: span.seconds > 0 ? writable.upperBound : writable.lowerBound) }
        return Instant(seconds: min(max(sum, writable.lowerBound), writable.upperBound))
    }

    /// The span from `earlier` to `later`, negative when they are the other way round.
    public static func - (later: Instant, earlier: Instant) -> TimeSpan {
        TimeSpan(seconds: later.seconds - earlier.seconds)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        let parts = Array(text)
        if parts == [UInt8(ascii: "Z")] || parts == [UInt8(ascii: "z")] { return 0 }
        guard parts.count == 6, parts[3] == UInt8(ascii: ":"),
            parts[0] == UInt8(ascii: "+") || parts[0] == UInt8(ascii: "-"),
            let hours = number(parts[1..<3]), let minutes = number(parts[4..<6]), hours < 24, minutes < 60
        else { return nil }
        return (parts[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March so that a leap day comes last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        return start(ofMarchYear: marchYear) + (marchMonth * 306 + 5) / 10 + day - 1 - 719_468
    }

    /// Days from 0000-03-01 to the first of March of a year. Divides 400 years later, because division rounds towards zero.
    private static func start(ofMarchYear year: Int) -> Int {
        let later = year + 400
        return later * 365 + later / 4 - later / 100 + later / 400 - 146_097
    }

    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        var year = Int((Double(shifted) / 365.2425).rounded(.down))
        while start(ofMarchYear: year) > shifted { year -= 1 }
        while start(ofMarchYear: year + 1) <= shifted { year += 1 }
        let dayOfYear = shifted - start(ofMarchYear: year)
        let marchMonth = (dayOfYear * 10 + 5) / 306
        let day = dayOfYear - (marchMonth * 306 + 5) / 10 + 1
        let month = (marchMonth + 2) % 12 + 1
        return (month <= 2 ? year + 1 : year, month, day)
    }
}
