import PromotionEngine
import Testing

@Suite struct SemanticVersionTests {
    /// Ascending by section 11 of Semantic Versioning 2.0.0; the first eight after 0.9.9 are its own example.
    static let ascending = [
        "0.0.0-0", "0.0.0", "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
        "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-0", "1.0.1-1", "1.0.1-9", "1.0.1-10", "1.0.1-20260101120000",
        "1.0.1-99999999999999999999", "1.0.1-100000000000000000000", "1.0.1--5", "1.0.1-10x", "1.0.1-A", "1.0.1-a", "1.0.1-a.b",
        "1.0.1", "1.0.10", "1.2.0", "1.10.0", "2.0.0-rc.1", "2.0.0", "10.0.0",
    ]

    @Test func ordersByPrecedence() throws {
        let versions = try Self.ascending.map { try #require(SemanticVersion($0), "\($0)") }
        for (left, right) in versions.indices.flatMap({ left in versions.indices.map { (left, $0) } }) {
            #expect(
                (versions[left] < versions[right]) == (left < right), "\(Self.ascending[left]) < \(Self.ascending[right])")
            #expect((versions[left] == versions[right]) == (left == right))
        }
    }

    @Test func ignoresBuildMetadataAndALeadingV() throws {
        #expect(SemanticVersion("v1.2.3") == SemanticVersion("1.2.3"))
        #expect(try #require(SemanticVersion("1.2.3+5")) == #require(SemanticVersion("1.2.3+6.a-b")))
        #expect(try #require(SemanticVersion("1.2.3-rc.1+5")) < #require(SemanticVersion("1.2.3+1")))
    }

    @Test(arguments: [
        "", "v", "1", "1.2", "1.2.3.4", "1..3", "1.2.", ".1.2", "01.2.3", "1.02.3", "1.2.03", "-1.2.3", "1.-2.3", "+1.2.3",
        "1.2.3-", "1.2.3-a.", "1.2.3-.a", "1.2.3-a..b", "1.2.3-01", "1.2.3-a.007", "1.2.3-a_b", "1.2.3-ä", "1.2.3+", "1.2.3+a..b",
        "1.2.3+ä", "1.2.3+a+b", "V1.2.3", "vv1.2.3", "1.2.3 ", " 1.2.3", "1.2.x", "１.2.3", "latest", "2026-10-15.1",
    ])
    func refusesWhatIsNone(_ text: String) {
        #expect(SemanticVersion(text) == nil)
    }
}

@Suite struct VersionNameTests {
    @Test(arguments: [
        "1", "1.4.2", "v1.4.2", "1.4.2-rc.1+build.7", "2026-10-15.1", "main_abc123", "A", "a.b", "1.",
        String(repeating: "x", count: 128),
    ])
    func allowsWhatCanBeATag(_ text: String) {
        #expect(VersionName.fault(in: text) == nil)
    }

    @Test(arguments: [
        ("", "empty"), (String(repeating: "x", count: 129), "longer"), (String(repeating: "1", count: 300), "longer"),
        ("1 2", "space"), (" 1", "begin"), ("1 ", "space"), ("1..2", ".."), ("..", ".."), ("../../etc/passwd", ".."),
        (".1", "begin"), ("-1", "begin"), ("_1", "begin"), ("+1", "begin"), ("1\n2", "printable"), ("1\r", "printable"),
        ("1\t", "printable"), ("1\0", "printable"), ("1é", "printable"), ("é1", "begin"), ("1\u{202E}2", "printable"),
        ("1😀", "printable"), ("1/2", "'/'"), ("1\\2", "'\\'"), ("a:b", "':'"), ("a@b", "'@'"), ("$(x)", "begin"), ("a{b}", "'{'"),
        ("１", "begin"), ("1\u{7F}", "printable"),
    ])
    func refusesWhatCannot(_ text: String, _ reason: String) throws {
        let fault = try #require(VersionName.fault(in: text))
        #expect(fault.contains(reason))
        #expect(!fault.unicodeScalars.contains { $0.value < 0x20 || $0.value > 0x7E })
    }
}

@Suite struct DecimalTextTests {
    @Test(arguments: [
        ("0", 0), ("97", 97), ("-0.5", -0.5), ("79.99", 79.99), ("007", 7), ("100.0", 100), ("-0", 0),
    ] as [(String, Double)])
    func readsPlainDecimals(_ text: String, _ number: Double) {
        #expect(DecimalText.number(text) == number)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "-.5", "1.2.3", "+1", "--1", "1e3", "0x10", "nan", "inf", "-inf", "Infinity", "1,5", "1 ", " 1",
        "1_000", "97%", "１", "٣", "1\n", "½", String(repeating: "9", count: 41),
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(DecimalText.number(text) == nil)
        #expect(DecimalText.order(text, "1") == nil)
        #expect(DecimalText.order("1", text) == nil)
    }

    /// Ascending. The close ones are equal as binary floating point.
    @Test func comparesExactly() {
        let ascending = [
            "-1000", "-12.5", "-9.99", "-1.5", "-1.05", "-0.000000000000000000000000000000001", "0", "0.05", "0.3",
            "0.30000000000000000001", "9.99", "10", "12.05", "12.5", "79.99", "99.99999999999999999999", "100",
            "9007199254740992", "9007199254740993",
        ]
        for (left, right) in ascending.indices.flatMap({ left in ascending.indices.map { (left, $0) } }) {
            let order = DecimalText.order(ascending[left], ascending[right])
            #expect(order?.signum() == (left - right).signum(), "\(ascending[left]) and \(ascending[right])")
        }
        for (left, right) in [("1", "1.0"), ("-0", "0"), ("007", "7.00"), ("-0.0", "0.000"), ("-1.50", "-01.5")] {
            #expect(DecimalText.order(left, right) == 0)
        }
    }
}
