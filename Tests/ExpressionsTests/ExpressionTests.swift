import Expressions
import Testing

/// The subset of expr-lang by `semantics.md` 0.6.
@Suite struct ExpressionTests {
    static let facts: [String: Value] = [
        "now": .time(1_800_000_000),
        "release": .map(["version": .string("1.4.2"), "authors": .array([.string("ann"), .string("bob")]), "digest": .null]),
        "evidence": .map(["cves": .int(0), "coverage": .float(79.5), "scan": .string("pass"), "big": .int(9_007_199_254_740_993)]),
        "xs": .array([.int(1), .int(2), .int(3)]),
    ]

    static let values: [(String, Value)] = [
        ("1 + 2 * 3", .int(7)), ("(1 + 2) * 3", .int(9)), ("2 ** 3 ** 2", .float(512)), ("-2 ** 2", .float(-4)), ("7 / 2", .float(3.5)),
        ("7 % 4", .int(3)), ("10 - 4 - 3", .int(3)), ("0x1F + 0b11 + 0o17 + 1_000", .int(1049)), (".5 + 1e3", .float(1000.5)),
        ("1 == 1.0", .bool(true)), ("[1, 2] == [1.0, 2.0]", .bool(true)), ("2 in [2.0]", .bool(true)), ("\"a\" == 1", .bool(false)),
        ("nil == nil", .bool(true)), ("nil == false", .bool(false)), ("0.0 / 0 == 0.0 / 0", .bool(false)), ("0.0 / 0 < 1", .bool(false)),
        ("evidence.big == 9007199254740992", .bool(false)),
        ("true and false or true", .bool(true)), ("not true == false", .bool(true)), ("!(1 > 2) && 2 >= 2", .bool(true)),
        ("true || nil < 3", .bool(true)), ("false and nil < 3", .bool(false)), ("nil ?? 5", .int(5)), ("1 ?? 5", .int(1)),
        ("1 > 2 ? \"a\" : \"b\"", .string("b")), ("if 1 < 2 { 10 } else { 20 }", .int(10)), ("if false { 1 } else if true { 2 } else { 3 }", .int(2)),
        ("let x = 5; let y = x * 2; x + y", .int(15)), ("1..4", .array([.int(1), .int(2), .int(3), .int(4)])), ("4..1", .array([])),
        ("\"a\" + 'b' + `c\\n`", .string("abc\\n")), ("\"\\u00e9\\t\"", .string("é\t")), ("1 /* one */ + // two\n 2", .int(3)),
        ("release.version startsWith \"1.\"", .bool(true)), ("release[\"version\"] matches \"^[0-9]+[.]4\"", .bool(true)),
        ("release.version not matches \"beta\"", .bool(true)), ("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" matches \"(a+)+$\"", .bool(false)), ("\"ann\" in release.authors", .bool(true)),
        ("\"eve\" not in release.authors", .bool(true)), ("\"version\" in release", .bool(true)), ("release.nothing", .null),
        ("release.nothing?.more", .null), ("release.digest ?? \"none\"", .string("none")), ("\"abc\" contains \"b\" and \"abc\" endsWith \"c\"", .bool(true)),
        ("xs[0] + xs[-1]", .int(4)), ("xs[1:]", .array([.int(2), .int(3)])), ("xs[:-1]", .array([.int(1), .int(2)])), ("\"hello\"[1:3]", .string("el")),
        ("all(xs, {# > 0})", .bool(true)), ("any(xs, # > 2)", .bool(true)), ("none(xs, # > 3)", .bool(true)), ("one(xs, # == 2)", .bool(true)),
        ("filter(xs, # % 2 == 1)", .array([.int(1), .int(3)])), ("map(xs, # * 2)", .array([.int(2), .int(4), .int(6)])), ("count(xs, # > 1)", .int(2)),
        ("sum(xs)", .int(6)), ("sum(xs, # * 10)", .int(60)), ("find(xs, # > 1)", .int(2)), ("findIndex(xs, # > 5)", .int(-1)), ("findLast(xs, # < 3)", .int(2)),
        ("reduce(xs, #acc + #, 10)", .int(16)), ("reduce(xs, #acc * #)", .int(6)), ("map(xs, #index)", .array([.int(0), .int(1), .int(2)])),
        ("map([{a: 1}, {\"a\": 2}], .a)", .array([.int(1), .int(2)])), ("any(xs, {let y = #; y == 3})", .bool(true)),
        ("map(filter(xs, # > 1), # + 1)", .array([.int(3), .int(4)])), ("xs | filter(# > 1) | len()", .int(2)),
        ("len(\"héllo\") + len(xs) + len({a: 1})", .int(9)), ("upper(\"a\") + lower(\"B\")", .string("Ab")), ("trim(\"  a \")", .string("a")),
        ("trimPrefix(\"v1.2\", \"v\")", .string("1.2")), ("split(\"a,b,c\", \",\")", .array([.string("a"), .string("b"), .string("c")])),
        ("join([\"a\", \"b\"], \"-\")", .string("a-b")), ("replace(\"aXbX\", \"X\", \"\")", .string("ab")), ("indexOf(\"hello\", \"l\")", .int(2)),
        ("int(\"42\") + int(3.9)", .int(45)), ("float(\"1.5\")", .float(1.5)), ("string(12)", .string("12")), ("max(1, 5, 3) - min(xs)", .int(4)),
        ("mean([1, 2])", .float(1.5)), ("median([3, 1, 2])", .float(2)), ("round(2.5)", .float(3)), ("abs(-3)", .int(3)),
        ("first(xs) + last(xs)", .int(4)), ("first([])", .null), ("sort([3, 1, 2])", .array([.int(1), .int(2), .int(3)])), ("uniq([1, 1.0, 2])", .array([.int(1), .int(2)])),
        ("keys({b: 1, a: 2})", .array([.string("a"), .string("b")])), ("type(1.5) + type(nil)", .string("floatnil")),
        ("now.Hour()", .int(8)), ("now.Weekday()", .int(5)), ("now.Year() * 100 + now.Month()", .int(202_701)), ("now.Day()", .int(15)),
        ("now > date(\"2026-12-31\")", .bool(true)), ("now - date(\"2027-01-15T07:00:00Z\") == duration(\"1h\")", .bool(true)),
        ("now + duration(\"30m\") > now", .bool(true)), ("duration(\"1h30m\").Minutes()", .float(90)), ("now() == now", .bool(true)),
        ("string(date(\"2024-02-29T23:59:59+01:00\"))", .string("2024-02-29T22:59:59Z")),
        ("evidence.cves <= 0 and evidence.coverage >= 79.5 and evidence.scan == \"pass\"", .bool(true)),
    ]

