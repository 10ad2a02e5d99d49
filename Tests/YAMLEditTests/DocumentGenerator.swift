/// Makes YAML documents of every style, with comments, anchors, odd spacing and odd line breaks.
struct DocumentGenerator {
    private var random: SeededGenerator
    private var anchors: [String] = []
    private var count = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A block mapping with about `size` entries.
    mutating func document(size: Int = 6) -> [UInt8] {
        anchors = []
        count = 0
        var text = chance(3) ? "# head\n\n" : ""
        if chance(6) { text += "---\n" }
        text += mapping(depth: 0, indentation: 0, size: size)
        if chance(4) { text += "# end\n" }
        if chance(8) { text = String(text.dropLast()) }
        if chance(6) { text = text.replacing("\n", with: "\r\n") }
        return Array((chance(10) ? "\u{FEFF}" : "") .utf8) + Array(text.utf8)
    }

    private mutating func mapping(depth: Int, indentation: Int, size: Int) -> String {
        let space = String(repeating: " ", count: indentation)
        var text = ""
        for _ in 0..<Int.random(in: 1...size, using: &random) {
            if chance(7) { text += space + "# note: {x}\n" }
            if chance(12) { text += "\n" }
            text += space + key() + ":" + value(depth: depth + 1, indentation: indentation)
        }
        return text
    }

    private mutating func value(depth: Int, indentation: Int) -> String {
        switch Int.random(in: 0..<(depth > 3 ? 7 : 10), using: &random) {
        case 0...3:
            let anchor = chance(9) ? newAnchor() : ""
            return spacing() + anchor + scalar() + comment() + "\n"
        case 4: return block(indentation: indentation)
        case 5: return spacing() + flow(depth: 0) + comment() + "\n"
        case 6:
            guard let name = anchors.randomElement(using: &random), chance(2) else { return comment() + "\n" }
            return " *" + name + comment() + "\n"
        case 7:
            let step = [1, 2, 2, 4].randomElement(using: &random) ?? 2
            return comment() + "\n" + mapping(depth: depth, indentation: indentation + step, size: 3)
        default: return comment() + "\n" + list(depth: depth, indentation: indentation + (chance(2) ? 0 : 2))
        }
    }

    private mutating func list(depth: Int, indentation: Int) -> String {
        let space = String(repeating: " ", count: indentation)
        var text = ""
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let gap = chance(6) ? "   " : " "
            if chance(2) {
                text += space + "-" + gap + scalar() + comment() + "\n"
            } else {
                let known = anchors
                let inner = mapping(depth: depth + 1, indentation: indentation + 1 + gap.count, size: 2)
                let lines = inner.drop { $0 == "\n" }
                // The first key stands behind the dash, unless a comment comes first.
                if lines.drop(while: { $0 == " " }).first == "#" {
                    anchors = known
                    text += space + "- " + scalar() + "\n"
                } else {
                    text += space + "-" + gap + lines.drop { $0 == " " }
                }
            }
        }
        return text
    }

    private mutating func block(indentation: Int) -> String {
        let space = String(repeating: " ", count: indentation + 2)
        let header = (["|", "|-", "|+", ">", ">-"].randomElement(using: &random) ?? "|") + comment()
        var text = " " + header + "\n"
        for index in 0..<Int.random(in: 1...3, using: &random) {
            if index > 0, chance(5) { text += "\n" }
            text += space + (["image:", "  tag: v1", "# no comment", "x: [y", "é"].randomElement(using: &random) ?? "z") + "\n"
        }
        // The first line decides the indentation.
        return text.replacing("\n" + space + "  tag", with: "\n" + space + "tag")
    }

    private mutating func flow(depth: Int) -> String {
        let parts = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            depth < 2 && chance(4) ? flow(depth: depth + 1) : flowScalar()
        }
        if chance(2) { return "[" + parts.joined(separator: chance(3) ? "," : ", ") + "]" }
        return "{" + parts.map { key() + ": " + $0 }.joined(separator: ", ") + (chance(5) ? " " : "") + "}"
    }

    private mutating func scalar() -> String {
        [
            "v1.0", "1.10", "'it''s'", "\"a \\\"b\\\" \\u00e9\"", "plain text", "0x1F", "yes", "~", "2024-01-01", "a#b", "x:y",
            "é🚀", "''", "!!str 12", "\"# no\"", "-1", "1_000", "http://x/y?z=1&w", "- x", "? y", "'two  spaces'",
        ].filter { !$0.hasPrefix("- ") && !$0.hasPrefix("? ") }.randomElement(using: &random) ?? "x"
    }

    private mutating func flowScalar() -> String {
        ["a", "'b, c'", "\"d]\"", "1", "é", "v1.2.3", "null"].randomElement(using: &random) ?? "x"
    }

    private mutating func key() -> String {
        count += 1
        return [
            "key\(count)", "\"quoted \(count)\"", "'single \(count)'", "a.b/c\(count)", "ключ\(count)", "with space \(count)",
        ].randomElement(using: &random) ?? "k\(count)"
    }

    private mutating func newAnchor() -> String {
        count += 1
        anchors.append("a\(count)")
        return "&a\(count) "
    }

    private mutating func comment() -> String {
        chance(4) ? [" # c", "   # {\"$imagepolicy\": \"a:b\"}", " #é"].randomElement(using: &random) ?? "" : ""
    }

    private mutating func spacing() -> String { chance(8) ? "    " : " " }

    private mutating func chance(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &random) == 0 }
}
