import PromotionEngine
import TestSupport
import Testing

/// Forms of arguments that other tools take, and texts that are refused.
@Suite struct ArgumentFormTests {
    @Test(arguments: [["matrix", "-ojson"], ["-ojson", "matrix"], ["matrix", "-o=json"], ["matrix", "-o", "json"], ["matrix", "--output=json"]])
    func theFormOfOutputMayStandWithItsLetter(_ line: [String]) throws {
        let result = try Site().run(line)
        #expect(result.code == 0 && result.json?.text("kind") == "Matrix", "\(result)")
    }

    @Test func aDryRunSaysPlanned() throws {
        let site = try Site(.bare, .open())
        #expect(try site.json("release create checkout 1.4.2 --dry-run").text("result") == "planned")
        try site("release create checkout 1.4.2")
        #expect(try site.json("release create checkout 1.4.2 --dry-run").text("result") == "unchanged")
        #expect(try site.json("report checkout 1.4.2 smoke_tests=pass --dry-run").text("result") == "planned")
        #expect(try site.json("adopt --service web --reason moving --dry-run").text("result") == "planned")
        #expect(try site.types() == ["segment.opened", "release.registered"])
    }

    @Test func aWrongTimeIsToldHowTimesAreWritten() throws {
        let told = try Site()("history --since yesterday", exits: 2)
        #expect(told.errors.contains("2026-10-15T12:00:00Z (RFC 3339)") && told.errors.contains("+2h"), "\(told)")
    }

    @Test func aVersionIsQuotedAsItWasGiven() throws {
        let site = try Site()
        #expect(try site("release create checkout ümlaut", exits: 2).errors.contains("'ümlaut' is not a version"))
        #expect(try site.run(["release", "create", "checkout", "1\u{1B}[2J\n2"]).errors.contains("'1[2J2' is not a version"))
    }

    @Test(arguments: [("--reason", 2_000), ("--ticket", 200)])
    func textsHaveALength(_ option: String, _ limit: Int) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        for arguments in [[option, String(repeating: "x", count: limit + 1)], ["\(option)=" + String(repeating: "é", count: limit / 2 + 1)]] {
            let result = try site.run(["promote", "checkout", "--to", "dev", "-o", "json"] + arguments)
            #expect(result.code == 2 && result.json?.text("message")?.hasPrefix("\(option) takes \(limit) bytes at most") == true, "\(result)")
        }
        #expect(try site.deployments().isEmpty)
        #expect(try site.run(["promote", "checkout", "--to", "dev", option, String(repeating: "x", count: limit)]).code == 0)
    }

    @Test func aFileURLIsDecoded() throws {
        let environment = try HermeticEnvironment()
        let git = GitFixture(environment)
        let work = try git.makeWorkTree("work", Storefront.open().files)
        let bare = try git.makeBareClone(of: work, "with space 100%.git")
        let gradus = GradusProcess(environment)
        for url in ["file://" + bare.replacing("%", with: "%25").replacing(" ", with: "%20"), "file://localhost" + bare.replacing(" ", with: "%20")] {
            let result = try gradus.run(["release", "create", "checkout", "1.4.2", "--repo", url, "--actor", "rita"])
            #expect(result.code == 0, "\(url): \(result)")
        }
        #expect(try git.references("refs/heads/gradus", in: bare).count == 1)
    }

    @Test func aHostileTicketPatternIsAnsweredPromptly() throws {
        let site = try Site(.bare, Storefront(automatic: [], rules: ["dev": ["entry_criteria: [{change_ticket: \"^(a+)+$\"}]"]]))
        try site("release create checkout 1.4.2")
        let ticket = String(repeating: "a", count: 199) + "!"
        let result = try site.json("promote checkout --to dev --ticket \(ticket)", exits: 6)
        #expect(result.gate("dev.entry.change_ticket")?.text("verdict") == "failed")
    }
}
