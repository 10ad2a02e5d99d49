import PromotionEngine
import TestSupport
import Testing

/// What commands say is what happened, and what they recommend does what it says.
@Suite struct SayingTests {
    private func site(_ rules: [String: [String]] = [:]) throws -> Site {
        var storefront = Storefront.open()
        storefront.rules = rules
        return try Site(.bare, storefront)
    }

    private func deliver(_ site: Site, _ versions: String...) throws {
        for version in versions {
            try site("release create checkout \(version)")
            try site("promote checkout --to dev --version \(version)")
        }
    }

    // MARK: Freezes

    @Test(arguments: [
        ("", true, true), ("--service checkout", true, true), ("--workflow storefront", true, true), ("--stage prod", true, false),
        ("--service checkout --stage prod", true, false), ("--stage dev", false, false), ("--service checkout --stage dev", false, false),
    ])
    func aFreezeIsToldToWhoeverAsksAboutMoreThanIt(_ scope: String, _ isFrozen: Bool, _ isPartial: Bool) throws {
        let site = try site()
        try site("freeze add --stage prod --reason audit --until +2h --include-rollbacks")
        let check = try site.json("freeze check --exit-code \(scope)", exits: isFrozen ? 8 : 0)
        #expect(check["frozen"] == .bool(isFrozen) && check["partial"] == .bool(isPartial), "\(check)")
        let text = try site("freeze check \(scope)").output
        #expect(text.contains("closes stage prod") == isFrozen && text.contains("in part") == isPartial, "\(text)")
        #expect(try site("freeze list").output.contains("stopped"))
    }

    @Test func aFreezeOfTheWorkflowClosesItsStagesAndServices() throws {
        let site = try site()
        try site("freeze add --workflow storefront --reason audit --until +2h")
        for scope in ["", "--stage dev", "--service web", "--workflow storefront"] {
            try site("freeze check --exit-code \(scope)", exits: 8)
        }
    }

    // MARK: Reasons

    @Test(arguments: [
        ["hold", "add", "--service", "checkout", "--stage", "dev", "--reason", ""], ["freeze", "add", "--stage", "dev", "--reason", " "],
        ["rollback", "checkout", "--stage", "dev", "--reason", ""], ["release", "yank", "checkout", "1.0.0", "--reason=\t "],
        ["adopt", "--reason", ""], ["promote", "checkout", "--to", "dev", "--break-glass", "hold", "--reason", "  "],
        ["reject", "checkout@dev", "--reason", ""], ["promote", "checkout", "--to", "dev", "--ticket", " "],
        ["drift", "--all", "--restore", "--reason", ""], ["review", "close", "review-1", "--reason", ""],
    ])
    func anEmptyReasonIsNone(_ line: [String]) throws {
        let site = try site()
        let result = try site.run(line)
        #expect(result.code == 2 && result.errors.contains("is empty"), "\(result.errors)")
        #expect(try site.records().isEmpty)
    }

    // MARK: Rollbacks

    @Test func aRollbackThatAHoldStopsIsRefusedWithWhatClearsIt() throws {
        let site = try site()
        try deliver(site, "1.1.0", "1.2.0")
        try site("hold add --service checkout --stage dev --reason looking", as: "olga")
        let before = try site.records().count
        let preview = try site("rollback checkout --stage dev --reason bad --dry-run")
        #expect(preview.output.contains("would be rolled back to 1.1.0") && preview.output.contains("1.2.0 -> 1.1.0"), "\(preview.output)")
        #expect(preview.output.contains("gradus hold remove hold-"))
        let refused = try site("rollback checkout --stage dev --reason bad", exits: 6)
        let said = refused.output + refused.errors
        #expect(!said.contains("wait") && said.contains("looking") && said.contains("gradus hold remove hold-"), "\(said)")
        #expect(said.contains("gradus rollback checkout --stage dev"))
        let report = try site.json("rollback checkout --stage dev --reason bad", exits: 6)
        #expect(report.text("result") == "refused" && report.gate("hold")?.text("verdict") == "failed")
        #expect(try site.records().count == before)
        let id = try #require(try site.json("hold list")["holds"]?[0]?.text("hold"))
        try site("hold remove \(id)", as: "olga")
        let done = try site("rollback checkout --stage dev --reason bad")
        #expect(done.errors.contains("gradus resume checkout --stage dev") && !done.errors.contains("gradus promote"), "\(done.errors)")
    }

