/// Writes a text as a one-line scalar.
enum ScalarText {
    /// Whether the text can stand unquoted without changing the syntax around it.
    static func isSafePlain(_ text: String, inFlow: Bool) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.first, let last = scalars.last else { return false }
        guard first != " ", last != " ", last != ":", !text.hasPrefix("---"), !text.hasPrefix("...") else {
            return false
        }
        if ",[]{}#&*!|>'\"%@`".unicodeScalars.contains(first) { return false }
        if "-?:".unicodeScalars.contains(first) {
            guard scalars.count > 1, scalars[1] != " ", !inFlow || first == "-" else { return false }
        }
        for (index, scalar) in scalars.enumerated() {
            if !isPrintable(scalar) { return false }
            if inFlow, ",[]{}".unicodeScalars.contains(scalar) { return false }
            guard index > 0 else { continue }
            if scalar == " ", scalars[index - 1] == ":" { return false }
            if scalar == "#", scalars[index - 1] == " " { return false }
        }
        return true
    }

    /// Whether the text can stand between single quotes on one line.
    static func isSafeSingleQuoted(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(isPrintable)
    }

    static func singleQuoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { result += "'" }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }

    /// Uses only escapes that YAML and JSON share.
    static func doubleQuoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            }
        }
        return result + "\""
    }

    /// A new key or string: plain where that is safe and means a string, else double-quoted.
    static func string(_ text: String, inFlow: Bool, isJSON: Bool) -> String {
        !isJSON && isSafePlain(text, inFlow: inFlow) && !readsAsNonString(text)
            ? text : doubleQuoted(text)
    }

    /// Visible on one line: no controls, no line separators, no byte order mark.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    /// Whether JSON has a literal (no string) of this text.
    static func isJSONLiteral(_ text: String) -> Bool {
        if ["true", "false", "null"].contains(text) { return true }
        let bytes = Array(text.utf8)
        guard PlainReading.isDecimalNumber(bytes[...], underscores: false) else { return false }
        let unsigned = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
        let whole = unsigned.prefix(while: PlainReading.isDigit)
        let rest = unsigned.dropFirst(whole.count)
        let hasDigitAfterPoint =
            rest.first != UInt8(ascii: ".") || rest.dropFirst().first.map(PlainReading.isDigit) ?? false
        return !whole.isEmpty && (whole.count == 1 || whole.first != UInt8(ascii: "0"))
            && hasDigitAfterPoint
    }
}