    @Test(arguments: values)
    func evaluates(_ text: String, _ expected: Value) throws {
        #expect(try Expression(text, known: Set(Self.facts.keys)).value(Self.facts) == expected)
    }

    static let syntax: [(String, String)] = [
        ("", "column 1: the expression is empty"), ("1 +", "column 4: the expression ends where a value should"),
        ("a &&", "column 5: the expression ends where a value should"), ("(1", "column 3: the expression ends where ')' should"),
        ("1 2", "column 3: a number stands where nothing fits"), ("xs[", "column 4: the expression ends where a value should"),
        ("\"abc", "column 1: a text that does not end"), ("1 ? 2", "column 6: the expression ends where ':' should"),
        ("all(xs)", "column 1: 'all' takes 2 arguments, not 1"), ("system(\"rm\")", "column 1: there is no function 'system'"),
        ("env.HOME", "column 1: unknown name 'env'; known are evidence, now, release, xs"), ("1 = 2", "column 3: '=' stands where nothing fits"),
        ("release.version matches \"(\"", "column 17: '(' is no regular expression: `(` without `)` (character 2)"), ("# > 1", "column 1: '#' stands where a value should"),
        ("12abc", "column 1: '12abc' is no number"), ("99999999999999999999", "column 1: '99999999999999999999' is too large"),
        ("now.Exit()", "column 4: there is no method 'Exit'"), ("\"\\q\"", "column 2: '\\q' is no escape"), ("/* x", "column 1: a comment that does not end"),
        ("let and = 1; 2", "column 5: 'and' stands where a name should"), ("a § b", "column 3: '§' is no part of an expression"),
    ]