    // MARK: Verification

    @Test func whatIsBeingVerifiedTellsWhatItWaitsFor() throws {
        let site = try site(["dev": ["health: report", "verify_for: 0s", "approval_required: true", "approvers: [platform-team]"]])
        try site("release create checkout 1.1.0")
        try site("promote checkout --to dev", exits: 8)
        try site("approve checkout@dev", as: "olga")
        try site("promote checkout --to dev")
        for line in ["explain checkout --to dev", "plan checkout --to dev", "status checkout"] {
            let text = try site(line).output
            #expect(text.contains("not_synced") && text.contains("gradus report checkout 1.1.0 --stage dev"), "\(text)")
            #expect(!text.contains("No gate guards"), "\(text)")
        }
        #expect(try site("status").output.contains("not_synced"))
        let report = try site.json("explain checkout --to dev")
        #expect(report["verification"]?.text("reason") == "not_synced" && report["verification"]?.text("health_timeout") == "10m", "\(report)")
        let command = try #require(report["verification"]?["carry_on"]?[0]?.stringValue)
        try site(String(command.dropFirst("gradus ".count)).replacing("Healthy", with: "Progressing"))
        #expect(try site("explain checkout --to dev").output.contains("Progressing"))
        try site(String(command.dropFirst("gradus ".count)))
        try site("reconcile")
        let settled = try site.json("explain checkout --to dev")
        #expect(settled["verification"] == .null && settled.text("phase") == "succeeded")
    }

    @Test func waitingTellsOnceWhichGateIsClosed() throws {
        let site = try site()
        try site("release create checkout 1.1.0")
        try site("hold add --service checkout --stage dev --reason looking", as: "olga")
        let result = try site("promote checkout --to dev --wait=delivered --timeout 1s", exits: 7)
        #expect(result.errors.split(separator: "\n").count { $0.contains("waits to enter dev: hold") && $0.contains("looking") } == 1, "\(result.errors)")
    }

    // MARK: Drift

    @Test func aBrokenFileIsNotWhatTheLedgerSays() throws {
        let site = try site()
        try deliver(site, "1.1.0")
        let path = Storefront.kustomizationPath("checkout", "dev")
        let whole = try site.file(path)
        try site.git.commit([path: whole + ": bad [\n"], "broken", to: site.authority)
        let drift = try site("drift", exits: 1)
        #expect(drift.output.hasPrefix("! error checkout in dev") && !drift.output.contains("✓"), "\(drift.output)")
        let line = whole.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(drift.output.contains("\(path):\(line):") || drift.output.contains("\(path):\(line - 1):"), "\(drift.output)")
        #expect(try site.json("drift", exits: 1).text("result") == "errored")
        let restored = try site("drift --restore --all --reason mend", exits: 1)
        #expect(restored.output.contains(path) && !restored.output.contains("Nothing was changed"), "\(restored.output)")
        #expect(try site("status checkout").output.contains("\(path):"))
    }

    // MARK: Yanked and mixed

    @Test func aYankedReleaseIsMarkedWhereItRuns() throws {
        var storefront = Storefront.open()
        storefront.more["workflows/groups.yaml"] = Storefront.groups + "permissions: [{allow: [promote, yank], groups: ['*']}]\n"
        let site = try Site(.bare, storefront)
        try deliver(site, "1.1.0")
        try site("release yank checkout 1.1.0 --reason CVE")
        #expect(try site("matrix").output.contains("1.1.0 x") && site("matrix").output.contains("x yanked"))
        #expect(try site.json("matrix")["services"]?[0]?["cells"]?["dev"]?["yanked"]?.text("reason") == "CVE")
        #expect(try site("status checkout").output.contains("yanked: CVE"))
        #expect(try site("release list").output.contains("1.1.0 yanked"))
        #expect(try site("release show checkout 1.1.0").output.contains("yanked") && site.json("release show checkout 1.1.0")["yanked"]?.text("by") == "rita")
    }

