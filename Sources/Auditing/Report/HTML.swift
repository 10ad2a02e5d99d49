/// Text that is HTML. Whatever is interpolated into a literal is escaped, unless it is HTML itself, so that no name, reason
/// or commit message can become markup.
public struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
    public private(set) var text: String

    /// Text that is HTML already.
    init(raw text: String) { self.text = text }

    public init(stringLiteral value: String) { text = value }

    public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }
        public mutating func appendLiteral(_ literal: String) { text += literal }
        public mutating func appendInterpolation(_ html: HTML) { text += html.text }
        public mutating func appendInterpolation(_ text: String) { self.text += HTML.escaped(text) }
        public mutating func appendInterpolation(_ number: Int) { text += String(number) }
    }

    static func + (lhs: HTML, rhs: HTML) -> HTML { HTML(raw: lhs.text + rhs.text) }
    static func += (lhs: inout HTML, rhs: HTML) { lhs.text += rhs.text }

    static func joined(_ parts: some Sequence<HTML>, _ separator: String = "") -> HTML {
        HTML(raw: parts.map(\.text).joined(separator: separator))
    }

    static func joined<Item>(_ items: some Sequence<Item>, _ separator: String = "", _ part: (Item) -> HTML) -> HTML {
        joined(items.map(part), separator)
    }

    /// Characters that turn text around or hide it become visible: a report must read as what it says.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                let isHidden = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                if isHidden { result += "\\u{" + String(scalar.value, radix: 16) + "}" } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }
}
