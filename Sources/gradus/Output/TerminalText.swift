/// Text for a terminal in which nothing but Gradus's own colours is obeyed.
///
/// Names, reasons and file contents come from anyone, so control characters in them become visible.
enum TerminalText {
    /// - Parameter keepsColors: leave escape sequences that only choose a colour.
    static func escaped(_ text: String, keepsColors: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.first {
            if keepsColors, scalar == "\u{1B}", let length = colorLength(rest) {
                result.unicodeScalars.append(contentsOf: rest.prefix(length))
                rest = rest.dropFirst(length)
                continue
            }
            rest = rest.dropFirst()
            // The carriage return of a file with such line ends belongs to the line break.
            if isControl(scalar), !(scalar == "\r" && rest.first == "\n") {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\n" || scalar == "\t" { return false }
        return scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }

    /// The length of a sequence such as `ESC [ 3 2 m`; nil when it is another.
    private static func colorLength(_ scalars: Substring.UnicodeScalarView) -> Int? {
        let body = scalars.dropFirst()
        guard body.first == "[" else { return nil }
        let digits = body.dropFirst().prefix { ("0"..."9").contains($0) }
        return body.dropFirst(1 + digits.count).first == "m" && digits.count <= 2 ? digits.count + 3 : nil
    }
}
