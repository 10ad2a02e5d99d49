import Testing
import YAMLEdit

@Suite struct ReadingTests {
    private func file(_ text: String, path: String = "f.yaml") throws -> YAMLFile {
        try YAMLFile(bytes: Array(text.utf8), path: path)
    }

    private func text(_ node: YAMLNode?, in file: YAMLFile) -> String {
        node.map { String(decoding: file.bytes[$0.range], as: UTF8.self) } ?? "none"
    }

    @Test func givesTheExactBytesOfEveryNode() throws {
        let file = try file(
            "\u{FEFF}a: 1.10 # c\nb: 'x''y'\nc: \"é\\n\" # e\nd: {t: 1, u: [x, y ]}\ne: &anc !!str v1 # f\nf: *anc\ng: |\n  i\n\n"
                + "h:\ni: &m\n  k: v # x\n# end\n")
        let root = file.documents[0]
        #expect(text(root["a"], in: file) == "1.10")
        #expect(text(root["b"], in: file) == "'x''y'")
        #expect(text(root["c"], in: file) == "\"é\\n\"")
        #expect(text(root["d"], in: file) == "{t: 1, u: [x, y ]}")
        #expect(text(root["d"]?["u"], in: file) == "[x, y ]")
        #expect(text(root["e"], in: file) == "v1")
        #expect(text(root["f"], in: file) == "*anc")
        #expect(text(root["g"], in: file) == "|\n  i\n\n")
        #expect(text(root["h"], in: file) == "")
        #expect(text(root["i"], in: file) == "k: v")
        #expect(root["f"]?.resolved.scalarText == "v1")
        #expect(root["e"]?.anchor == "anc")
        #expect(root["e"]?.tag == "tag:yaml.org,2002:str")
        #expect(root["g"]?.style == .literal)
        #expect(root["d"]?.isFlow == true)
    }

    @Test func countsColumnsInCharactersAndOffsetsInBytes() throws {
        let file = try file("\u{FEFF}é: {ü: x}\r\nb: y\n")
        let inner = try #require(file.documents[0]["é"]?["ü"])
        #expect(file.position(ofByte: inner.range.lowerBound) == SourcePosition(line: 1, column: 8, offset: 12))
        let second = try #require(file.documents[0]["b"])
        #expect(file.position(ofByte: second.range.lowerBound) == SourcePosition(line: 2, column: 4, offset: 19))
        #expect(file.sourceLine(1) == "é: {ü: x}")
    }

    @Test func readsDocumentsAndEmptyFiles() throws {
        #expect(try file("").documents.isEmpty)
        #expect(try file("# only a comment\n").documents.isEmpty)
        #expect(try file("a: 1\n---\nb: 2\n...\n---\n").documents.count == 3)
    }

    static let faults: [(text: String, code: YAMLError.Code, shown: String)] = [
        ("a: 1\nb: 2\na: 3\n", .duplicateKey, "f.yaml:3:1: error: the key `a` is given twice"),
        ("a: 1\nb: 2\na: 3\n", .duplicateKey, "f.yaml:1:1: note: it is first given here"),
        ("a:\n  b: {c: 1, c: 2}\n", .duplicateKey, "f.yaml:2:13: error"),
        ("a: 1\n\tb: 2\n", .syntax, "f.yaml:2:1: error"),
        ("a:\n\t- b\n", .syntax, "f.yaml:2:1: error: a tab is used for indentation"),
        ("a: [1, 2\nb: 3\n", .syntax, "f.yaml:2:2: error: a `,` or `]` is missing"),
        ("a: [1, 2\nb: 3\n", .syntax, "f.yaml:1:4: note: while parsing a flow sequence"),
        ("a: \"x\n", .syntax, "error: found unexpected end of stream"),
        ("a: b: c\n", .syntax, "f.yaml:1:5: error: mapping values are not allowed"),
        ("a: *nope\n", .syntax, "f.yaml:1:4: error: the alias `*nope` names no anchor"),
        ("a: &x [*x]\n", .recursiveAlias, "f.yaml:1:8: error: the alias `*x` stands inside"),
        ("a: \u{0}\n", .encoding, "f.yaml:1:4: error: a NUL byte"),
        ("é: \u{1B}\n", .encoding, "f.yaml:1:4: error: control character 0x1B"),
    ]

    @Test(arguments: faults)
    func placesFaults(_ fault: (text: String, code: YAMLError.Code, shown: String)) throws {
        let error = try #require(throws: YAMLError.self) { try file(fault.text) }
        #expect(error.code == fault.code)
        #expect(error.description.contains(fault.shown))
    }

