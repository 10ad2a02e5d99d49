import Patterns
import Testing

@Suite struct PatternTests {
    private static func all(_ pattern: String, _ text: String) throws -> [String] {
        try Pattern(pattern).matches(in: text, atMost: 10).map { String(text[$0.range]) }
    }

    @Test(arguments: [
        ("a", "banana", ["a", "a", "a"]), ("an|ana", "banana", ["an", "an"]), ("ana|an", "banana", ["ana"]),
        ("^CHG-[0-9]+$", "CHG-42", ["CHG-42"]), ("^CHG-[0-9]+$", "CHG-42\n", []), ("^CHG-[0-9]+$", "xCHG-42", []),
        ("v?\\d+\\.\\d+", "v1.2 and 3.4", ["v1.2", "3.4"]), ("a{2,3}", "aaaaa", ["aaa", "aa"]), ("a{2}?", "aaa", ["aa"]),
        ("a+?", "aa", ["a", "a"]), ("<.*?>", "<a><b>", ["<a>", "<b>"]), ("<.*>", "<a><b>", ["<a><b>"]), ("x*", "axx", ["", "xx", ""]),
        ("(?i)chg", "Chg CHG", ["Chg", "CHG"]), ("(?i:c)HG", "cHG chg", ["cHG"]), ("(?m)^b$", "a\nb\nc", ["b"]), ("(?s)a.b", "a\nb", ["a\nb"]),
        ("a.b", "a\nb", []), ("[^a-c]+", "abcxyzabc", ["xyz"]), ("[]x]", "]", ["]"]), ("[a\\-z]", "-", ["-"]), ("[a-]", "-", ["-"]),
        ("[[:digit:]]+", "a12", ["12"]), ("\\bcat\\b", "cat concat cat", ["cat", "cat"]), ("\\Bcat", "cat concat", ["cat"]),
        ("\\x41\\x{42}", "AB", ["AB"]), ("é+", "caféé", ["éé"]), ("{x}", "{x}", ["{x}"]), ("a{,2}", "a{,2}", ["a{,2}"]),
        ("(a|b)*c", "ababc", ["ababc"]), ("(?P<n>a)(?<m>b)(?:c)", "abc", ["abc"]), ("", "ab", ["", "", ""]),
        ("\\S+\\s\\W", "a !", ["a !"]), ("[\\d.]+", "x1.2", ["1.2"]), ("\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$\\\\", ".*+?()[]{}|^$\\", [".*+?()[]{}|^$\\"]),
    ])
    func theLeftmostMatchOfTheFirstAlternativeWins(_ pattern: String, _ text: String, _ matches: [String]) throws {
        #expect(try Self.all(pattern, text) == matches)
    }

    @Test(arguments: [
        ("VERSION=(\\S+)", "VERSION=1.9 x", "1.9"), ("(a)|(b)", "b", nil), ("(?:x)(y)", "xy", "y"), ("(a+)+", "aaa", "aaa"), ("(ab|a)*", "aba", "a"),
        ("a", "a", nil),
    ])
    func theFirstGroupIsTold(_ pattern: String, _ text: String, _ group: String?) throws {
        let match = try #require(try Pattern(pattern).firstMatch(in: text))
        #expect(match.group.map { String(text[$0]) } == group)
    }

    @Test(arguments: [
        ("(", "`(` without `)` (character 2)"), (")", "`)` without `(` (character 1)"), ("*a", "`*` repeats nothing (character 1)"),
        ("a**", "a repetition of a repetition (character 3)"), ("[a", "`[` without `]` (character 3)"), ("[z-a]", "a range must rise (character 5)"),
        ("(a)\\1", "references to groups are not supported (character 5)"), ("(?=a)", "`(?=` is not supported: it would need backtracking, or is unknown (character 3)"),
        ("(?<=a)", "looking around and references are not supported (character 4)"), ("a{3,2}", "a count must rise, to 1000 at most (character 7)"),
        ("a{9999}", "a count must rise, to 1000 at most (character 8)"), ("\\q", "`\\q` is unknown (character 2)"), ("\\", "`\\` at the end (character 2)"),
        ("(?i", "`(` without `)` (character 4)"), ("[[:nope:]]", "there is no class of this name (character 2)"), ("((a{1000}){1000})", "the pattern is too large when its counts are written out (character 1)"),
        ("\\xZ", "`\\x` needs two hexadecimal digits, or some in braces (character 3)"),
    ])
    func whatIsNoPatternIsRefusedWithItsPlace(_ pattern: String, _ message: String) {
        #expect { _ = try Pattern(pattern) } throws: { "\($0)" == message }
    }

    /// A backtracking search takes 2^n steps for these.
    @Test(arguments: ["(a+)+$", "(a*)*b", "(a|a)*$x", "(a|aa)+$b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*(.*)*(.*)*!"])
    func aHostilePatternEndsPromptly(_ pattern: String) throws {
        let line = String(repeating: "a", count: 5_000) + "!"
        _ = try Pattern(pattern).firstMatch(in: line)
    }

    @Test func whatCostsTooMuchIsGivenUp() throws {
        let pattern = try Pattern("(?:a?){900}(?:a?){900}b")
        #expect(throws: PatternError.self) { _ = try pattern.firstMatch(in: String(repeating: "a", count: 60_000)) }
        #expect(throws: PatternError.self) { _ = try Pattern(String(repeating: "(", count: 70) + String(repeating: ")", count: 70)) }
        #expect(throws: PatternError.self) { _ = try Pattern(String(repeating: "a", count: 2_000)) }
    }
}
