import PromotionEngine
import Testing

/// RFC 8785 and the ledger's restrictions of it.
@Suite struct CanonicalJSONTests {
    @Test(arguments: [
        ("\u{8}", "\\b"), ("\t", "\\t"), ("\n", "\\n"), ("\u{C}", "\\f"), ("\r", "\\r"), ("\"", "\\\""), ("\\", "\\\\"),
        ("\0", "\\u0000"), ("\u{1}", "\\u0001"), ("\u{B}", "\\u000b"), ("\u{F}", "\\u000f"), ("\u{1B}", "\\u001b"),
        ("\u{1F}", "\\u001f"), ("/", "/"), ("\u{7F}", "\u{7F}"), ("\u{80}", "\u{80}"), ("\u{2028}", "\u{2028}"),
        ("€", "€"), ("😂", "😂"), ("e\u{301}", "e\u{301}"), ("\u{FFFD}", "\u{FFFD}"), ("\r\n", "\\r\\n"),
    ])
    func escapesOnlyWhatMustBe(_ text: String, _ literal: String) {
        #expect(Array(JSONValue.string(text).canonicalText.utf8) == Array("\"\(literal)\"".utf8))
    }

    /// The keys of RFC 8785, section 3.2.3, in its order: the surrogates of U+1F600 sort before U+FB33.
    @Test func sortsKeysByCodeUnitsOfUTF16() {
        let keys = ["\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"]
        let members = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, JSONValue.int($0)) })
        #expect(
            JSONValue.object(members).canonicalText
                == "{\"\\r\":0,\"1\":1,\"\u{80}\":2,\"\u{F6}\":3,\"\u{20AC}\":4,\"\u{1F600}\":5,\"\u{FB33}\":6}")
    }

    @Test(arguments: [
        (["\u{FFFF}", "\u{10000}"], ["\u{10000}", "\u{FFFF}"]), (["\u{E000}", "\u{10FFFF}"], ["\u{10FFFF}", "\u{E000}"]),
        (["\u{D7FF}", "\u{10000}"], ["\u{D7FF}", "\u{10000}"]), (["b", "a", "B", ""], ["", "B", "a", "b"]),
        (["aa", "a", "a\0"], ["a", "a\0", "aa"]), (["10", "9", "1"], ["1", "10", "9"]),
    ])
    func ordersBeyondTheBasicPlane(_ keys: [String], _ order: [String]) {
        let members = Dictionary(uniqueKeysWithValues: keys.map { ($0, JSONValue.bool(true)) })
        let expected = order.map { JSONValue.string($0).canonicalText + ":true" }.joined(separator: ",")
        #expect(JSONValue.object(members).canonicalText == "{\(expected)}")
    }

    @Test func writesNoWhiteSpaceAndKeepsTheOrderOfLists() {
        let value: JSONValue = ["b": [3, 1, 2], "a": ["y": .null, "x": false], "c": [], "d": [:], "e": -7]
        #expect(value.canonicalText == #"{"a":{"x":false,"y":null},"b":[3,1,2],"c":[],"d":{},"e":-7}"#)
    }

    @Test func prettyTextReadsBackAsTheSameValue() throws {
        let value: JSONValue = ["b": [3, ["x": "\n"]], "a": [:], "c": []]
        #expect(try JSONValue(parsing: value.prettyText) == value)
        #expect(value.prettyText.contains("\n  \"b\": [\n    3,"))
    }

    @Test(arguments: 0..<200)
    func readsBackWhatItWrites(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = Self.random(&generator, depth: 0)
        let text = value.canonicalText
        let again = try JSONValue(parsing: text)
        #expect(again == value)
        #expect(Array(again.canonicalText.utf8) == Array(text.utf8))
        #expect(Array(try JSONValue(parsing: value.prettyText).canonicalText.utf8) == Array(text.utf8))
    }

    private static func random(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .int(Int.random(in: -(1 << 53 - 1)...(1 << 53 - 1), using: &generator))
        case 3: return .string(text(&generator))
        case 4:
            return .array((0..<Int.random(in: 0..<5, using: &generator)).map { _ in random(&generator, depth: depth + 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0..<5, using: &generator) {
                members[text(&generator)] = random(&generator, depth: depth + 1)
            }
            return .object(members)
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        var text = ""
        let ranges: [ClosedRange<UInt32>] = [0...0x1F, 0x20...0x7F, 0x80...0x2FF, 0xE000...0xFFFF, 0x10000...0x10FFFF]
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let code = UInt32.random(in: generator.pick(ranges), using: &generator)
            if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
