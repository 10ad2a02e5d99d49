import PromotionEngine
import TestSupport
import Testing

/// What an auditor takes out of a repository, through the built binary, judged by other programs where there are any.
@Suite struct AuditCommandTests {
    /// One orderly production change, one that somebody made outside, one whose tests passed after failing.
    private func site() throws -> Site {
        let site = try Site(.bare, Storefront(automatic: [], rules: ["prod": ["approval_required: true", "approvers: [platform-team]"]]))
        try site("release create checkout 1.4.2 --author anna --image registry.example/checkout:1.4.2@sha256:\(Digest.sha256("x"))")
        try site("report checkout 1.4.2 test_pass_rate=97")
        try site("report checkout 1.4.2 test_pass_rate=100")
        for stage in Storefront.stages.dropLast() { try site("promote checkout --to \(stage)") }
        _ = try site.run(["promote", "checkout", "--to", "prod", "--reason", "=HYPERLINK(\"x\") <b>", "--ticket", "CHG-1"])
        try site("approve checkout@prod", as: "olga")
        try site("reconcile")
        let path = Storefront.kustomizationPath("checkout", "prod")
        try site.git.commit([path: try site.file(path).replacing("1.4.2", with: "6.6.6")], "urgent", to: site.authority)
        return site
    }

    private func shell(_ site: Site, _ line: String) throws -> CommandResult {
        try CommandRunner(site.environment).run(["/bin/sh", "-c", "cd \(site.environment.folder.path) && \(line)"])
    }

    @Test func thePopulationIsWholeAndExceptionsAreNamed() throws {
        let site = try site()
        let changes = try #require(try site.json("audit report")["changes"]?.items)
        #expect(changes.count == 2 && changes[0].text("version") == "1.4.2" && changes[0].text("separation") == "separated")
        #expect(changes[0]["exceptions"] == ["pass_after_fail"] && changes[0].text("ticket") == "CHG-1")
        #expect(changes[0]["approvals"]?[0]?.text("person") == "olga" && changes[0]["approvals"]?[0]?["authenticated"] == false)
        #expect(changes[1]["exceptions"] == ["unrecorded_external"] && changes[1].text("requester") == "Rita Release <rita@example.com>")
        try site("reconcile")
        #expect(try site.json("audit report")["changes"]?[1]?["exceptions"] == ["external"])
        #expect(try site.json("audit report --until 2020-01-01")["population"] == 0)
        try site("audit report --stage moon", exits: 2)
        try site("audit report --service moon", exits: 2)
        try site("audit report --since 2026-02-01 --until 2026-01-01", exits: 2)
    }

    @Test func thePageIsWellFormedAndHoldsNoMarkupOfPeople() throws {
        let site = try site()
        let page = site.environment.folder("report.html")
        try site("audit report --output \(page)")
        let text = try TemporaryFolder.read(page)
        #expect(text.contains("=HYPERLINK(&quot;x&quot;) &lt;b&gt;") && text.contains("CHG-1") && !text.contains("<b>\n"))
        let judge = """
            import sys, html.parser
            class P(html.parser.HTMLParser):
                open = []
                def handle_starttag(self, tag, attrs):
                    if tag not in ('meta','input','br'): self.open.append(tag)
                def handle_startendtag(self, tag, attrs): pass
                def handle_endtag(self, tag):
                    assert self.open.pop() == tag, (tag, self.getpos())
            p = P(); p.feed(open(sys.argv[1]).read()); assert not p.open, p.open
            """
        try site.environment.folder.write("judge.py", judge)
        let judged = try shell(site, "python3 judge.py report.html")
        #expect(judged.status == 0, "\(judged.errors)")
    }

    @Test func anExportIsWhatItsManifestSays() throws {
        let site = try site()
        let folder = site.environment.folder("evidence")
        try site("audit export --output \(folder)")
        #expect(try shell(site, "cd evidence && sha256sum -c --quiet SHA256SUMS").status == 0)
        let manifest = try JSONValue(parsing: TemporaryFolder.read(folder + "/manifest.json"))
        let records = try site.records()
        #expect(manifest["records"] == .int(records.count) && manifest["chain_head"]?.text("hash") == records.last?.text("hash"))
        let history = try site("history -o jsonl").output
        #expect(try TemporaryFolder.read(folder + "/records.jsonl") == history)
        let judge = """
            import csv, json
            rows = list(csv.DictReader(open('evidence/records.csv', newline='')))
            lines = [json.loads(line) for line in open('evidence/records.jsonl')]
            assert [r['hash'] for r in rows] == [l['hash'] for l in lines]
            assert all(json.loads(r['record'])['seq'] == int(r['seq']) for r in rows)
            assert [r['reason'] for r in rows if r['ticket']] == ["'=HYPERLINK(\\"x\\") <b>"]
            """
        try site.environment.folder.write("judge.py", judge)
        let judged = try shell(site, "python3 judge.py")
        #expect(judged.status == 0, "\(judged.errors)")
        try site("audit export --output \(folder)", exits: 2)
        try site("audit verify --since-checkpoint \(folder)/manifest.json")
        #expect(try site("audit export --format csv --stage prod --service checkout").output.split(separator: "\r\n").count == 6)
        try site("audit export --format csv --format html", exits: 2)
    }

    @Test func aPipeIsWrittenIntoAndStaysAPipe() throws {
        let site = try site()
        let gradus = "'\(try GradusProcess.binary())'"
        let script = """
            mkfifo pipe; cat pipe > read.html & timeout 20 \(gradus) audit report --file pipe --repo '\(site.repo)' --actor rita; kill %1 2>/dev/null; wait
            test -p pipe && grep -q '<html' read.html
            """
        #expect(try shell(site, script).status == 0)
    }

