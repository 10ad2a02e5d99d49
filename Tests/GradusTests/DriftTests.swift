import PromotionEngine
import TestSupport
import Testing

/// What was changed by hand is found, accepted by somebody else, or put back.
@Suite struct DriftTests {
    private let site: Site
    private let path = Storefront.kustomizationPath("checkout", "dev")

    /// 1.4.2 is in dev by promotion, and somebody then wrote another tag.
    init() throws {
        site = try Site(.bare, .open())
        try site("release create checkout 1.4.1")
        try site("promote checkout --to dev --version 1.4.1")
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev --version 1.4.2")
    }

    private func changeByHand() throws {
        let text = try site.file(path).replacing("newTag: 1.4.2", with: "newTag: 9.9.9")
        try site.git.commit([path: text], "urgent", to: site.authority)
    }

    @Test func nothingDiffersAfterPromotions() throws {
        let report = try site.json("drift --exit-code")
        #expect(report.text("result") == "none")
        #expect(report["findings"]?.items.isEmpty == true)
    }

    @Test func aChangeByHandIsToldWithItsAuthorAndFields() throws {
        try changeByHand()
        let report = try site.json("drift --exit-code", exits: 3)
        let finding = try #require(report["findings"]?[0])
        #expect(finding.text("service") == "checkout" && finding.text("stage") == "dev" && finding.text("kind") == "overlay")
        #expect(finding.text("recorded") == "1.4.2")
        #expect(finding.text("author") == "Rita Release <rita@example.com>")
        #expect(finding["edits"]?.items.count == 1)
        #expect(finding["edits"]?[0]?.text("old") == "1.4.2" && finding["edits"]?[0]?.text("new") == "9.9.9")
        #expect(finding["is_recorded"] == .bool(false))
        try site("reconcile")
        #expect(try site.json("drift")["findings"]?[0]?["is_recorded"] == .bool(true))
        #expect(try site.json("drift --stage qa")["findings"]?.items.isEmpty == true)
    }

    @Test(arguments: [false, true])
    func anotherPersonAdoptsItAndTheAuthorCannot(_ isRecorded: Bool) throws {
        try changeByHand()
        if isRecorded { try site("reconcile") }
        let adopt = ["drift", "--service", "checkout", "--stage", "dev", "--adopt", "--reason", "the fix stands"]
        for author in ["rita", "rita@example.com", "Rita Release <rita@example.com>"] {
            #expect(try site.run(adopt, as: author).code == 4, "\(author)")
        }
        #expect(try site.json("drift")["findings"]?.items.count == 1)
        #expect(try site.run(adopt, as: "olga").code == 0)
        #expect(try site.json("drift --exit-code")["findings"]?.items.isEmpty == true)
        #expect(try site.types().suffix(2) == (isRecorded ? ["denied", "drift.adopted"] : ["external-change", "drift.adopted"]))
        #expect(try site.json("matrix")["services"]?[0]?["cells"]?["dev"]?["drift"] == .bool(false))
        // A later change by hand is found again.
        let text = try site.file(path).replacing("newTag: 9.9.9", with: "newTag: 9.9.10")
        try site.git.commit([path: text], "once more", to: site.authority)
        #expect(try site.json("drift")["findings"]?.items.count == 1)
        try site.expectSoundLedger()
    }

    @Test(arguments: [false, true])
    func restoringPutsTheBytesBack(_ isRecorded: Bool) throws {
        let before = try site.file(path)
        try changeByHand()
        if isRecorded {
            try site("reconcile")
            let text = try site.file(path).replacing("newTag: 9.9.9", with: "newTag: 9.9.10")
            try site.git.commit([path: text], "once more", to: site.authority)
        }
        let restore = ["drift", "--all", "--restore", "--reason", "by mistake"]
        #expect(try site.run(restore + ["--dry-run"]).code == 0)
        #expect(try site.file(path) != before)
        #expect(try site.run(restore).code == 0)
        #expect(try site.file(path) == before)
        #expect(try site.json("drift --exit-code").text("result") == "none")
        #expect(try site.json("matrix")["services"]?[0]?["cells"]?["dev"]?.text("version") == "1.4.2")
        let requested = try site.records().last { $0.text("type") == "requested" }
        #expect(requested?.text("trigger") == "restore" && requested?.text("reason") == "by mistake")
        #expect(try site.run(restore).code == 0)
        try site.expectSoundLedger()
    }

    @Test func aFreezeKeepsTheRestorationWaiting() throws {
        try changeByHand()
        let changed = try site.file(path)
        #expect(
            try site.run([
                "freeze", "add", "--stage", "dev", "--reason", "year end", "--start", "2020-01-01", "--until", "2099-01-01",
            ]).code == 0)
        let result = try site.run(["drift", "--service", "checkout", "--stage", "dev", "--restore", "--reason", "why"])
        #expect(result.code == 8)
        #expect(result.output.contains("frozen"))
        #expect(try site.file(path) == changed)
    }

    @Test(arguments: [
        "drift --adopt --reason x", "drift --restore --service checkout --reason x", "drift --all --adopt",
        "drift --all --adopt --restore --reason x", "drift --stage nowhere", "drift --service nobody",
    ])
    func whatIsNotSaidWhollyIsRefused(_ line: String) throws {
        try site(line, exits: 2)
    }

    @Test func stagesThatAreBehindAreTold() throws {
        try site("promote checkout --to qa --version 1.4.1")
        let lag = try #require(try site.json("drift")["lags"]?[0])
        #expect(lag.text("stage") == "qa" && lag.text("upstream") == "dev" && lag["releases"] == .int(1))
    }
}
