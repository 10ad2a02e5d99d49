import Glibc
import PromotionEngine
import TestSupport
import Testing

/// Ways of deceiving an auditor who has the repository, and perhaps a note of where the chain ended.
@Suite struct AuditVerifyTests {
    private static let ledger = "refs/heads/gradus/ledger/000001"

    /// A site with one promotion to dev; its ledger has seven records.
    private func promoted() throws -> Site {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site("report checkout 1.4.2 test_pass_rate=97")
        try site("promote checkout --to dev")
        return site
    }

    private func save(_ site: Site, _ name: String = "checkpoint.json") throws -> String {
        try site.environment.folder.write(name, site("audit verify -o json").output)
        return site.environment.folder(name)
    }

    private func verify(_ site: Site, since file: String? = nil) throws -> (code: Int32, document: JSONValue) {
        let result = try site.run(["audit", "verify", "-o", "json"] + (file.map { ["--since-checkpoint", $0] } ?? []))
        return (result.code, try #require(result.json, "\(result)"))
    }

    private func expectFault(_ site: Site, _ seq: Int, _ part: String, since file: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (code, document) = try verify(site, since: file)
        let fault = document.text("fault") ?? "no fault"
        #expect(code == 1 && document.text("result") == "broken", sourceLocation: sourceLocation)
        #expect(fault.hasPrefix("record \(seq)") && fault.contains(part), "\(fault)", sourceLocation: sourceLocation)
    }

    /// Writes the ledger anew with other records, well chained, as somebody with the engine's source could.
    private func forge(_ site: Site, _ edit: (inout [LedgerRecord]) throws -> Void) throws {
        var records: [LedgerRecord] = []
        for message in try site.git.commits(Self.ledger, in: site.authority).map({ try site.git.message(of: $0, in: site.authority) }) {
            let body = message.split(separator: "\n", omittingEmptySubsequences: false)[2]
            records.append(try LedgerRecord(canonicalText: String(body), previousHash: records.last?.hash ?? Digest.none))
        }
        try edit(&records)
        var (previous, parent) = (Digest.none, String?.none)
        for (position, record) in records.enumerated() {
            let forged = LedgerRecord(
                seq: position + 1, at: record.at, initiator: record.initiator, fact: record.fact, rules: record.rules,
                checkpoint: record.checkpoint, previousHash: previous)
            parent = try store(site, forged, parent)
            previous = forged.hash
        }
        try site.git.git("update-ref", Self.ledger, #require(parent), in: site.authority)
    }

    /// A commit as gradus makes it: its author and times are functions of the record.
    private func store(_ site: Site, _ record: LedgerRecord, _ parent: String?) throws -> String {
        let name = ".forged-\(record.seq)"
        let tree = try site.git.git("rev-parse", Self.ledger + "^{tree}", in: site.authority)
        let who = "\(record.initiator.displayName) <\(record.initiator.id)@gradus.invalid> \(record.at.seconds) +0000"
        let lines = ["tree \(tree)"] + (parent.map { ["parent \($0)"] } ?? [])
            + ["author \(who)", "committer Gradus <gradus@gradus.invalid> \(record.at.seconds) +0000", "", RecordMessage(record).text]
        try site.environment.folder.write(name, lines.joined(separator: "\n"))
        return try site.git.git("hash-object", "-t", "commit", "-w", site.environment.folder(name), in: site.authority)
    }

    @Test func aSavedCheckpointTellsThatTheTailWasCutOff() throws {
        let site = try promoted()
        let file = try save(site)
        try site("report checkout 1.4.2 security_scan=pass")
        #expect(try verify(site, since: file).code == 0)
        try site.git.git("update-ref", Self.ledger, Self.ledger + "~3", in: site.authority)
        try expectFault(site, 6, "cut off", since: file)
    }

    @Test func aSavedCheckpointTellsThatAllWasWrittenAnew() throws {
        let site = try promoted()
        let file = try save(site)
        try forge(site) { records in
            let posted = EvidencePosted(service: "checkout", version: "1.4.2", stage: nil, values: ["test_pass_rate": "100"])
            records[2] = LedgerRecord(seq: 3, at: records[2].at, initiator: records[2].initiator, fact: .evidencePosted(posted), rules: records[2].rules, previousHash: "")
        }
        // Who was here before remembers; to who was not, the chain itself holds.
        #expect(try verify(site).document.text("fault")?.contains("its record 7 is another one") == true)
        #expect(unlink(site.authority + "/gradus-seen") == 0)
        #expect(try verify(site).code == 0)
        try expectFault(site, 7, "written anew", since: file)
    }

    @Test func anInventedApprovalIsFoundThoughItsChainHolds() throws {
        let site = try promoted()
        try forge(site) { records in
            guard case .admitted(let admitted) = records[4].fact else { return }
            let forged = PromotionAdmitted(subject: admitted.subject, planDigest: admitted.planDigest, base: admitted.base, gates: admitted.gates, approvedBy: ["olga"])
            records[4] = LedgerRecord(seq: 5, at: records[4].at, initiator: records[4].initiator, fact: .admitted(forged), rules: records[4].rules, previousHash: "")
        }
        try expectFault(site, 5, "approval by olga")
    }

    @Test(arguments: [3, 4])
    func aDeliveryWithoutItsDecisionIsFoundThoughItsChainHolds(_ position: Int) throws {
        let site = try promoted()
        try forge(site) { $0.remove(at: position) }
        try expectFault(site, position + 1, position == 3 ? "nobody requested" : "never admitted")
    }

    @Test func anAdmissionPastAClosedGateIsFoundThoughItsChainHolds() throws {
        let site = try promoted()
        try forge(site) { records in
            guard case .admitted(let admitted) = records[4].fact else { return }
            let gates = admitted.gates + [Gate(id: "dev.entry.scan", criterion: "scan", verdict: .failed, reason: "")]
            let forged = PromotionAdmitted(subject: admitted.subject, planDigest: admitted.planDigest, base: admitted.base, gates: gates, approvedBy: [])
            records[4] = LedgerRecord(seq: 5, at: records[4].at, initiator: records[4].initiator, fact: .admitted(forged), rules: records[4].rules, previousHash: "")
        }
        try expectFault(site, 5, "dev.entry.scan is failed and was not skipped")
    }

    @Test func aSecondEndOfAPromotionIsFoundThoughItsChainHolds() throws {
        let site = try promoted()
        try forge(site) { records in
            guard let last = records.last, case .succeeded(let closed) = last.fact else { return }
            let forged = PromotionClosed(subject: closed.subject, reason: "x")
            records.append(LedgerRecord(seq: 8, at: last.at, initiator: last.initiator, fact: .aborted(forged), rules: last.rules, previousHash: ""))
        }
        try expectFault(site, 8, "which is not open")
    }

    @Test func aRecordThatNobodyKnowsIsNamed() throws {
        let site = try promoted()
        try forge(site) { records in
            guard let last = records.last else { return }
            let members: [String: JSONValue] = [
                "type": "frobnicated", "v": 1, "seq": 8, "at": .string(last.at.description), "initiator": "rita", "authenticated": false,
            ]
            records.append(
                LedgerRecord(seq: 8, at: last.at, initiator: last.initiator, fact: .unknown(type: "frobnicated", members: members), previousHash: ""))
        }
        let (code, document) = try verify(site)
        #expect(code == 0 && document["warnings"]?[0]?.stringValue?.hasPrefix("record 8 has the type 'frobnicated'") == true, "\(document)")
    }

    @Test func anotherAuthorOfARecordIsFound() throws {
        let site = try promoted()
        try site.git.rewrite(Self.ledger, in: site.authority) { _, message in message }
        try expectFault(site, 1, "author")
    }

    @Test func aDeliveryThatNamesAnotherCommitIsFound() throws {
        let site = try promoted()
        let start = try site.git.git("rev-parse", "main~1", in: site.authority)
        try forge(site) { records in
            for (position, record) in records.enumerated() {
                guard case .delivered(let delivered) = record.fact else { continue }
                let forged = PromotionDelivered(subject: delivered.subject, commit: start, edits: delivered.edits)
                records[position] = LedgerRecord(seq: record.seq, at: record.at, initiator: record.initiator, fact: .delivered(forged), rules: record.rules, previousHash: "")
            }
        }
        try expectFault(site, 6, "does not carry the values")
    }

    @Test func aCommitThatTouchesADeclaredValueIsNamedWithoutReconcile() throws {
        let site = try promoted()
        let path = Storefront.kustomizationPath("checkout", "dev")
        let text = try site.file(path)
        try site.git.commit([path: text.replacing("1.4.2", with: "6.6.6")], "urgent", to: site.authority)
        try site.git.commit(["README.md": "hello"], "words", to: site.authority)
        for isRecorded in [false, true] {
            let (code, document) = try verify(site)
            let external = try #require(document["external"]?.items)
            #expect(code == 0, "\(document)")
            try #require(external.count == 1, "\(document)")
            #expect(external[0].text("author") == "Rita Release <rita@example.com>" && external[0].text("subject") == "urgent")
            #expect(external[0]["edits"]?[0]?.text("new") == "6.6.6" && external[0]["recorded"] == .bool(isRecorded))
            let told = try site("audit verify")
            #expect(told.output.contains("Rita Release <rita@example.com>") && told.errors.contains("gradus reconcile") != isRecorded)
            try site("reconcile")
        }
    }

    @Test func aForgedTrailerDoesNotMakeAPromotion() throws {
        let site = try promoted()
        let path = Storefront.kustomizationPath("checkout", "dev")
        try site.git.commit([path: try site.file(path).replacing("1.4.2", with: "6.6.6")], "Promote\n\nGradus-Promotion: checkout-dev-99", to: site.authority)
        let document = try verify(site).document
        #expect(document["external"]?[0]?["claims"]?[0]?.stringValue == "checkout-dev-99")
    }

    @Test func aMergeThatBringsAPromotionIsNoChangeFromOutside() throws {
        let site = try promoted()
        try site("promote checkout --to qa")
        let place = try site.git.clone(site.authority, "merge")
        try site.git.git("checkout", "-q", "-b", "side", "HEAD~1", in: place)
        try site.environment.folder.write("merge/notes.txt", "x")
        try site.git.git("add", ".", in: place)
        try site.git.git("commit", "-q", "-m", "notes", in: place)
        try site.git.git("merge", "-q", "--no-edit", "main", in: place)
        try site.git.git("push", "-q", "origin", "HEAD:main", in: place)
        try site("promote checkout --to staging")
        let (code, document) = try verify(site)
        #expect(code == 0 && document["external"]?.items.isEmpty == true && document["warnings"]?.items.isEmpty == true, "\(document)")
    }

    @Test func aRewrittenBranchIsWarnedAbout() throws {
        let site = try promoted()
        try site.git.git("update-ref", "refs/heads/main", "main~1", in: site.authority)
        let (code, document) = try verify(site)
        #expect(code == 0 && document["warnings"]?[0]?.stringValue?.contains("no branch has the deploy commits") == true, "\(document)")
    }

    @Test(arguments: ["", "{}", "not json", #"{"seq":0,"hash":"00"}"#, #"{"chain_head":{"seq":1,"hash":"XY"}}"#])
    func whatIsNoSavedCheckpointIsAUsageError(_ text: String) throws {
        let site = try Site(.bare, .open())
        try site.environment.folder.write("bad.json", text)
        let result = try site("audit verify --since-checkpoint \(site.environment.folder("bad.json"))", exits: 2)
        #expect(result.errors.contains("no saved checkpoint") && result.errors.contains("gradus audit verify -o json"))
    }
}
