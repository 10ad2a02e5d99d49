import PromotionEngine
import TestSupport
import Testing

/// A ledger that somebody has touched decides nothing, and the audit names where.
@Suite struct DamagedLedgerTests {
    private static let ledger = "refs/heads/gradus/ledger/000001"

    enum Damage: String, CaseIterable, Sendable {
        case notJSON, editedValue, editedSubject, editedTrailer, dropped, editedWithItsHash

        /// Words around the record decide nothing, so only an audit minds them.
        var stopsDecisions: Bool { self != .editedSubject && self != .editedTrailer }

        /// The message of a record after the damage; nil when it is gone.
        func applied(to message: String) -> String? {
            switch self {
            case .notJSON: return message.replacing("\n{", with: "\n[")
            case .editedValue: return message.replacing("\"97\"", with: "\"100\"")
            case .editedSubject: return "Nothing happened" + message.drop { $0 != "\n" }
            case .editedTrailer: return message.replacing("Gradus-Seq: 3", with: "Gradus-Seq: 4")
            case .dropped: return nil
            case .editedWithItsHash:
                // Record and hash agree with each other, but the next record chains to the old hash.
                let lines = message.replacing("97", with: "100").split(separator: "\n", omittingEmptySubsequences: false)
                guard let old = lines.first(where: { $0.hasPrefix("Gradus-Hash: ") }) else { return nil }
                return lines.joined(separator: "\n").replacing(old, with: "Gradus-Hash: " + String(repeating: "a", count: 64))
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func aChangedRecordIsNamedAndNothingIsDecided(_ damage: Damage) throws {
        let site = try damagedSite(damage)
        let result = try site.run(["audit", "verify", "-o", "json"])
        #expect(result.code == 1, "\(result)")
        #expect(result.json?.text("result") == "broken" && result.json?.text("fault")?.contains("record 3 ") == true, "\(result.output)")
        guard damage.stopsDecisions else { return }
        let before = try site.git.references("refs/heads", in: site.authority)
        for line in ["promote checkout --to dev", "reconcile", "report checkout 1.4.2 test_pass_rate=100", "status", "history"] {
            let refused = try site(line, exits: 1)
            #expect(refused.errors.contains("gradus audit verify"), "\(line): \(refused.errors)")
        }
        #expect(try site.git.references("refs/heads", in: site.authority) == before && site.deployments().isEmpty)
    }

    @Test(arguments: [([0, 2, 1, 3], 2), ([0, 1, 1, 2, 3], 3)])
    func swappedAndInsertedRecordsAreNamed(_ order: [Int], _ first: Int) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site("report checkout 1.4.2 test_pass_rate=97")
        try site("report checkout 1.4.2 security_scan=pass")
        let messages = try site.git.commits(Self.ledger, in: site.authority).map { try site.git.message(of: $0, in: site.authority) }
        var parent: String?
        for position in order {
            parent = try site.git.store(messages[position], tree: Self.ledger + "^{tree}", parent: parent, in: site.authority)
        }
        try site.git.git("update-ref", Self.ledger, #require(parent), in: site.authority)
        let result = try site.run(["audit", "verify", "-o", "json"])
        #expect(result.code == 1 && result.json?.text("fault")?.hasPrefix("record \(first) ") == true, "\(result)")
    }

    /// Record 3 of four is touched.
    private func damagedSite(_ damage: Damage) throws -> Site {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site("report checkout 1.4.2 test_pass_rate=97")
        try site("report checkout 1.4.2 security_scan=pass")
        try site.git.rewrite(Self.ledger, in: site.authority) { position, message in
            position == 2 ? damage.applied(to: message) : message
        }
        return site
    }

    @Test func aRecordOfANewerEngineIsShownAndNotDecidedOver() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let last = try #require(try site.records().last)
        let record = #"{"at":"2026-10-15T12:00:00Z","initiator":"olga","seq":3,"type":"moon.phase","v":1}"#
        let hash = Digest.record(previous: try #require(last.text("hash")), canonical: record)
        let message = "The moon is full\n\n\(record)\n\n[skip ci]\n\nGradus-Record: moon.phase\nGradus-Seq: 3\nGradus-Hash: \(hash)\n"
        let commit = try site.git.store(message, tree: Self.ledger + "^{tree}", parent: Self.ledger, in: site.authority)
        try site.git.git("update-ref", Self.ledger, commit, in: site.authority)
        #expect(try site.records().last?.text("type") == "moon.phase")
        try site("audit verify")
        let refused = try site("promote checkout --to dev", exits: 1)
        #expect(refused.errors.contains("moon.phase") && refused.errors.contains("upgrade gradus"), "\(refused.errors)")
    }

    @Test func aBranchWhereTheLedgerMustBeIsNamed() throws {
        let site = try Site(.bare, .open())
        try site.git.git("branch", "gradus", "main", in: site.authority)
        let refused = try site("release create checkout 1.4.2", exits: 1)
        #expect(refused.errors.contains("branch named 'gradus'"), "\(refused.errors)")
    }

    @Test(arguments: ["000002", "000007", "7", "notes"])
    func aReferenceThatDoesNotBelongIsNamed(_ name: String) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site.git.git("update-ref", "refs/heads/gradus/ledger/\(name)", "main", in: site.authority)
        for line in ["promote checkout --to dev", "audit verify"] {
            let refused = try site(line, exits: 1)
            // A commit there that is no record is named without its reference by what decides; the audit names both.
            if line != "audit verify", name.hasPrefix("0") { continue }
            #expect((refused.errors + refused.output).contains("gradus/ledger/\(name)"), "\(line): \(refused)")
        }
        #expect(try site.deployments().isEmpty)
    }

    @Test func aTruncatedTailIsWhatItIsAndAMissingDeployCommitIsNamed() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        try site.git.git("update-ref", "refs/heads/main", "main~1", in: site.authority)
        try site.git.git("reflog", "expire", "--expire=now", "--all", in: site.authority)
        try site.git.git("gc", "-q", "--prune=now", in: site.authority)
        let result = try site("audit verify", exits: 1)
        #expect(result.output.contains("deploy commit"), "\(result)")
    }
}
