/// Times and durations as texts and fields, in UTC and the Gregorian calendar.
enum TimeText {
    /// Seconds of a Go duration such as `1h30m` or `1.5h`; nil for anything else (`semantics.md` 0.4).
    static func duration(_ text: String) -> Double? {
        var rest = text[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        let units: [(String, Double)] = [
            ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3_600),
        ]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits.hasPrefix(".") ? "0" + digits : digits), number.isFinite else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            guard let unit = units.first(where: { $0.0 == name }) else { return nil }
            total += number * unit.1
            rest = rest.dropFirst(name.count)
        }
        return isNegative ? -total : total
    }

    /// `2026-01-31` or `2026-01-31T08:00:00Z`, with an offset instead of `Z` too.
    static func date(_ text: String) -> Int? {
        let parts = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= parts.count, parts[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
            return parts[range].reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), parts[4] == 45, parts[7] == 45,
            (1...12).contains(month), day >= 1, day <= length(month, year)
        else { return nil }
        let start = days(year, month, day) * 86_400
        if parts.count == 10 { return start }
        guard parts.count >= 20, let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            parts[10] == 84 || parts[10] == 32, parts[13] == 58, parts[16] == 58, hour < 24, minute < 60, second < 60
        else { return nil }
        let time = start + hour * 3_600 + minute * 60 + second
        if parts.count == 20, parts[19] == 90 { return time }
        guard parts.count == 25, let hours = number(20..<22), let minutes = number(23..<25), parts[22] == 58,
            parts[19] == 43 || parts[19] == 45, hours < 24, minutes < 60
        else { return nil }
        return time - (parts[19] == 45 ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    static func field(_ name: String, of seconds: Int) -> Int? {
        let day = floored(seconds, 86_400)
        let rest = seconds - day * 86_400
        switch name {
        case "Unix": return seconds
        case "Hour": return rest / 3_600
        case "Minute": return rest % 3_600 / 60
        case "Second": return rest % 60
        // 1970-01-01 was a Thursday; Sunday is 0 as in Go.
        case "Weekday": return ((day % 7) + 11) % 7
        case "Year": return civil(day).year
        case "Month": return civil(day).month
        case "Day": return civil(day).day
        case "YearDay": return day - days(civil(day).year, 1, 1) + 1
        default: return nil
        }
    }

    static func text(_ seconds: Int) -> String {
        func pad(_ name: String, _ width: Int) -> String {
            let text = String(field(name, of: seconds) ?? 0)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(pad("Year", 4))-\(pad("Month", 2))-\(pad("Day", 2))T\(pad("Hour", 2)):\(pad("Minute", 2)):\(pad("Second", 2))Z"
    }

    private static func floored(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    private static func length(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days since 1970-01-01, in years that begin in March so that a leap day comes last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        return start(marchYear) + ((month + 9) % 12 * 306 + 5) / 10 + day - 1 - 719_468
    }

    private static func start(_ marchYear: Int) -> Int {
        marchYear * 365 + floored(marchYear, 4) - floored(marchYear, 100) + floored(marchYear, 400)
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        var year = floored(shifted * 400, 146_097)
        while start(year) > shifted { year -= 1 }
        while start(year + 1) <= shifted { year += 1 }
        let rest = shifted - start(year)
        let month = (rest * 10 + 5) / 306
        return (month >= 10 ? year + 1 : year, (month + 2) % 12 + 1, rest - (month * 306 + 5) / 10 + 1)
    }
}
