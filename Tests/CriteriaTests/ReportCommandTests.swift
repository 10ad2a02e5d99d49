import PromotionEngine
import TestSupport
import Testing

/// `gradus report` with report files, through the command line.
@Suite struct ReportCommandTests {
    static let stages = """
          - name: dev
            exit_criteria: [{test_pass_rate: 100}, {code_coverage: 80}, {security_scan: pass}, {smoke_tests: pass}]
            next_stage: qa
          - {name: qa}
        """
    static let junit = "<testsuites><testsuite><testcase/><testcase><skipped/></testcase></testsuite></testsuites>"

    private func shop() throws -> Shop {
        let shop = try Shop(stages: Self.stages)
        try shop.must("release", "create", "web", "1.0.0")
        try shop.must("promote", "web", "--to", "dev")
        return shop
    }

    @Test func filesOfEveryFormatLetAReleaseThrough() throws {
        let shop = try shop()
        let junit = try shop.file("r.xml", Self.junit)
        try shop.must(
            "report", "web", "1.0.0", "--junit", junit, "--junit", "smoke_tests=\(junit)",
            "--cobertura", try shop.file("c.xml", "<coverage lines-valid=\"100\" lines-covered=\"80\"/>"),
            "--sarif", try shop.file("s.sarif", #"{"version":"2.1.0","runs":[{"results":[{"level":"warning"}]}]}"#), by: "ci")
        let result = try shop.run("promote", "web", "--to", "qa", "-o", "json")
        #expect(result.code == 0 && result.json?["result"] == "promoted")
        let release = try shop.run("release", "show", "web", "1.0.0", "-o", "json").json
        guard case .array(let evidence)? = release?["evidence"] else { throw TestSupportError("no evidence") }
        let rate = try #require(evidence.first { $0["key"] == "test_pass_rate" })
        #expect(rate["value"] == "100" && rate["posted_by"] == "ci")
        #expect(rate["file"]?["sha256"] == .string(Digest.sha256(Self.junit)) && rate["file"]?["name"] == "r.xml")
        #expect(rate["file"]?["summary"] == "1 of 1 tests passed, 1 skipped")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let option: String
        let gate: String
        let verdict: JSONValue

        init(_ name: String, _ option: String, _ text: String, _ gate: String, _ verdict: JSONValue) {
            (testDescription, self.option, self.text, self.gate, self.verdict) = (name, option, text, gate, verdict)
        }
    }

    @Test(arguments: [
        Row("a failed test", "--junit", "<testsuite><testcase><failure/></testcase></testsuite>", "test_pass_rate", "failed"),
        Row("no executed test", "--junit", "<testsuite/>", "test_pass_rate", "errored"),
        Row("too little coverage", "--lcov", "SF:a\nDA:1,1\nDA:2,0\nend_of_record\n", "code_coverage", "failed"),
        Row("an error of the scan", "--sarif", #"{"version":"2.1.0","runs":[{"results":[{"level":"error"}]}]}"#, "security_scan", "failed"),
    ])
    func whatAFileSaysDecides(_ row: Row) throws {
        let shop = try shop()
        try shop.must("report", "web", "1.0.0", row.option, try shop.file("f", row.text))
        #expect(try shop.gate("dev.exit.\(row.gate)", to: "qa")["verdict"] == row.verdict)
    }

    @Test func partsOfARunArePutTogether() throws {
        let shop = try shop()
        let file = try shop.file("r.xml", Self.junit)
        for part in 1...3 {
            #expect(try shop.gate("dev.exit.test_pass_rate", to: "qa")["verdict"] == "waiting")
            try shop.must("report", "web", "1.0.0", "--junit", file, "--part", "\(part)/3")
        }
        let gate = try shop.gate("dev.exit.test_pass_rate", to: "qa")
        #expect(gate["verdict"] == "passed" && gate["source"]?.stringValue?.contains("3 of 3 tests passed") == true)
        // The same part again is the same report.
        #expect(try shop.run("report", "web", "1.0.0", "--junit", file, "--part", "3/3", "-o", "json").json?["result"] == "unchanged")
    }

    @Test func whatAFileSaysIsToldWhenItIsPosted() throws {
        let shop = try shop()
        let file = try shop.file("r.xml", "<testsuite failures=\"1\"><testcase><failure/></testcase><testcase/><testcase/></testsuite>")
        let planned = try shop.must("report", "web", "1.0.0", "--junit", file, "code_coverage=81", "--dry-run")
        #expect(planned.output == "Would record: Recorded the evidence.\n  code_coverage=81\n  test_pass_rate=66.6666 (r.xml: 2 of 3 tests passed)\n")
        let document = try #require(try shop.run("report", "web", "1.0.0", "--junit", file, "--dry-run", "-o", "json").json)
        #expect(document["result"] == "planned" && document["record"] == .null)
        let value: JSONValue = [
            "key": "test_pass_rate", "value": "66.6666", "part": .null,
            "file": ["name": "r.xml", "sha256": .string(Digest.sha256(try TemporaryFolder.read(file))), "summary": "2 of 3 tests passed"],
        ]
        #expect(document["evidence"] == [value])
        let posted = try shop.must("report", "web", "1.0.0", "--junit", file)
        #expect(posted.output.hasSuffix(")\n  test_pass_rate=66.6666 (r.xml: 2 of 3 tests passed)\n"), "\(posted.output)")
        #expect(try shop.run("report", "web", "1.0.0", "--junit", file, "-o", "json").json?["evidence"] == [value])
        #expect(try shop.must("report", "web", "1.0.0", "code_coverage=82").output.contains("82") == false)
    }

    @Test(arguments: [
        (["--junit", "missing.xml"], "cannot read missing.xml"),
        (["--junit", "bad.xml"], "bad.xml:1:12: error: "),
        (["--junit", "ok.xml", "test_pass_rate=100"], "given twice"),
        (["--junit", "ok.xml", "--junit", "ok.xml"], "given twice"),
        (["--part", "1/2", "test_pass_rate=100"], "report files only"),
        (["--lcov", "ok.lcov", "--part", "1/2"], "cannot be put together"),
        (["--lcov", "smoke_tests=ok.lcov"], "smoke_tests is no number"),
        (["--junit", "ok.xml", "--part", "3/2"], "3/2"),
        (["--junit", "cut.xml"], "cut.xml:1:53: error: the <testsuite> speaks of 1 failures and errors, but lists 0"),
        (["--sarif", "odd.sarif"], "odd.sarif:1:64: error: runs[0].results[0]: 'critical' is no level"),
        (["--sarif", "test_pass_rate=ok.sarif"], "test_pass_rate is a percentage, but ok.sarif tells a number of findings"),
        (["test_pass_rate=101"], "test_pass_rate is a percentage from 0 to 100, not '101'"),
        (["test_pass_rate=100.0001"], "from 0 to 100"),
        (["code_coverage=-1"], "code_coverage is a percentage from 0 to 100, not '-1'"),
    ])
    func whatCannotCountIsRefusedAndNothingRecorded(_ arguments: [String], _ message: String) throws {
        let shop = try shop()
        _ = try shop.file("ok.xml", Self.junit)
        _ = try shop.file("bad.xml", "<testsuite>")
        _ = try shop.file("cut.xml", "<testsuite errors=\"1\" tests=\"1\"><testcase name=\"a\"/></testsuite>")
        _ = try shop.file("ok.sarif", #"{"version":"2.1.0","runs":[{"results":[]}]}"#)
        _ = try shop.file("odd.sarif", #"{"version":"2.1.0","runs":[{"results":[{"kind": "fail","level":"critical"}]}]}"#)
        _ = try shop.file("ok.lcov", "SF:a\nDA:1,1\nend_of_record\n")
        let before = try shop.run("history", "-o", "jsonl").output
        let result = try shop.gradus.run(
            ["report", "web", "1.0.0"] + arguments + ["--repo", shop.place, "--actor", "ci"], in: shop.environment.folder.path)
        #expect([1, 2].contains(result.code) && result.errors.contains(message), "\(result.errors)")
        #expect(try shop.run("history", "-o", "jsonl").output == before)
    }
}
