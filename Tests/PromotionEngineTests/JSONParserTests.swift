import PromotionEngine
import Testing

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true ", true), ("\t\r\n false", false), ("0", 0), ("-0", 0), ("-1", -1),
        ("9007199254740991", 9_007_199_254_740_991), ("-9007199254740991", -9_007_199_254_740_991),
        (#""""#, ""), (#""\u0041\/\b\f\n\r\t\\\"""#, "A/\u{8}\u{C}\n\r\t\\\""), (#""\ud83d\uDE00""#, "😀"),
        (#""\u00e9""#, "é"), ("[ ]", []), ("{ }", [:]), ("[1 , 2]", [1, 2]), (#"{"a" : {"b":[]} }"#, ["a": ["b": []]]),
        (#"{"":1}"#, ["": 1]),
    ] as [(String, JSONValue)])
    func readsWhatRFC8259Allows(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "", " ", "tru", "True", "nul", "nan", "Infinity", "-", "+1", "01", "-01", "00", ".5", "1.", "0x1",
        "1.0", "1e2", "1E2", "-1.5", "9007199254740992", "-9007199254740992", "10000000000000000",
        "99999999999999999999999999999999", "1 2", "{} {}", "[] x", "null,", "\u{FEFF}null",
        "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{", #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#,
        #"{"a":1,}"#, "{a:1}", "{1:1}", "{'a':1}", #"{"a" 1}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#, "[1}", #"{"a":1]"#,
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"x":{"a":1,"a":1}}"#,
        "\"", "\"a", "\"\u{1}\"", "\"\n\"", "\"\0\"", #""\x""#, #""\u""#, #""\u12""#, #""\u123g""#, #""\u+123""#, #""\u-123""#,
        #""\u 123""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#, #""\udbff\u0041""#, #""\"#,
        "/* c */ 1", "// c\n1", "undefined", "\u{A0}1", "1\u{2028}",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [1, 63, 64, 65, 1_000, 100_000])
    func allowsSixtyFourLevels(_ levels: Int) throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            // The innermost level is a list without items.
            let text = String(repeating: open, count: levels - 1) + "[]" + String(repeating: close, count: levels - 1)
            if levels <= 64 {
                _ = try JSONValue(parsing: text)
            } else {
                #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
            }
        }
    }

    @Test func tellsTheByte() {
        let fault = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: #"{"é":1.5}"#) }
        #expect(fault?.offset == 7)
        #expect(fault?.description == "only whole numbers are allowed at byte 7")
    }
}
