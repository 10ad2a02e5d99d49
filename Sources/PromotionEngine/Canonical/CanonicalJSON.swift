extension JSONValue {
    /// The one text of this value by RFC 8785: no white space, keys sorted by UTF-16 code units, shortest escapes.
    public var canonicalText: String {
        var text = ""
        text.reserveCapacity(512)
        write(to: &text, indent: nil)
        return text
    }

    /// The same order of keys, indented by two spaces, for people.
    public var prettyText: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .string(let value): JSONValue.quote(value, to: &text)
        case .array(let items):
            Self.writeList("[", "]", count: items.count, to: &text, indent: indent) { position, text, inner in
                items[position].write(to: &text, indent: inner)
            }
        case .object(let members):
            let sorted = Self.sorted(members)
            Self.writeList("{", "}", count: sorted.count, to: &text, indent: indent) { position, text, inner in
                JSONValue.quote(sorted[position].key, to: &text)
                text += inner == nil ? ":" : ": "
                sorted[position].value.write(to: &text, indent: inner)
            }
        }
    }

    private static func sorted(_ members: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
        // In ASCII the order of strings is that of their code units, and much faster to tell.
        if members.keys.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) { return members.sorted { $0.key < $1.key } }
        return members.sorted { precedes($0.key, $1.key) }
    }

    /// The order of keys by RFC 8785: of UTF-16 code units, which for ASCII is that of bytes.
    static func precedes(_ key: String, _ other: String) -> Bool {
        if key.utf8.allSatisfy({ $0 < 0x80 }), other.utf8.allSatisfy({ $0 < 0x80 }) { return key < other }
        return key.utf16.lexicographicallyPrecedes(other.utf16)
    }

    private static func writeList(
        _ open: String, _ close: String, count: Int, to text: inout String, indent: Int?,
        item: (_ position: Int, _ text: inout String, _ inner: Int?) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 1 }
        for position in 0..<count {
            if position > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            item(position, &text, inner)
        }
        if let indent, count > 0 { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    /// Appends the string literal by RFC 8785 section 3.2.2.2: short escapes where they exist, lower-case `\u00xx` for other controls.
    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain {
            text += value
            text += "\""
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\u{C}": text += "\\f"
            case "\r": text += "\\r"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
