/// Whether any common parser (YAML 1.1 or 1.2) reads the text, unquoted, as something other than a string.
///
/// Covers null, booleans (also `yes`, `off`, `y`), decimal, octal, binary and hexadecimal numbers with underscores,
/// exponents, sexagesimal numbers, dates, `<<` and `=`.
public func readsAsNonString(_ text: String) -> Bool {
    PlainReading(text) != .string
}

/// What parsers of YAML 1.1 and 1.2 together may take a plain text for.
///
/// Rules: https://yaml.org/spec/1.2.2/#103-core-schema and https://yaml.org/type/
enum PlainReading: Hashable {
    case null, bool, number, sexagesimal, timestamp, special, string

    /// Longer digit strings are no numbers anyone means, and reading them costs.
    static let longestNumber = 400

    init(_ text: String) {
        switch text.lowercased() {
        case "", "~", "null": self = .null
        case "true", "false", "yes", "no", "on", "off", "y", "n": self = .bool
        case ".nan", ".inf", "+.inf", "-.inf": self = .number
        case "<<", "=": self = .special
        default: self = Self.reading(Array(text.utf8))
        }
    }

    private static func reading(_ bytes: [UInt8]) -> PlainReading {
        guard let first = bytes.first, isDigit(first) || isSign(first) || first == dot else {
            return .string
        }
        if isDecimalNumber(bytes[...], underscores: true) || isPrefixedInteger(bytes[...]) {
            return .number
        }
        if isSexagesimal(bytes) { return .sexagesimal }
        return isTimestamp(bytes) ? .timestamp : .string
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isSign(_ byte: UInt8) -> Bool { byte == 0x2B || byte == 0x2D }
    private static let dot = UInt8(ascii: ".")
    private static let underscore = UInt8(ascii: "_")

    /// `[-+]?` digits, optional fraction, optional exponent; at least one digit before the exponent.
    static func isDecimalNumber(_ text: ArraySlice<UInt8>, underscores: Bool) -> Bool {
        var rest = text
        if let first = rest.first, isSign(first) { rest = rest.dropFirst() }
        var digits = 0
        func skipDigits() {
            while let byte = rest.first, isDigit(byte) || underscores && byte == underscore {
                if isDigit(byte) { digits += 1 }
                rest = rest.dropFirst()
            }
        }
        skipDigits()
        if rest.first == dot {
            rest = rest.dropFirst()
            skipDigits()
        }
        guard digits > 0 else { return false }
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if let first = rest.first, isSign(first) { rest = rest.dropFirst() }
            guard !rest.isEmpty else { return false }
            return rest.allSatisfy { isDigit($0) || underscores && $0 == underscore }
        }
        return rest.isEmpty
    }

    /// `0x1F`, `0o17`, `0b1010`, with sign and underscores.
    private static func isPrefixedInteger(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if let first = rest.first, isSign(first) { rest = rest.dropFirst() }
        guard rest.first == UInt8(ascii: "0"), rest.count > 2 else { return false }
        let mark = rest[rest.startIndex + 1] | 0x20
        rest = rest.dropFirst(2)
        let radix: Int
        switch mark {
        case UInt8(ascii: "x"): radix = 16
        case UInt8(ascii: "o"): radix = 8
        case UInt8(ascii: "b"): radix = 2
        default: return false
        }
        return rest.allSatisfy { byte in
            if byte == underscore { return true }
            guard let value = Character(Unicode.Scalar(byte)).hexDigitValue else { return false }
            return value < radix
        }
    }

    /// `12:30:45`, `1:30.5`: YAML 1.1 reads these as numbers of base 60.
    private static func isSexagesimal(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        if let first = rest.first, isSign(first) { rest = rest.dropFirst() }
        let parts = rest.split(separator: Byte.colon, omittingEmptySubsequences: false)
        guard parts.count > 1, let head = parts.first, let firstDigit = head.first,
            isDigit(firstDigit), head.allSatisfy({ isDigit($0) || $0 == underscore })
        else { return false }
        for (index, part) in parts.enumerated().dropFirst() {
            var whole = part
            if index == parts.count - 1, let point = part.firstIndex(of: dot) {
                guard part[point...].dropFirst().allSatisfy({ isDigit($0) || $0 == underscore })
                else { return false }
                whole = part[..<point]
            }
            guard (1...2).contains(whole.count), whole.allSatisfy(isDigit) else { return false }
        }
        return true
    }

    /// A date, alone or followed by a time.
    private static func isTimestamp(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        for (index, widths) in [4...4, 1...2, 1...2].enumerated() {
            if index > 0 {
                guard rest.first == UInt8(ascii: "-") else { return false }
                rest = rest.dropFirst()
            }
            let digits = rest.prefix(while: isDigit)
            guard widths.contains(digits.count) else { return false }
            rest = rest.dropFirst(digits.count)
        }
        guard let next = rest.first else { return true }
        guard next | 0x20 == UInt8(ascii: "t") || Byte.isBlank(next) else { return false }
        return rest.dropFirst().drop(while: Byte.isBlank).first.map(isDigit) ?? false
    }
}
