import YAMLEdit

extension MappingReader {
    /// A whole number; an error for anything else, and for one below `minimum`.
    mutating func whole(_ key: String, atLeast minimum: Int = .min) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text.text), number >= minimum else {
            faults.error(
                "`\(key)` must be a whole number" + (minimum == .min ? "" : " of at least \(minimum)") + ", not `\(text.text)`",
                at: text.node)
            return nil
        }
        return number
    }

    /// Seconds from a duration as Go writes it: `300ms`, `1.5h`, `2h45m`, and also `90s` (`semantics.md` 0.4).
    mutating func seconds(_ key: String) -> Double? {
        guard let text = text(key) else { return nil }
        guard let seconds = GoDuration.seconds(text.text), seconds >= 0 else {
            faults.error("`\(key)` must be a duration such as 90s, 5m or 1.5h, not `\(text.text)`", at: text.node)
            return nil
        }
        return seconds
    }

    /// The first of two spellings of a key that is there: `snake_case` as this format writes it, `camelCase` as others do.
    mutating func either(_ snake: String, _ camel: String) -> String { key(snake) == nil && key(camel) != nil ? camel : snake }
}

/// Durations of Go's `time.ParseDuration`; there are no days.
enum GoDuration {
    private static let units: [(name: String, seconds: Double)] = [
        ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3_600),
    ]

    /// Nil for anything else.
    static func seconds(_ text: String) -> Double? {
        if text == "0" { return 0 }
        var rest = text[...]
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits.hasPrefix(".") ? "0\(digits)" : digits.hasSuffix(".") ? "\(digits)0" : String(digits))
            else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            guard let unit = units.first(where: { $0.name == name }) else { return nil }
            total += number * unit.seconds
            rest = rest.dropFirst(name.count)
        }
        return isNegative ? -total : total
    }
}