    @Test func adoptedFieldsThatDisagreeStayMixed() throws {
        let site = try site()
        try deliver(site, "1.1.0")
        let path = Storefront.kustomizationPath("checkout", "dev")
        try site.git.commit([path: try site.file(path).replacing("newTag: 1.1.0", with: "newTag: 1.5.0")], "by hand", to: site.authority)
        func isMixed() throws -> JSONValue? { try site.json("matrix")["services"]?[0]?["cells"]?["dev"]?["mixed"] }
        #expect(try isMixed() == true)
        try site("drift --adopt --all --reason stands", as: "olga")
        #expect(try isMixed() == true)
        try deliver(site, "1.6.0")
        #expect(try isMixed() == false)
    }

    // MARK: Repetition and dry runs

    @Test func endingTwiceIsEndingOnce() throws {
        let site = try site(["dev": ["approval_required: true", "approvers: [platform-team]"]])
        try site("release create checkout 1.1.0")
        let id = try #require(try site.json("promote checkout --to dev", exits: 8).text("id"))
        try site("hold add --service web --stage dev --reason looking")
        try site("freeze add --stage prod --reason audit")
        let hold = try #require(try site.json("hold list")["holds"]?[0]?.text("hold"))
        let freeze = try #require(try site.json("freeze list")["freezes"]?[0]?.text("freeze"))
        for line in ["abort \(id)", "hold remove \(hold)", "freeze remove \(freeze)"] {
            #expect(try site.json(line).text("result") == "recorded")
            let again = try site.json(line)
            #expect(again.text("result") == "unchanged" && again["record"] == .null, "\(again)")
        }
        for line in ["abort checkout-dev-99", "hold remove hold-99", "freeze remove freeze-99"] { try site(line, exits: 2) }
    }

    @Test(arguments: ["hold add --service web --stage dev --reason x", "freeze add --stage dev --reason x", "resume checkout --stage dev", "report checkout 1.1.0 tests=1"])
    func aDryRunSaysWhatItWouldRecord(_ line: String) throws {
        let site = try site()
        try deliver(site, "1.1.0")
        try site("hold add --service checkout --stage dev --reason looking")
        let before = try site.records().count
        #expect(try site("\(line) --dry-run").output.hasPrefix("Would record: "))
        #expect(try site.records().count == before)
    }

    @Test func retryShowsWhatItWouldDo() throws {
        let site = try site(["dev": ["approval_required: true", "approvers: [platform-team]"]])
        try site("release create checkout 1.1.0")
        try site("promote checkout --to dev", exits: 8)
        let before = try site.records().count
        let shown = try site("retry checkout@dev --dry-run").output
        #expect(shown.contains("+    newTag: 1.1.0") && shown.contains("approval"), "\(shown)")
        #expect(try site.records().count == before)
    }

    // MARK: Recommended commands

    @Test func theApprovalThatIsRecommendedIsOfTheVersionThatWasShown() throws {
        let site = try site(["qa": ["approval_required: true", "approvers: [platform-team]"]])
        try deliver(site, "1.1.0", "1.2.0")
        let gate = try #require(try site.json("explain checkout --to qa --version 1.1.0").gate("approval"))
        #expect(gate.text("clear_with") == "gradus approve checkout@qa --version 1.1.0")
        let approved = try site("approve checkout@qa --version 1.1.0", as: "olga")
        #expect(approved.output.contains("version 1.1.0"), "\(approved.output)")
        #expect(try site.json("explain checkout --to qa --version 1.1.0").gate("approval")?.text("verdict") == "passed")
        try site("reject checkout@qa --version 1.2.0", as: "olga")
        #expect(try site("approve checkout@qa --version 1.2.0", as: "olga").errors.contains("--withdraw"))
    }
}
