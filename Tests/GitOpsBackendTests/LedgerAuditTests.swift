import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// Every way of changing the past is found, and the first record that does not hold is named.
@Suite struct LedgerAuditTests {
    /// Twenty-one facts in three segments; the third is touched.
    private func filled() throws -> (Scratch, segment: String, first: Int) {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(28), to: try scratch.ledger())
        let segment = try #require(try scratch.segments.last)
        let records = try scratch.records()
        let opening = try #require(records.last { if case .segmentOpened = $0.fact { true } else { false } })
        try #require(records.count - opening.seq >= 4, "the last segment is too short to touch")
        return (scratch, segment, opening.seq)
    }

    private func expectFault(_ scratch: Scratch, _ seq: Int, _ part: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let report = try scratch.audit()
        #expect(report.fault?.hasPrefix("record \(seq) ") == true, "\(report.fault ?? "no fault")", sourceLocation: sourceLocation)
        if !part.isEmpty { #expect(report.fault?.contains(part) == true, "\(report.fault ?? "")", sourceLocation: sourceLocation) }
        #expect(report.records == seq - 1, sourceLocation: sourceLocation)
    }

    @Test func anUntouchedLedgerHolds() throws {
        let (scratch, _, _) = try filled()
        let report = try scratch.audit()
        #expect(report.fault == nil && report.warnings.isEmpty && report.segments == 3)
        #expect(report.headHash == (try scratch.records().last?.hash))
    }

    @Test func editedContentIsFound() throws {
        let (scratch, segment, first) = try filled()
        try scratch.git.rewrite(segment, in: scratch.path) { position, message in
            position == 2 ? message.replacing("\"olga\"", with: "\"mallory\"") : message
        }
        try expectFault(scratch, first + 2)
    }

    @Test func anEditedSubjectIsFound() throws {
        let (scratch, segment, first) = try filled()
        try scratch.git.rewrite(segment, in: scratch.path) { position, message in
            position == 3 ? "All is well" + message.drop { $0 != "\n" } : message
        }
        try expectFault(scratch, first + 3, "subject")
    }

    @Test func aDroppedRecordIsFound() throws {
        let (scratch, segment, first) = try filled()
        try scratch.git.rewrite(segment, in: scratch.path) { position, message in position == 2 ? nil : message }
        try expectFault(scratch, first + 2)
    }

    @Test func swappedRecordsAreFound() throws {
        let (scratch, segment, first) = try filled()
        var messages: [String] = []
        try scratch.git.rewrite(segment, in: scratch.path) { _, message in
            messages.append(message)
            return message
        }
        try scratch.git.rewrite(segment, in: scratch.path) { position, _ in
            messages[position == 1 ? 2 : position == 2 ? 1 : position]
        }
        try expectFault(scratch, first + 1)
    }

    @Test func anInsertedRecordIsFound() throws {
        let (scratch, segment, first) = try filled()
        var commits = try scratch.git.commits(segment, in: scratch.path)
        commits.insert(commits[1], at: 2)
        var parent: String?
        for commit in commits {
            let message = try scratch.git.message(of: commit, in: scratch.path)
            parent = try scratch.git.store(message, tree: commit + "^{tree}", parent: parent, in: scratch.path)
        }
        try scratch.git.git("update-ref", segment, #require(parent), in: scratch.path)
        try expectFault(scratch, first + 2)
    }

    @Test func anEditedCheckpointIsFound() throws {
        let (scratch, segment, first) = try filled()
        let tree = try forgedTree(scratch, segment)
        var parent: String?
        for commit in try scratch.git.commits(segment, in: scratch.path) {
            parent = try scratch.git.store(try scratch.git.message(of: commit, in: scratch.path), tree: tree, parent: parent, in: scratch.path)
        }
        try scratch.git.git("update-ref", segment, #require(parent), in: scratch.path)
        try expectFault(scratch, first, "checkpoint")
        #expect(throws: PromotionError.self) { try scratch.ledger().load(LedgerScope(services: ["service-1"])) }
    }

    /// Whoever can push can also chain anew: then only folding again tells that the checkpoint lies.
    @Test func aForgedCheckpointIsFoundByFoldingAgain() throws {
        let (scratch, segment, first) = try filled()
        let tree = try forgedTree(scratch, segment)
        let records = try scratch.records().filter { $0.seq >= first }
        var (previous, parent) = (records[0].previousHash, String?.none)
        for record in records {
            let forged = LedgerRecord(
                seq: record.seq, at: record.at, initiator: record.initiator, fact: record.fact, rules: record.rules,
                checkpoint: record.checkpoint.map { CheckpointMark(seq: $0.seq, digest: tree) }, previousHash: previous)
            parent = try scratch.git.store(RecordMessage(forged).text, tree: tree, parent: parent, in: scratch.path)
            previous = forged.hash
        }
        try scratch.git.git("update-ref", segment, #require(parent), in: scratch.path)
        let report = try scratch.audit()
        #expect(report.fault?.hasPrefix("record \(first) ") == true && report.fault?.contains("its checkpoint changes services/service-1/releases") == true, "\(report)")
    }

    /// The newest checkpoint's tree with one value changed.
    private func forgedTree(_ scratch: Scratch, _ segment: String) throws -> String {
        let first = try #require(try scratch.git.commits(segment, in: scratch.path).first)
        let place = try scratch.git.clone(scratch.path, "forge")
        try scratch.git.git("checkout", "-q", first, in: place)
        let files = try scratch.git.git("ls-files", "services/*/releases/*", in: place).split(separator: "\n")
        let file = try #require(files.first { $0.contains("service-1") })
        try scratch.environment.folder.write("forge/\(file)", try TemporaryFolder.read("\(place)/\(file)").replacing("\"olga\"", with: "\"mallory\""))
        try scratch.git.git("commit", "-q", "-am", "forge", in: place)
        try scratch.git.git("push", "-q", "origin", "HEAD:refs/heads/forged", in: place)
        return try scratch.git.git("rev-parse", "refs/heads/forged^{tree}", in: scratch.path)
    }

    @Test func anEarlierSegmentThatWasTouchedIsFound() throws {
        let (scratch, _, _) = try filled()
        let segment = try scratch.segments[0]
        try scratch.git.rewrite(segment, in: scratch.path) { position, message in
            position == 4 ? message.replacing("\"olga\"", with: "\"mallory\"") : message
        }
        try expectFault(scratch, 5)
    }

    @Test func timesThatGoBackAreWarnedAbout() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        try scratch.append(Array(Scratch.facts(3)[..<2]), to: ledger)
        scratch.clock.now = scratch.clock.now + .seconds(-400)
        try scratch.append([Scratch.facts(3)[2]], to: ledger)
        let report = try scratch.audit()
        #expect(report.fault == nil && report.warnings.count == 1 && report.warnings[0].contains("record 4"))
    }
}
