import Evidence
import PromotionEngine
import Testing

/// What each format's files count as, and which files are refused.
@Suite struct ReportTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let format: EvidenceFile.Format
        let text: String
        let expected: String

        init(_ name: String, _ format: EvidenceFile.Format, _ text: String, _ expected: String) {
            testDescription = name
            self.format = format
            self.text = text
            self.expected = expected
        }
    }

    static let good: [Row] = [
        Row("one passed case", .junit, "<testsuite><testcase/></testsuite>", "100: 1 of 1 tests passed"),
        Row("skipped is not executed", .junit, "<testsuite><testcase/><testcase><skipped/></testcase></testsuite>", "100: 1 of 1 tests passed, 1 skipped"),
        Row("failures count", .junit, "<testsuite><testcase/><testcase><failure>x</failure></testcase></testsuite>", "50: 1 of 2 tests passed"),
        Row("errors count", .junit, "<testsuite><testcase/><testcase/><testcase><error/></testcase></testsuite>", "66.6666: 2 of 3 tests passed"),
        Row(
            "nested suites", .junit,
            "<?xml version=\"1.0\"?><testsuites><testsuite name=\"a\"><testsuite><testcase/></testsuite><testcase/></testsuite></testsuites>",
            "100: 2 of 2 tests passed"),
        Row("a case is counted once", .junit, "<testsuite><testcase><failure/><error/></testcase></testsuite>", "0: 0 of 1 tests passed"),
        Row("an error of the suite itself", .junit, "<testsuite><error/><testcase/></testsuite>", "50: 1 of 2 tests passed"),
        Row("GoogleTest's cases that were not run", .junit, "<testsuite><testcase status=\"notrun\"/><testcase status=\"run\"/></testsuite>", "100: 1 of 1 tests passed, 1 skipped"),
        Row("a flaky test that passed in the end", .junit, "<testsuite><testcase><flakyFailure/></testcase></testsuite>", "100: 1 of 1 tests passed"),
        Row("no test at all", .junit, "<testsuites/>", "0: 0 of 0 tests passed"),
        Row("totals of the suite are not believed", .junit, "<testsuite tests=\"9\" failures=\"9\"><testcase/></testsuite>", "100: 1 of 1 tests passed"),
        Row("a byte order mark", .junit, "\u{FEFF}<testsuite><testcase/></testsuite>", "100: 1 of 1 tests passed"),
        Row("rounding lifts nothing", .junit, "<testsuite>\(String(repeating: "<testcase/>", count: 29_999))<testcase><failure/></testcase></testsuite>", "99.9966: 29999 of 30000 tests passed"),
        Row("totals of the root", .cobertura, "<coverage lines-valid=\"8\" lines-covered=\"6\" line-rate=\"0.1\"/>", "75: 6 of 8 lines covered"),
        Row(
            "lines of classes", .cobertura,
            "<coverage><packages><package><classes><class><methods><method><lines><line hits=\"0\"/></lines></method></methods><lines><line hits=\"1\"/><line hits=\"0\"/></lines></class></classes></package></packages></coverage>",
            "50: 1 of 2 lines covered"),
        Row(
            "a document type without declarations", .cobertura,
            "<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'><coverage lines-valid=\"2\" lines-covered=\"2\"/>",
            "100: 2 of 2 lines covered"),
        Row("lines of records", .lcov, "TN:\nSF:a.c\nDA:1,3\nDA:2,0\nend_of_record\n", "50: 1 of 2 lines covered"),
        Row("records of one file are merged", .lcov, "SF:a\nDA:1,0\nDA:2,1\nend_of_record\nSF:a\nDA:1,1\nDA:2,0\nend_of_record\n", "100: 2 of 2 lines covered"),
        Row("totals where no line is listed", .lcov, "SF:a\r\nLF:10\r\nLH:7\r\nend_of_record\r\n", "70: 7 of 10 lines covered"),
        Row("a clean scan", .sarif, #"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[]}]}"#, "0: 0 errors, 0 warnings, 0 notes"),
        Row("the result's level", .sarif, sarif(#"{"level":"error"},{"level":"note"},{"level":"none"}"#), "1: 1 errors, 0 warnings, 1 notes"),
        Row("no level is a warning", .sarif, sarif(#"{"ruleId":"other"}"#), "0: 0 errors, 1 warnings, 0 notes"),
        Row("the rule's level", .sarif, sarif(#"{"ruleId":"R1"},{"ruleIndex":0}"#), "2: 2 errors, 0 warnings, 0 notes"),
        Row("a part of the rule", .sarif, sarif(#"{"ruleId":"R1/sub"}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("suppressed", .sarif, sarif(#"{"level":"error","suppressions":[{"kind":"inSource"}]}"#), "0: 0 errors, 0 warnings, 0 notes, 1 suppressed"),
        Row("a suppression under review", .sarif, sarif(#"{"level":"error","suppressions":[{"kind":"external","status":"underReview"}]}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("a suppression rejected", .sarif, sarif(#"{"level":"error","suppressions":[{"status":"accepted"},{"status":"rejected"}]}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("no suppression in the list", .sarif, sarif(#"{"level":"error","suppressions":[]}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("gone since the baseline", .sarif, sarif(#"{"level":"error","baselineState":"absent"}"#), "0: 0 errors, 0 warnings, 0 notes"),
        Row("another kind of result", .sarif, sarif(#"{"kind":"pass","ruleId":"R1"}"#), "0: 0 errors, 0 warnings, 0 notes"),
        Row("texts with escapes, numbers with exponents", .sarif, sarif(#"{"level":"error","message":{"text":"\u00e9\ud83d\ude00\n"},"rank":1.5e2}"#), "1: 1 errors, 0 warnings, 0 notes"),
    ]

    static func sarif(_ results: String) -> String {
        #"{"version":"2.1.0","runs":[{"results":[\#(results)],"tool":{"driver":{"rules":[{"id":"R1","defaultConfiguration":{"level":"error"}}]}}}]}"#
    }

    @Test(arguments: good)
    func countsWhatTheFileSays(_ row: Row) throws {
        let file = try EvidenceReader.read(Array(row.text.utf8), row.format, name: "f")
        let counts = EvidenceCounts(file.format, file.counts)
        #expect("\(counts.value(.number)): \(counts.summary)" == row.expected)
        #expect(Set(file.counts.keys) == Set(row.format.countNames))
        #expect(file.sha256 == Digest.sha256(row.text) && file.key == row.format.defaultKey)
    }

    static let refused: [Row] = [
        Row("an empty file", .junit, "", "1:1: the file is empty"),
        Row("a file that ends early", .junit, "<testsuite>\n<testcase/>\n", "3:1: no element found"),
        Row("another root", .junit, "<html/>", "1:1: the root is <html>, not <testsuites> or <testsuite>"),
        Row("an entity bomb", .junit, "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<testsuite>&b;</testsuite>", "1:13: a document type with declarations of its own is not read"),
        Row("an entity from outside", .junit, "<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><testsuite>&x;</testsuite>", "1:13: a document type with declarations of its own is not read"),
        Row("an undeclared entity", .junit, "<testsuite>&x;</testsuite>", "1:12: undefined entity"),
        Row("deep nesting", .junit, String(repeating: "<testsuite>", count: 300), "1:2817: elements are nested deeper than 256"),
        Row("totals without cases", .junit, "<testsuite tests=\"3\"/>", "1:1: the suites speak of 3 tests, but none is listed"),
        Row("text that is not XML", .junit, "12 passed", "1:1: syntax error"),
        Row("bytes that are not UTF-8", .junit, "<testsuite>\u{0}</testsuite>", "1:12: not well-formed (invalid token)"),
        Row("no lines", .cobertura, "<coverage/>", "1:1: the report holds no line of code"),
        Row("more covered than there are", .cobertura, "<coverage lines-valid=\"1\" lines-covered=\"2\"/>", "1:1: lines-covered=\"2\" of lines-valid=\"1\" are no counts"),
        Row("a line without hits", .cobertura, "<coverage><class><lines>\n<line number=\"1\"/></lines></class></coverage>", "2:1: a <line> has no count of hits"),
        Row("a record that does not end", .lcov, "SF:a\nDA:1,1\n", "3:1: the file ends inside the record of 'a', which began in line 1"),
        Row("no tracefile", .lcov, "hello\n", "1:1: 'hello' is no line of a tracefile"),
        Row("a count that is none", .lcov, "SF:a\nDA:1,many\nend_of_record\n", "2:1: 'DA:1,many' is no line and count"),
        Row("a line outside of a file", .lcov, "DA:1,1\n", "1:1: a line outside of any file"),
        Row("a document that ends early", .sarif, #"{"version":"2.1.0","runs":[{"results":["#, "1:40: the file ends where an object should stand"),
        Row("a text that ends early", .sarif, #"{"version":"2.1"#, "1:16: the file ends inside a text"),
        Row("another version", .sarif, #"{"version":"1.0.0","runs":[]}"#, "1:1: it is SARIF of version 1.0.0; 2.1.0 is read"),
        Row("no run", .sarif, #"{"version":"2.1.0"}"#, "1:1: it holds no run of a tool"),
        Row("a scan that did not finish", .sarif, "{\"version\":\"2.1.0\",\"runs\":[{\"invocations\":[\n{\"executionSuccessful\":false}]}]}", "2:1: the tool says that it did not finish: executionSuccessful is false"),
        Row("two documents", .sarif, #"{"version":"2.1.0","runs":[{}]} {}"#, "1:33: more stands behind the end of the document"),
        Row("nested too deep", .sarif, "{\"x\":" + String(repeating: "[", count: 300), "1:206: values are nested deeper than 200"),
    ]

    @Test(arguments: refused)
    func refusesTheFileWithThePlace(_ row: Row) {
        let fault = #expect(throws: ReportFault.self) {
            try EvidenceReader.read(Array(row.text.utf8), row.format, name: "f")
        }
        #expect(fault.map { "\($0.line ?? 0):\($0.column ?? 0): \($0.reason)" } == row.expected)
        #expect(fault?.error(in: "dir/f", row.format).faults.first?.hasPrefix("dir/f:") == true)
    }

    /// No prefix of a good file counts: a pipe that broke must not look like success.
    @Test(arguments: [
        (EvidenceFile.Format.junit, "<testsuites><testsuite><testcase/><testcase><failure/></testcase></testsuite></testsuites>"),
        (.cobertura, "<coverage lines-valid=\"8\" lines-covered=\"6\"><packages></packages></coverage>"),
        (.sarif, sarif(#"{"level":"error"}"#)),
        (.lcov, "SF:a\nDA:1,1\nDA:2,0\nend_of_record"),
    ])
    func refusesEveryTruncation(_ format: EvidenceFile.Format, _ text: String) throws {
        let bytes = Array(text.utf8)
        _ = try EvidenceReader.read(bytes, format, name: "f")
        for count in 0..<bytes.count {
            #expect(throws: ReportFault.self) { try EvidenceReader.read(Array(bytes[..<count]), format, name: "f") }
        }
    }

    @Test func refusesHugeFiles() {
        let fault = #expect(throws: ReportFault.self) {
            try EvidenceReader.read([UInt8](repeating: 32, count: EvidenceReader.largestFile + 1), .junit, name: "f")
        }
        #expect(fault?.reason.contains("at most") == true)
    }

    @Test(arguments: EvidenceFile.Format.allCases)
    func hostileBytesNeverStopTheProcess(_ format: EvidenceFile.Format) {
        var generator = SystemRandomNumberGenerator()
        let seeds = (Self.good + Self.refused).filter { $0.format == format }.map { Array($0.text.utf8.prefix(400)) }
        for seed in seeds where !seed.isEmpty {
            for _ in 0..<15 {
                var bytes = seed
                for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator) }
                do { _ = try EvidenceReader.read(bytes, format, name: "f") } catch { #expect(!error.reason.isEmpty) }
            }
        }
    }
}