    @Test(arguments: [
        [0x61, 0x3A, 0x20, 0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC0, 0xAF],
        [0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61],
    ] as [[UInt8]])
    func refusesWhatIsNotUTF8(_ bytes: [UInt8]) throws {
        let error = try #require(throws: YAMLError.self) { try YAMLFile(bytes: bytes, path: "f.yaml") }
        #expect(error.code == .encoding)
    }

    @Test func limitsSizeDepthNodesAndAliases() {
        func code(_ text: String, _ limits: YAMLLimits) -> YAMLError.Code? {
            do throws(YAMLError) {
                _ = try YAMLFile(bytes: Array(text.utf8), path: "f.yaml", limits: limits)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code("a: 1234567", YAMLLimits(maxBytes: 5)) == .limit)
        #expect(code(String(repeating: "[", count: 5000), .standard) == .limit)
        #expect(code(String(repeating: "- ", count: 5000), .standard) == .limit)
        #expect(code("[a, b, c, d]", YAMLLimits(maxNodes: 3)) == .limit)
        #expect(code("a: &x 1\nb: [*x, *x]", YAMLLimits(maxAliases: 1)) == .limit)
        var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            laughs += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(code(laughs, .standard) == .limit)
    }

    @Test func resolvesMergeKeysForReading() throws {
        let file = try file(
            "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\na:\n  <<: [*b, *m]\n  x: own\n")
        let entries = try #require(file.documents[0]["a"]).entriesResolvingMerges()
        let found = entries.map { "\($0.key.scalarText ?? "")=\($0.value.scalarText ?? "")" }
        #expect(found == ["x=own", "y=2", "z=4"])
        #expect(try file.get(YAMLPath(parsing: "a.z")) == "4")
    }

    static let types: [(String, ScalarType)] = [
        ("", .null), ("~", .null), ("null", .null), ("true", .bool(true)), ("False", .bool(false)), ("12", .int(12)),
        ("-3", .int(-3)), ("0x1F", .int(31)), ("0o17", .int(15)), ("1.5", .float(1.5)), ("1e3", .float(1000)),
        ("1.10", .float(1.1)), ("yes", .string), ("1_000", .string), ("1.2.3", .string), ("v1", .string),
        ("99999999999999999999", .float(1e20)), ("'1'", .string), ("!!str 1", .string), ("!!int '3'", .int(3)),
    ]

    @Test(arguments: types)
    func typesScalarsByTheCoreSchema(_ text: String, _ type: ScalarType) throws {
        #expect(try file("a: \(text)\n").documents[0]["a"]?.scalarType == type)
    }

    @Test(arguments: [
        "", "~", "Null", "y", "N", "Yes", "off", "TRUE", "1", "+1", "-0", "1.", ".5", "1e5", "1E+5", "0x1f", "0o7", "0b1",
        "007", "1_000", "1:30", "12:30:45.5", "2024-1-2", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05", ".inf", "-.INF",
        ".nan", "<<", "=", "1234567e8",
    ])
    func knowsWhatSomeParserWouldMistake(_ text: String) {
        #expect(readsAsNonString(text))
    }

    @Test(arguments: [
        "v1", "1.2.3", "1.2.3-rc.1", "latest", "a1b2c3d", "1e", "e5", "0x", "0xg", "2024-01-02-build", "1:99:1x", "yess", "nul",
        "sha256:ab", "-", "+", ".", "1.2.3+4", "--1", "12:345",
    ])
    func leavesPlainStringsAlone(_ text: String) {
        #expect(!readsAsNonString(text))
    }

    @Test func drawsTheCaretUnderTheCharacters() throws {
        let file = try file("é: wert # c\n")
        let node = try #require(file.documents[0]["é"])
        let shown = file.diagnostic(.error, "no", at: node, hint: "did you mean `x`?").description
        #expect(shown == "f.yaml:1:4: error: no\né: wert # c\n   ^~~~\nhint: did you mean `x`?")
    }

    @Test func showsOnlyPartOfALongLine() throws {
        let file = try file("a: " + String(repeating: "x", count: 5000) + "\n")
        let node = try #require(file.documents[0].entries.first?.value)
        #expect(file.diagnostic(.error, "no", at: node).description.utf8.count < 500)
    }

    @Test func suggestsNearNames() {
        #expect(Suggestion.nearest("taag", among: ["tag", "name"]) == "tag")
        #expect(Suggestion.nearest("newtag", among: ["newName", "newTag"]) == "newTag")
        #expect(Suggestion.nearest("x", among: ["tag"]) == nil)
        #expect(Suggestion.editDistance("kitten", "sitting") == 3)
    }
}
