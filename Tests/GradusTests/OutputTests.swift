import PromotionEngine
import TestSupport
import Testing

/// Data on stdout, the rest on stderr, and settings in their order.
@Suite struct OutputTests {
    @Test func everyCommandPrintsOneDocument() throws {
        let site = try Site()
        try site.register()
        try site("reconcile")
        let id = try #require(try site.json("promote checkout --to prod --version 1.4.2", exits: 8).text("id"))
        let lines = [
            "status", "matrix", "history", "plan checkout --to prod --version 1.4.2", "explain checkout --to staging", "audit verify", "validate",
            "release list checkout", "release show checkout 1.4.2", "show \(id)", "reconcile", "promote checkout --to dev",
            "report checkout 1.4.2 test_pass_rate=100", "release create checkout 1.4.2", "version",
        ]
        for line in lines {
            let document = try site.json(line)
            #expect(document.text("apiVersion") == "gradus/v1", "\(line)")
            #expect(document.text("kind")?.isEmpty == false, "\(line)")
        }
    }

    @Test func textIsQuietAndWithoutColourWhenPiped() throws {
        let site = try Site()
        try site.register()
        for line in ["status", "matrix", "history", "plan checkout --to dev", "explain checkout --to dev", "validate"] {
            let result = try site(line)
            #expect(!result.output.isEmpty && !result.output.contains("\u{1B}"), "\(line)")
        }
        #expect(try site("release create web 1.0.1").errors.contains("Next: "))
        #expect(try site("-q release create web 1.0.2").errors.isEmpty)
    }

    @Test func textsOfPeopleCannotMoveTheCursor() throws {
        let site = try Site()
        try site.register()
        let reason = "fine\u{1B}[2J\u{7}\rSEQ"
        let result = try site.run(["promote", "checkout", "--to", "dev", "--reason", reason])
        try #require(result.code == 0)
        for command in [["history"], ["plan", "checkout", "--to", "qa"], ["status"]] {
            let output = try site.run(command).output
            #expect(!output.contains("\u{1B}") && !output.contains("\u{7}") && !output.contains("\r"), "\(command)")
        }
        #expect(try !site.git.message(of: "main", in: site.authority).contains("\u{1B}"))
        try site.expectSoundLedger()
    }

