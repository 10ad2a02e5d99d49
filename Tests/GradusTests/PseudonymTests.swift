import Glibc
import PromotionEngine
import TestSupport
import Testing

/// A person is shown by another name, and nothing that was recorded changes.
@Suite struct PseudonymTests {
    private let site: Site

    /// olga approved one production change with a reason that names her; rita may pseudonymise.
    init() throws {
        let permissions = """
              auditors: [rita]
            permissions:
              - {allow: [promote, rollback, approve, hold, adopt], groups: ["*"]}
              - {allow: [pseudonymise], groups: [auditors]}

            """
        site = try Site(
            .bare,
            Storefront(
                automatic: [], rules: ["prod": ["approval_required: true", "approvers: [platform-team]"]],
                more: ["workflows/groups.yaml": Storefront.groups + permissions]))
        try site("release create checkout 1.4.2 --author anna --author olga-b")
        for stage in Storefront.stages.dropLast() { try site("promote checkout --to \(stage)") }
        try site("promote checkout --to prod --ticket CHG-1", exits: 8)
        _ = try site.run(["approve", "checkout@prod", "--reason", "olga read it; ask olga@example.com, not olga-b"], as: "olga")
        try site("reconcile")
    }

    private static let given = ["audit", "pseudonymise", "olga", "--also", "olga@example.com", "--as", "person-a", "--reason", "she left"]

    @discardableResult
    private func pseudonymise(as actor: String = "rita") throws -> GradusResult { try site.run(Self.given, as: actor) }

    @Test func everyReaderShowsThePseudonymAndTheChainStays() throws {
        let before = try site.records()
        #expect(try pseudonymise().code == 0)
        let after = try site.records()
        #expect(after.dropLast().map { $0.text("hash") } == before.map { $0.text("hash") })
        for line in [
            "history", "history -o jsonl", "audit report -o json", "audit sample --count 1 --seed x", "audit export --format csv",
            "audit export --format jsonl", "audit export --format html", "audit attest", "audit access",
        ] {
            let shown = try site(line).output.replacing("olga-b", with: "")
            #expect(!shown.contains("olga") && shown.contains("person-a"), "\(line): \(shown)")
        }
        let shown = try #require(after.first { $0.text("type") == "approval.given" })
        #expect(shown.text("initiator") == "person-a" && shown["pseudonymised"] == true)
        #expect(shown.text("reason") == "person-a read it; ask person-a, not olga-b")
        #expect(try #require(after.first { $0.text("type") == "release.registered" })["pseudonymised"] == nil)
        try site.expectSoundLedger()
        let head = try #require(after.last?.text("hash"))
        let script = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/scripts/verify-ledger.py"
        let second = try CommandRunner(site.environment).run(["python3", script, site.authority])
        #expect(second.status == 0 && second.output.contains(head), "\(second)")
    }

    @Test func listsAndReleasesShowThePseudonymToo() throws {
        _ = try site.run(["hold", "add", "--service", "web", "--stage", "prod", "--reason", "olga looks"], as: "olga")
        let then = Instant(seconds: Int(time(nil)))
        usleep(1_100_000)
        #expect(try pseudonymise().code == 0)
        for line in [
            "release show checkout 1.4.2 -o json", "release list -o json", "hold list", "hold list -o json", "matrix -o json", "matrix --at \(then) -o json",
        ] {
            let shown = try site(line).output.replacing("olga-b", with: "")
            #expect(!shown.contains("olga") && shown.contains("person-a"), "\(line): \(shown)")
        }
    }

    @Test func peopleAreFoundByTheNameThatIsShown() throws {
        try pseudonymise()
        let found = try site.json("history --person person-a")["records"]?.items.compactMap { $0.text("type") }
        #expect(found == ["approval.given", "admitted"])
    }

    @Test func decisionsGoByTheIdAsBefore() throws {
        try pseudonymise()
        try site("release create checkout 1.4.3")
        for stage in Storefront.stages.dropLast() { try site("promote checkout --to \(stage)") }
        try site("promote checkout --to prod", exits: 8)
        try site("approve checkout@prod", exits: 4, as: "person-a")
        try site("approve checkout@prod", as: "olga")
        try site("promote checkout --to prod")
    }

    @Test func theSameAgainRecordsNothingAndADryRunNeither() throws {
        #expect(try site.run(Self.given + ["--dry-run"]).code == 0)
        #expect(try !site.types().contains("subject.pseudonymised"))
        try pseudonymise()
        let count = try site.records().count
        #expect(try pseudonymise().code == 0)
        #expect(try site.run(["audit", "pseudonymise", "olga@example.com", "--reason", "again"]).code == 0)
        #expect(try site.records().count == count)
    }

    @Test func whoMayNotIsDeniedOnRecord() throws {
        #expect(try pseudonymise(as: "pavel").code == 4)
        #expect(try site.records().last?.text("action") == "pseudonymise")
    }

    @Test(arguments: ["olga", "pavel", "", "platform-team", "a\u{1}b"])
    func aNameThatIsSomebodysIsRefused(_ name: String) throws {
        let groups = try site.file("workflows/groups.yaml") + "people: {pavel: {name: Pavel}}\n"
        try site.git.commit(["workflows/groups.yaml": groups], "people", to: site.authority)
        let refused = try site.run(["audit", "pseudonymise", "olga", "--as", name, "--reason", "r"])
        #expect(refused.code == 2 && refused.errors.contains("Hint: "), "\(refused)")
    }

    @Test func twoPersonsDoNotShareAName() throws {
        try pseudonymise()
        #expect(try site.run(["audit", "pseudonymise", "sam", "--as", "person-a", "--reason", "r"]).code == 2)
        #expect(try site.run(["audit", "pseudonymise", "sam", "--also", "olga", "--reason", "r"]).code == 2)
    }

    @Test func aCheckpointKeepsIt() throws {
        try pseudonymise()
        for number in 0..<260 { try site("report checkout 1.4.2 count=\(number)") }
        #expect(try site.json("audit report")["changes"]?[0]?["approvals"]?[0]?.text("person") == "person-a")
        try site.expectSoundLedger()
    }
}