    @Test func aSampleIsDrawnAgainByAnotherProgram() throws {
        let site = try site()
        let sample = try site.json("audit sample --count 2 --seed q4")
        let ids = try #require(sample["items"]?.items.compactMap { $0.text("id") })
        let expected = try #require(try site.json("audit report")["changes"]?.items.compactMap { $0.text("id") })
            .sorted { Digest.sha256("q4:" + $0) < Digest.sha256("q4:" + $1) }
        #expect(ids == expected && sample["population"] == 2)
        try site("audit sample --count 1 --seed q4 --output \(site.environment.folder("sample.html"))")
        #expect(try site.environment.folder.read("sample.html").contains("Sample item 1 of 1"))
        try site("audit sample --count 0 --seed q4", exits: 2)
    }

    @Test func ruleChangesAreNamedWithTheirDirectionAndAuthor() throws {
        let site = try site()
        let path = "workflows/storefront.yaml"
        let text = try site.file(path)
        try site.git.commit([path: text.replacing("    approvers: [platform-team]\n", with: "").replacing("    approval_required: true\n", with: "")], "quick", to: site.authority)
        try site.git.commit([path: text.replacing("stages:", with: "# words\nstages:")], "back", to: site.authority)
        try site.git.commit(["workflows/groups.yaml": Storefront.groups + "permissions: [{allow: [promote], groups: [platform-team]}]\n"], "who", to: site.authority)
        let changes = try #require(try site.json("audit rules")["changes"]?.items)
        #expect(changes.map { $0.text("subject") } == ["start", "quick", "back", "who"])
        #expect(changes.dropFirst().map { $0["changes"]?[0]?.text("direction") } == ["loosened", "tightened", "tightened"])
        #expect(changes[1]["changes"]?[0]?.text("text") == "storefront prod: approvals 1 of platform-team -> nobody")
        #expect(changes[1].text("author") == "Rita Release <rita@example.com>")
    }

    @Test func accessIsThatOfTheTime() throws {
        let site = try Site(.bare, Storefront(more: ["workflows/groups.yaml": Storefront.groups + "permissions: [{allow: [promote, break-glass], groups: [platform-team], stages: [prod]}]\n"]))
        let rows = try #require(try site.json("audit access --stage prod")["rows"]?.items)
        func people(_ action: String) -> JSONValue? { rows.first { $0.text("action") == action }?["people"] }
        #expect(people("promote") == ["olga", "pavel"] && people("break-glass") == ["olga", "pavel"] && people("approve") == ["olga", "pavel"])
        #expect(people("yank") == [] && people("rollback") == [])
        let early = try site("audit access --at 2001-01-01", exits: 1)
        #expect(early.errors.contains("held no rules"))
    }

    @Test(arguments: ["genpkey -algorithm ed25519", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"])
    func anAttestationVerifiesWithOpenSSL(_ algorithm: String) throws {
        let site = try site()
        #expect(try shell(site, "openssl \(algorithm) -out key.pem 2>&1 && openssl pkey -in key.pem -pubout -out key.pub").status == 0)
        let folder = site.environment.folder
        try site("audit attest --key \(folder("key.pem")) --output \(folder("a.jsonl"))")
        let script = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let good = try shell(site, "python3 /\(script)/scripts/verify-attestation.py key.pub a.jsonl")
        #expect(good.status == 0 && good.output.contains("registry.example/checkout") && good.output.contains("approved by olga"), "\(good)")
        let bad = try shell(site, "sed 's/\"payload\":\"ey/\"payload\":\"fy/' a.jsonl > b.jsonl; python3 /\(script)/scripts/verify-attestation.py key.pub b.jsonl")
        #expect(bad.status == 1 && bad.errors.contains("no good signature"), "\(bad)")
        let chain = try shell(site, "python3 /\(script)/scripts/verify-ledger.py \(site.authority)")
        let head = try #require(try site.records().last?.text("hash"))
        #expect(chain.status == 0 && chain.output.contains(head), "\(chain)")
    }

    @Test(arguments: ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "secret-canary"])
    func whatIsNoKeyIsAUsageErrorThatTellsNothingOfIt(_ text: String) throws {
        let site = try Site(.bare, .open())
        try site.environment.folder.write("key.pem", text)
        let refused = try site("audit attest --key \(site.environment.folder("key.pem"))", exits: 2)
        #expect(refused.errors.contains("cannot sign") && !refused.errors.contains("canary"))
    }

    @Test func metricsArePrintedWithTheirDefinitions() throws {
        let site = try site()
        let text = try site("metrics dora").output
        #expect(text.contains("Change failure rate: promotions that failed") && text.contains("✓ 100 %"), "\(text)")
        let metrics = try site.json("metrics dora")
        #expect(metrics["total"]?["deployments"] == 1 && metrics["total"]?.text("success_rate") == "1.0000" && metrics["services"]?[0]?.text("name") == "checkout")
        #expect(try site("metrics dora --format svg").output.hasPrefix("<svg"))
    }

    @Test func aBrokenLedgerAnswersNothing() throws {
        let site = try site()
        try site.git.rewrite("refs/heads/gradus/ledger/000001", in: site.authority) { position, message in position == 3 ? nil : message }
        for line in ["audit export", "audit sample --count 1 --seed x", "audit attest", "metrics dora", "audit report -o json"] {
            let refused = try site.run(line.split(separator: " ").map(String.init))
            #expect(refused.code == 1 && (refused.errors + refused.output).contains("gradus audit verify"), "\(line): \(refused)")
        }
        let page = try site("audit report", exits: 1).output
        #expect(page.contains("does not hold together") && page.contains("must not be relied on"))
    }
}
