/// Why a text is no JSON, and at which byte.
public struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    /// Zero-based.
    public let offset: Int

    public var description: String { "\(message) at byte \(offset)" }
}

/// Reads JSON as it comes from servers (RFC 8259): fractions, exponents and large numbers, unlike the ledger's own.
public enum JSONReading {
    /// Deeper documents are refused: they are made to exhaust the stack.
    static let deepest = 128

    /// Throws `JSONFault`. Whole numbers that fit become `int`, others `float`; of a key given twice the last one stands.
    public static func value(_ bytes: [UInt8]) throws(JSONFault) -> Value {
        var parser = Parser(bytes: bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.fault("text after the document") }
        return value
    }

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        func fault(_ message: String) -> JSONFault { JSONFault(message: message, offset: position) }

        mutating func skipSpace() {
            while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
        }

        mutating func value(depth: Int) throws(JSONFault) -> Value {
            guard depth < JSONReading.deepest else { throw fault("more than \(JSONReading.deepest) levels") }
            skipSpace()
            switch next {
            case UInt8(ascii: "{"): return try object(depth)
            case UInt8(ascii: "["): return try array(depth)
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "t"): return try word("true", .bool(true))
            case UInt8(ascii: "f"): return try word("false", .bool(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case nil: throw fault("the text ends where a value should stand")
            default: return try number()
            }
        }

        mutating func word(_ text: String, _ value: Value) throws(JSONFault) -> Value {
            guard bytes[position...].starts(with: text.utf8) else { throw fault("no value") }
            position += text.utf8.count
            return value
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            position += 1
            return true
        }

        mutating func object(_ depth: Int) throws(JSONFault) -> Value {
            position += 1
            var members: [String: Value] = [:]
            skipSpace()
            if take(UInt8(ascii: "}")) { return .map(members) }
            while true {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw fault("no key") }
                let key = try string()
                skipSpace()
                guard take(UInt8(ascii: ":")) else { throw fault("no colon after a key") }
                members[key] = try value(depth: depth + 1)
                skipSpace()
                if take(UInt8(ascii: "}")) { return .map(members) }
                guard take(UInt8(ascii: ",")) else { throw fault("an object is not closed") }
            }
        }

        mutating func array(_ depth: Int) throws(JSONFault) -> Value {
            position += 1
            var items: [Value] = []
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            while true {
                items.append(try value(depth: depth + 1))
                skipSpace()
                if take(UInt8(ascii: "]")) { return .array(items) }
                guard take(UInt8(ascii: ",")) else { throw fault("a list is not closed") }
            }
        }

        mutating func number() throws(JSONFault) -> Value {
            let start = position
            func isPart(_ byte: UInt8) -> Bool {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
            }
            while let byte = next, isPart(byte) { position += 1 }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            let startsWell = digits.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
            let hasLeadingZero = digits.hasPrefix("0") && digits.dropFirst().utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
            guard startsWell, !hasLeadingZero, !text.hasSuffix(".") else { throw fault("no value") }
            if let whole = Int(text) { return .int(whole) }
            guard let number = Double(text) else { throw fault("no number") }
            return .float(number)
        }

        mutating func string() throws(JSONFault) -> String {
            position += 1
            var units: [UInt8] = []
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""):
                    guard let text = String(validating: units, as: UTF8.self) else { throw fault("a string is not UTF-8") }
                    return text
                case UInt8(ascii: "\\"): units += try escape()
                case 0..<0x20: throw fault("a control character in a string")
                default: units.append(byte)
                }
            }
            throw fault("a string is not closed")
        }

        mutating func escape() throws(JSONFault) -> [UInt8] {
            guard let byte = next else { throw fault("a string is not closed") }
            position += 1
            switch byte {
            case UInt8(ascii: "n"): return [0x0A]
            case UInt8(ascii: "t"): return [0x09]
            case UInt8(ascii: "r"): return [0x0D]
            case UInt8(ascii: "b"): return [0x08]
            case UInt8(ascii: "f"): return [0x0C]
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
            case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
            default: throw fault("an unknown escape")
            }
        }

        /// After `\u`; a lone surrogate becomes U+FFFD, as servers that cut texts produce it.
        mutating func scalar() throws(JSONFault) -> Unicode.Scalar {
            let high = try unit()
            guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
            guard bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return "\u{FFFD}" }
            position += 2
            let low = try unit()
            guard (0xDC00..<0xE000).contains(low) else { return "\u{FFFD}" }
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
        }

        mutating func unit() throws(JSONFault) -> UInt32 {
            guard position + 4 <= bytes.count, let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
            else { throw fault("an unknown escape") }
            position += 4
            return value
        }
    }
}