    @Test func jsonLinesAreOneRecordEach() throws {
        let site = try Site()
        try site.register()
        try site("reconcile")
        let records = try site.records()
        for (position, record) in records.enumerated() {
            #expect(record["seq"] == .int(position + 1))
            for key in ["type", "at", "initiator", "hash", "prev"] { #expect(record.text(key) != nil, "\(key) of \(record)") }
        }
        for (before, after) in zip(records, records.dropFirst()) { #expect(after.text("prev") == before.text("hash")) }
        #expect(records.last { $0.text("type") == "admitted" }?["rules"] != nil)
    }

    @Test func aReaderThatGoesAwayEndsTheOutputOnly() throws {
        let site = try Site()
        try site.register()
        let runner = CommandRunner(site.environment)
        let command = "'\(try GradusProcess.binary())' history --repo '\(site.repo)' --actor rita | head -n 1; exit ${PIPESTATUS[0]}"
        #expect(try runner.run(["bash", "-c", command]).status == 0)
    }

    /// A list that was cut must not pass for a whole one.
    @Test(arguments: ["matrix", "history -o jsonl", "audit export", "audit report", "promote checkout --to dev -o json"])
    func outputThatCannotBeWrittenIsAnError(_ line: String) throws {
        let site = try Site()
        try site.register()
        let command = "'\(try GradusProcess.binary())' \(line) --repo '\(site.repo)' --actor rita > /dev/full"
        let result = try CommandRunner(site.environment).run(["bash", "-c", command])
        #expect(result.status == 1 && result.errors.contains("cannot write the output: No space left on device"), "\(result)")
    }

    @Test func documentsOfManyRecordsAreOneDocumentToo() throws {
        let site = try Site()
        try site.register()
        try site("reconcile")
        let records = try site.records()
        let export = try site.json("audit export")
        #expect(export.text("kind") == "AuditExport" && export["records"]?.items.count == records.count)
        #expect(try site("audit export -o jsonl").lines?.count == records.count)
        let statements = try site.json("audit attest --stage dev")
        #expect(statements.text("kind") == "Attestations" && statements["statements"]?.items.count == 1, "\(statements)")
        let page = site.environment.folder("report.html")
        #expect(try site.json("audit report --stage dev --file \(page)").text("kind") == "AuditPopulation")
        #expect(try TemporaryFolder.read(page).contains("<html"))
        #expect(try site.json("completion bash").text("script")?.contains("gradus") == true)
        try site.json("reconcile --watch", exits: 2)
    }

    @Test func aWordThatIsNoCommandIsNamed() throws {
        let site = try Site()
        let result = try site("promot checkout --to dev", exits: 2)
        #expect(result.errors.contains("there is no command 'promot'") && result.errors.contains("gradus promote"), "\(result.errors)")
    }

    /// Each line overrides those below it; the project's file may only choose the form of output.
    @Test func settingsHaveTheirOrder() throws {
        let site = try Site(.workTree)
        let folder = site.environment.folder
        func output(_ arguments: [String] = [], _ variables: [String: String] = [:]) throws -> String {
            try site.run(["status"] + arguments, adding: variables).output
        }
        #expect(try output().hasPrefix("SERVICE"))
        try folder.write("config/gradus/config.yaml", "output: jsonl\n")
        #expect(try output().hasPrefix("{\"apiVersion\""))
        try folder.write("work/.gradus/config.yaml", "output: json\n")
        #expect(try output().hasPrefix("{\n"))
        #expect(try output([], ["GRADUS_OUTPUT": "jsonl"]).hasPrefix("{\"apiVersion\""))
        #expect(try output(["-o", "text"], ["GRADUS_OUTPUT": "jsonl"]).hasPrefix("SERVICE"))
        #expect(try output(["-o=text"], ["GRADUS_OUTPUT": "jsonl"]).hasPrefix("SERVICE"))
    }

    @Test func theProjectsFileMayNotChooseWhoActsOrWhere() throws {
        let site = try Site(.workTree)
        for setting in ["actor: olga", "repo: /elsewhere", "colour: always"] {
            try site.environment.folder.write("work/.gradus/config.yaml", setting + "\n")
            let result = try site("status", exits: 2)
            #expect(result.errors.contains(".gradus/config.yaml:1:1: error: "), "\(result.errors)")
        }
    }

    @Test func whoActsIsTakenFromFlagThenEnvironmentThenFilesThenGit() throws {
        let site = try Site(.workTree)
        let gradus = GradusProcess(site.environment)
        var version = 0
        func initiator(_ arguments: [String], _ variables: [String: String]) throws -> String? {
            version += 1
            let line = ["release", "create", "web", "2.0.\(version)", "--repo", site.repo, "-o", "json"]
            return try gradus.run(line + arguments, adding: variables).json?["record"]?.text("initiator")
        }
        #expect(try initiator([], [:]) == "rita@example.com")
        try site.environment.folder.write("config/gradus/config.yaml", "actor: sam\n")
        #expect(try initiator([], ["GITHUB_ACTOR": "bot"]) == "sam")
        #expect(try initiator([], ["GRADUS_ACTOR": "olga"]) == "olga")
        #expect(try initiator(["--actor", "Pavel P <pavel@example.com>"], ["GRADUS_ACTOR": "olga"]) == "pavel@example.com")
    }

    @Test func globalOptionsStandBeforeOrAfterTheCommand() throws {
        let site = try Site()
        let gradus = GradusProcess(site.environment)
        for line in [["--repo", site.repo, "-o", "json", "matrix"], ["matrix", "--repo=" + site.repo, "--output", "json"], ["-q", "matrix", "-o=json", "--repo", site.repo]] {
            let result = try gradus.run(line, adding: ["GRADUS_ACTOR": "rita"])
            #expect(result.code == 0 && result.json?.text("kind") == "Matrix", "\(line): \(result)")
        }
        #expect(try gradus.run(["matrix"], adding: ["GRADUS_REPO": site.repo, "GRADUS_ACTOR": "rita"]).code == 0)
    }

    @Test(arguments: [["--help"], ["help"], ["promote", "--help"], ["--version"], ["version"]])
    func helpNeedsNoRepository(_ arguments: [String]) throws {
        let environment = try HermeticEnvironment()
        let result = try GradusProcess(environment).run(arguments, in: environment.folder.path)
        #expect(result.code == 0 && !result.output.isEmpty && result.errors.isEmpty, "\(result)")
    }
}