    @Test(arguments: syntax)
    func refusesWithTheColumn(_ text: String, _ message: String) {
        let error = #expect(throws: ExpressionError.self) { try Expression(text, known: Set(Self.facts.keys)) }
        let expected = text == "a &&" || text.hasPrefix("a §") ? message : message
        #expect(error?.description == expected)
    }

    static let runtime: [(String, String)] = [
        ("evidence.missing < 3", "column 18: '<' cannot take nil and int"), ("\"5\" > 3", "column 5: '>' cannot take string and int"),
        ("xs[7]", "column 3: index 7 is outside of a list of 3"), ("xs[-4]", "column 3: index -4 is outside of a list of 3"),
        ("1 % 0", "column 3: division by zero"), ("9223372036854775807 + 1", "column 21: the number grows too large"),
        ("nil.x", "column 4: nil has no fields"), ("\"a\" and true", "column 5: 'and' cannot take string"),
        ("all(xs, {#})", "column 1: the predicate of 'all' gives int"), ("1..1000000", "column 2: the range has more than 65536 numbers"),
        ("repeat(\"aaaa\", 100000)", "column 1: the text grows too long"), ("int(\"x\")", "column 1: 'x' is no whole number"),
        ("all(1..500, all(1..500, # > 0))", "column 1: the expression takes more than 20000 steps"),
        ("duration(\"1d\")", "column 1: '1d' is no duration"), ("date(\"2027-02-30\")", "column 1: '2027-02-30' is no date"),
    ]

    @Test(arguments: runtime)
    func throwsWhatCannotBeAnswered(_ text: String, _ message: String) throws {
        let expression = try Expression(text)
        let error = #expect(throws: ExpressionError.self) { try expression.value(Self.facts) }
        #expect(error?.description == message)
    }

    @Test func deepNestingIsRefused() {
        for text in [String(repeating: "(", count: 3_000), String(repeating: "-", count: 3_000) + "1", String(repeating: "[", count: 3_000)] {
            #expect(throws: ExpressionError.self) { try Expression(text) }
        }
        #expect(throws: ExpressionError.self) { try Expression(String(repeating: "1+", count: 3_000) + "1") }
    }

    @Test func aConditionThatIsNeitherTrueNorFalseThrows() throws {
        #expect(throws: ExpressionError.self) { try Expression("1 + 1").holds([:]) }
        #expect(try Expression("1 < 2").holds([:]))
    }

    @Test func tellsWhichEvidenceItReads() throws {
        let expression = try Expression("evidence.cves <= 0 and (evidence[\"a.b\"] == 1 or release.version == \"1\")")
        #expect(expression.fields(of: "evidence") == ["cves", "a.b"])
    }

    /// Random texts of the language's own parts never stop the process.
    @Test func hostileTextIsRefusedOrEvaluated() {
        let parts = ["xs", "1", "\"a\"", "(", ")", "[", "]", "{", "}", ".", "#", "and", "not", "in", "+", "-", "**", "??", "?", ":", ",", "all", "map", "let", "=", ";", "|", "now", "..", "nil", "sort"]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1_500 {
            let text = (0..<Int.random(in: 1...14, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "" }.joined(separator: " ")
            do { _ = try Expression(text).value(Self.facts) } catch { #expect(!error.message.isEmpty) }
        }
    }
}
