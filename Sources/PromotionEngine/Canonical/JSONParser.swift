/// Why a text is no JSON of the ledger's kind, and at which byte.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    /// Zero-based.
    public let offset: Int

    public var description: String { "\(message) at byte \(offset)" }
}

extension JSONValue {
    /// Reads one document.
    ///
    /// Throws `JSONSyntaxError` for anything RFC 8259 forbids and for what the ledger excludes: fractions and
    /// exponents, numbers of 2^53 or more, a key given twice, more than 64 levels.
    public init(parsing text: String) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.document()
    }

    /// Reads one document, and tells whether the text is its ``canonicalText``: cheaper than to write it again and compare.
    ///
    /// Throws as `init(parsing:)`.
    static func reading(_ text: String) throws(JSONSyntaxError) -> (value: JSONValue, isCanonical: Bool) {
        var parser = JSONParser(bytes: Array(text.utf8))
        let value = try parser.document()
        return (value, parser.isCanonical)
    }
}

private struct JSONParser {
    static let deepest = 64
    let bytes: [UInt8]
    var position = 0
    /// False once something was read that RFC 8785 writes in another way: white space, an order of keys, an escape, `-0`.
    var isCanonical = true

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault("text after the document") }
        return value
    }

    func fault(_ message: String) -> JSONSyntaxError { JSONSyntaxError(message: message, offset: position) }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
            isCanonical = false
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.deepest else { throw fault("more than \(Self.deepest) levels") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .int(try integer())
        case nil: throw fault("the text ends where a value should stand")
        default: throw fault("no value begins here")
        }
    }

    mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for byte in word.utf8 where !take(byte) { throw fault("'\(word)' is misspelt") }
        return value
    }

    mutating func integer() throws(JSONSyntaxError) -> Int {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let digits = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            throw fault("only whole numbers are allowed")
        }
        guard position > digits, bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else {
            throw fault("not a number")
        }
        guard position - digits <= 16,
            let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)), abs(value) < 1 << 53
        else { throw fault("the number is not below 2^53") }
        if value == 0, digits > start { isCanonical = false }
        return value
    }

    mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw fault("',' or ']' is missing") }
        }
    }

    mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        var last: String?
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a key is missing") }
            let key = try string()
            if let last, !JSONValue.precedes(last, key) { isCanonical = false }
            last = key
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("':' is missing") }
            let value = try value(depth: depth + 1)
            guard members.updateValue(value, forKey: key) == nil else { throw fault("the key '\(key)' stands twice") }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault("',' or '}' is missing") }
        }
    }

    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        // Most strings hold nothing that is escaped, and are taken as they stand.
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        var content = bytes[start..<position]
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw fault("invalid UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw fault("a control character stands unescaped")
            default: content.append(byte)
            }
        }
        throw fault("the string does not end")
    }

    mutating func escape(into content: inout ArraySlice<UInt8>) throws(JSONSyntaxError) {
        guard let byte = next else { throw fault("the string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
        case UInt8(ascii: "/"):
            content.append(byte)
            isCanonical = false
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if !isShortestEscape(of: code) { isCanonical = false }
            if (0xD800..<0xDC00).contains(code) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault("half of a surrogate pair") }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair") }
            content += Array(String(Character(scalar)).utf8)
        default: throw fault("an unknown escape")
        }
    }

    /// Whether the four digits that were just read are how RFC 8785 writes the character: only controls that have no short
    /// escape are written by number, in lower case.
    private func isShortestEscape(of code: UInt32) -> Bool {
        guard code < 0x20, ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(code) else { return false }
        return bytes[position - 1] < UInt8(ascii: "A") || bytes[position - 1] > UInt8(ascii: "F")
    }

    mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
        else { throw fault("four hexadecimal digits are missing") }
        position += 4
        return code
    }
}
