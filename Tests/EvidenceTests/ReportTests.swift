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
        Row("totals of the suite are not believed", .junit, "<testsuite tests=\"9\" failures=\"0\" errors=\"\"><testcase/></testsuite>", "100: 1 of 1 tests passed"),
        Row("totals that the cases bear out", .junit, "<testsuites failures=\"2\"><testsuite failures=\"1\" errors=\"1\"><testcase><failure/><error/></testcase><testcase/></testsuite></testsuites>", "50: 1 of 2 tests passed"),
        Row("a case that its status alone calls failed", .junit, "<testsuite failures=\"2\"><testcase status=\"failed\"/><testcase result=\"Failure\"/><testcase status=\"passed\"/></testsuite>", "33.3333: 1 of 3 tests passed"),
        Row("an error of all suites", .junit, "<testsuites errors=\"1\"><error/><testsuite><testcase/></testsuite></testsuites>", "50: 1 of 2 tests passed"),
        Row("a byte order mark", .junit, "\u{FEFF}<testsuite><testcase/></testsuite>", "100: 1 of 1 tests passed"),
        Row("rounding lifts nothing", .junit, "<testsuite>\(String(repeating: "<testcase/>", count: 29_999))<testcase><failure/></testcase></testsuite>", "99.9966: 29999 of 30000 tests passed"),
        Row("totals of the root", .cobertura, "<coverage lines-valid=\"8\" lines-covered=\"6\" line-rate=\"0.1\"/>", "75: 6 of 8 lines covered"),
        Row(
            "lines of classes", .cobertura,
            "<coverage><packages><package><classes><class><methods><method><lines><line hits=\"0\"/></lines></method></methods><lines><line hits=\"1\"/><line hits=\"0\"/></lines></class></classes></package></packages></coverage>",
            "50: 1 of 2 lines covered"),
        Row(
            "a class that lists lines in its methods alone", .cobertura,
            "<coverage><classes><class><lines><line hits=\"1\"/></lines></class><class><methods><method><lines><line hits=\"0\"/></lines></method></methods></class></classes></coverage>",
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
        Row("a suppression rejected", .sarif, sarif(#"{"level":"error","suppressions":[{"kind":"inSource","status":"accepted"},{"kind":"external","status":"rejected"}]}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("no suppression in the list", .sarif, sarif(#"{"level":"error","suppressions":[]}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("gone since the baseline", .sarif, sarif(#"{"level":"error","baselineState":"absent"}"#), "0: 0 errors, 0 warnings, 0 notes"),
        Row("another kind of result", .sarif, sarif(#"{"kind":"pass","ruleId":"R1"}"#), "0: 0 errors, 0 warnings, 0 notes"),
        Row("null is absent", .sarif, sarif(#"{"ruleId":"R1","level":null,"kind":null,"suppressions":null,"provenance":null,"rule":null}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("a finding that is neither", .sarif, sarif(#"{"kind":"review","level":"none"},{"kind":"informational","level":"note"}"#), "0: 0 errors, 0 warnings, 0 notes"),
        Row("a rule named by `rule`", .sarif, sarif(#"{"rule":{"id":"R1"}},{"rule":{"index":0}},{"ruleId":"R1","rule":{"id":"R1","index":0}}"#), "3: 3 errors, 0 warnings, 0 notes"),
        Row("a rule of an extension", .sarif, levelled(#""rule":{"index":0,"toolComponent":{"index":0}}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("a rule of an extension by guid", .sarif, levelled(#""rule":{"guid":"0000AAAA-0000-1111-8888-000000000000"}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("an index alone is one of the driver", .sarif, levelled(#""ruleIndex":0"#), "0: 0 errors, 0 warnings, 1 notes"),
        Row("of two rules with one id the gravest counts", .sarif, levelled(#""ruleId":"X""#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("an extension's rule of that id", .sarif, levelled(#""rule":{"id":"X","toolComponent":{"name":"more"}}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("what the invocation sets counts", .sarif, levelled(#""ruleId":"W","provenance":{"invocationIndex":0}"#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("another invocation sets something milder", .sarif, levelled(#""ruleId":"E","provenance":{"invocationIndex":1}"#), "0: 0 errors, 0 warnings, 1 notes"),
        Row("an invocation that sets nothing", .sarif, levelled(#""ruleId":"W","provenance":{"invocationIndex":1}"#), "0: 0 errors, 1 warnings, 0 notes"),
        Row("without an invocation the gravest counts", .sarif, levelled(#""ruleId":"W""#), "1: 1 errors, 0 warnings, 0 notes"),
        Row("its own level stands above all", .sarif, levelled(#""ruleId":"E","level":"note","provenance":{"invocationIndex":0}"#), "0: 0 errors, 0 warnings, 1 notes"),
        Row("texts with escapes, numbers with exponents", .sarif, sarif(#"{"level":"error","message":{"text":"\u00e9\ud83d\ude00\n"},"rank":1.5e2}"#), "1: 1 errors, 0 warnings, 0 notes"),
    ]

    static func run(_ members: String) -> String { #"{"version":"2.1.0","runs":[{\#(members)}]}"# }

    static func sarif(_ results: String) -> String {
        #"{"version":"2.1.0","runs":[{"results":[\#(results)],"tool":{"driver":{"rules":[{"id":"R1","defaultConfiguration":{"level":"error"}}]}}}]}"#
    }

    /// One result with a driver and an extension that have levels, and two invocations that set others.
    static func levelled(_ result: String) -> String {
        let driver = #"{"name":"t","rules":[{"id":"X","defaultConfiguration":{"level":"note"}},{"id":"W"},{"id":"E","defaultConfiguration":{"level":"error"}}]}"#
        let more = #"{"name":"more","rules":[{"id":"X","guid":"0000aaaa-0000-1111-8888-000000000000","defaultConfiguration":{"level":"error"}}]}"#
        func override(_ id: String, _ level: String) -> String {
            #"{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"id":"\#(id)"},"configuration":{"level":"\#(level)"}}]}"#
        }
        return #"{"version":"2.1.0","runs":[{"invocations":[\#(override("W", "error")),\#(override("E", "note"))],"#
            + #""results":[{\#(result)}],"tool":{"driver":\#(driver),"extensions":[\#(more)]}}]}"#
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
        Row("totals of all suites without cases", .junit, "<testsuites tests=\"3\"><testsuite/></testsuites>", "1:1: the suites speak of 3 tests, but none is listed"),
        Row("a report without the failures that it speaks of", .junit, "<testsuites tests=\"5\" failures=\"2\"><testsuite name=\"s\" tests=\"5\" failures=\"2\"><testcase/></testsuite></testsuites>", "1:90: the suite 's' speaks of 2 failures and errors, but lists 0: the report was cut or filtered"),
        Row("a suite without the error that it speaks of", .junit, "<testsuites><testsuite><testcase><failure/></testcase></testsuite>\n<testsuite errors=\"1\"><testcase/></testsuite></testsuites>", "2:34: the <testsuite> speaks of 1 failures and errors, but lists 0: the report was cut or filtered"),
        Row("a total that is none", .junit, "<testsuite failures=\"some\"><testcase/></testsuite>", "1:1: failures=\"some\" is no count"),
        Row("text that is not XML", .junit, "12 passed", "1:1: syntax error"),
        Row("bytes that are not UTF-8", .junit, "<testsuite>\u{0}</testsuite>", "1:12: not well-formed (invalid token)"),
        Row("no lines", .cobertura, "<coverage/>", "1:1: the report holds no line of code"),
        Row("more covered than there are", .cobertura, "<coverage lines-valid=\"1\" lines-covered=\"2\"/>", "1:1: lines-covered=\"2\" of lines-valid=\"1\" are no counts"),
        Row("half of the totals", .cobertura, "<coverage lines-valid=\"9\"><class><lines><line hits=\"1\"/></lines></class></coverage>", "1:1: of lines-valid and lines-covered only one is there"),
        Row("a line without hits", .cobertura, "<coverage><class><lines>\n<line number=\"1\"/></lines></class></coverage>", "2:1: a <line> has no count of hits"),
        Row("a record that does not end", .lcov, "SF:a\nDA:1,1\n", "3:1: the file ends inside the record of 'a', which began in line 1"),
        Row("no tracefile", .lcov, "hello\n", "1:1: 'hello' is no line of a tracefile"),
        Row("a count that is none", .lcov, "SF:a\nDA:1,many\nend_of_record\n", "2:1: 'DA:1,many' is no line and count"),
        Row("more lines hit than found", .lcov, "SF:a\nDA:1,1\nLF:1\nLH:2\nend_of_record\n", "5:1: LH is larger than LF"),
        Row("a line outside of a file", .lcov, "DA:1,1\n", "1:1: a line outside of any file"),
        Row("a document that ends early", .sarif, #"{"version":"2.1.0","runs":[{"results":["#, "1:40: runs[0].results[0]: the file ends where an object should stand"),
        Row("a text that ends early", .sarif, #"{"version":"2.1"#, "1:16: the file ends inside a text"),
        Row("another version", .sarif, #"{"version":"1.0.0","runs":[]}"#, "1:12: it is SARIF of version 1.0.0; 2.1.0 is read"),
        Row("an older draft", .sarif, #"{"version":"2.0.0","runs":[{"results":[]}]}"#, "1:12: it is SARIF of version 2.0.0; 2.1.0 is read"),
        Row("no version", .sarif, #"{"runs":[{"results":[]}]}"#, "1:1: it is SARIF of version none; 2.1.0 is read"),
        Row("no run", .sarif, #"{"version":"2.1.0"}"#, "1:1: it holds no run of a tool"),
        Row("a scan that did not finish", .sarif, "{\"version\":\"2.1.0\",\"runs\":[{\"invocations\":[\n{\"executionSuccessful\":false}]}]}", "2:1: runs[0].invocations[0]: the tool says that it did not finish: executionSuccessful is false"),
        Row("two documents", .sarif, #"{"version":"2.1.0","runs":[{"results":[]}]} {}"#, "1:45: more stands behind the end of the document"),
        Row("a run without results", .sarif, #"{"version":"2.1.0","runs":[{"results":[]},{"tool":{"driver":{"name":"t"}}}]}"#, "1:43: runs[1]: the run has no results, so nothing was scanned; a clean scan has an empty list"),
        Row("results that are null", .sarif, run(#""results":null"#), "1:28: runs[0]: the run has no results, so nothing was scanned; a clean scan has an empty list"),
        Row("results in an object", .sarif, run(#""results":{"0":{"level":"error"}}"#), "1:39: runs[0].results: a list should stand here"),
        Row("a result that is none", .sarif, sarif(#""error""#), "1:40: runs[0].results[0]: an object should stand here"),
        Row("results twice", .sarif, run(#""results":[{"level":"error"}],"results":[]"#), "1:69: runs[0]: 'results' is there twice"),
        Row("results in another file", .sarif, run(#""externalPropertyFileReferences":{"results":[]}"#), "1:73: runs[0]: the run's results stand outside of it, where they are not read"),
        Row("results outside of their run", .sarif, #"{"inlineExternalProperties":[{"results":[]}],"version":"2.1.0","runs":[]}"#, "1:41: inlineExternalProperties[0]: the run's results stand outside of it, where they are not read"),
        Row("an unknown level", .sarif, sarif(#"{"level":"note"},{"level":"ERROR"}"#), "1:66: runs[0].results[1]: 'ERROR' is no level; there are none, note, warning, error"),
        Row("a level that is no text", .sarif, sarif(#"{"level":2}"#), "1:49: runs[0].results[0]: a text should stand here"),
        Row("an unknown default level", .sarif, run(#""results":[],"tool":{"driver":{"rules":[{"defaultConfiguration":{"level":"high"}}]}}"#), "1:102: runs[0].tool.driver.rules[0]: 'high' is no level; there are none, note, warning, error"),
        Row("an unknown kind", .sarif, sarif(#"{"kind":"failed"}"#), "1:48: runs[0].results[0]: 'failed' is no kind of result; there are fail, pass, review, open, notApplicable, informational"),
        Row("an error that is no failure", .sarif, sarif(#"{"kind":"pass","level":"error"}"#), "1:40: runs[0].results[0]: its level is error, but its kind is pass"),
        Row("an unknown baseline state", .sarif, sarif(#"{"level":"error","baselineState":"gone"}"#), "1:73: runs[0].results[0]: 'gone' is no baseline state; there are new, unchanged, updated, absent"),
        Row("a suppression that is none", .sarif, sarif(#"{"level":"error","suppressions":[{}]}"#), "1:73: runs[0].results[0].suppressions[0]: a suppression without a kind"),
        Row("an unknown status of a suppression", .sarif, sarif(#"{"level":"error","suppressions":[{"kind":"external","status":"open"}]}"#), "1:101: runs[0].results[0].suppressions[0]: 'open' is no status of a suppression; there are accepted, underReview, rejected"),
        Row("a flag that is a text", .sarif, run(#""invocations":[{"executionSuccessful":"false"}]"#), "1:67: runs[0].invocations[0]: true or false should stand here"),
        Row("an invocation that does not tell its end", .sarif, run(#""invocations":[{}]"#), "1:44: runs[0].invocations[0]: the tool does not say whether it finished: executionSuccessful is missing"),
        Row("invocations in an object", .sarif, run(#""invocations":{"executionSuccessful":false}"#), "1:43: runs[0].invocations: a list should stand here"),
        Row("a rule beyond the list", .sarif, sarif(#"{"ruleIndex":7}"#), "1:40: runs[0].results[0]: its rule has the index 7, which the tool does not list"),
        Row("an index and an id of two rules", .sarif, sarif(#"{"ruleId":"other","ruleIndex":0}"#), "1:40: runs[0].results[0]: the rule with the index 0 is 'R1', which is not the one that it names"),
        Row("two ids", .sarif, sarif(#"{"ruleId":"R1","rule":{"id":"R2"}}"#), "1:40: runs[0].results[0]: its `rule` names another rule than its `ruleId` and `ruleIndex`"),
        Row("an unknown guid", .sarif, levelled(#""rule":{"guid":"1"}"#), "1:295: runs[0].results[0]: the tool lists no rule with the guid 1"),
        Row("an extension beyond the list", .sarif, levelled(#""rule":{"index":0,"toolComponent":{"index":3}}"#), "1:295: runs[0].results[0]: its rule is one of extension 3, but the tool lists 1"),
        Row("an invocation beyond the list", .sarif, levelled(#""ruleId":"W","provenance":{"invocationIndex":2}"#), "1:295: runs[0].results[0]: it was found by invocation 2, but the run lists 2"),
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
