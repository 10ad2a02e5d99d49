// Makes a ledger of a given length in a bare repository, by the code that writes real ones, but without fsync.
//
//   ledger-generator REPO RECORDS
//
// 20 services move releases through four stages, about 20 records each, with evidence, approvals and a freeze now and then.

import GitKit
import GitOpsBackend
import Glibc
import PromotionEngine
import WorkflowModel

/// A repository that nobody else uses and that need not survive a power cut.
final class ScratchAuthority: Authority {
    let repository: Repository
    let name = "scratch"

    init(_ path: String) throws(GitError) { repository = try Repository.open(at: path) }

    func defaultBranch() throws(GitError) -> String? { try repository.symbolicTarget("HEAD") }

    func references(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
        try repository.references(withPrefix: prefix)
    }

    func target(of reference: String) throws(GitError) -> ObjectID? { try repository.target(of: reference) }

    func move(_ reference: String, from old: ObjectID?, to new: ObjectID, because reason: String) throws(GitError) -> Bool {
        try repository.moveReference(reference, from: old, to: new, logMessage: reason) == .moved
    }

    func replace(_ reference: String, from old: ObjectID?, to new: ObjectID?, because reason: String) throws(GitError) -> Bool {
        if let new { return try move(reference, from: old, to: new, because: reason) }
        guard let old else { return true }
        return try repository.deleteReference(reference, expecting: old) == .moved
    }
}

/// The records of one release's way through all stages.
struct Journey {
    static let stages = ["dev", "qa", "staging", "prod"]
    let service: String
    let version: String
    let commit: String

    var facts: [(by: String, fact: Fact)] {
        var facts: [(String, Fact)] = [
            ("ci", .releaseRegistered(Release(service: service, version: version, workflow: "fleet", commit: commit, authors: ["sam"]))),
            ("ci", .evidencePosted(EvidencePosted(service: service, version: version, stage: nil, values: ["test_pass_rate": "100", "code_coverage": "91"], ciURL: nil))),
        ]
        for (position, stage) in Self.stages.enumerated() {
            let subject = PromotionSubject(
                promotion: "\(service)-\(stage)-\(version)", service: service, version: version, stage: stage, workflow: "fleet")
            let plan = Digest.sha256(subject.promotion)
            let person = position < 2 ? "automation" : "rita"
            facts.append((person, .requested(PromotionRequested(
                subject: subject, from: position == 0 ? nil : Self.stages[position - 1], requester: person,
                trigger: position < 2 ? .automation : .manual, planDigest: plan, reason: position == 3 ? "weekly release" : nil))))
            if stage == "prod" {
                facts.append(("olga", .approvalGiven(ApprovalDecision(
                    service: service, version: version, stage: stage, workflow: "fleet", digest: nil, planDigest: plan,
                    promotion: subject.promotion, reason: nil))))
            }
            facts.append((person, .admitted(PromotionAdmitted(
                subject: subject, planDigest: plan, base: commit, gates: [Gate(id: "upstream", criterion: "upstream", verdict: .passed, reason: "")],
                approvedBy: stage == "prod" ? ["olga"] : []))))
            facts.append((person, .delivered(PromotionDelivered(subject: subject, commit: commit, edits: []))))
            facts.append((person, .succeeded(PromotionClosed(subject: subject, reason: "delivered; the stage watches no health"))))
        }
        return facts
    }
}

func generate(_ path: String, _ wanted: Int) throws {
    let authority = try ScratchAuthority(path)
    guard let head = try authority.defaultBranch(), let commit = try authority.target(of: head)?.hex else {
        throw PromotionError(.usage, "\(path) has no commit")
    }
    let ledger = SegmentLedger(authority)
    var now = Instant(seconds: 1_735_689_600)
    var seq = 0
    var release = 0
    while seq < wanted {
        let journey = Journey(service: "service-\(release % 20)", version: "1.\(release / 20).0", commit: commit)
        release += 1
        var facts = journey.facts[...]
        while let first = facts.first {
            let mine = facts.prefix { $0.by == first.by }
            now = now + .seconds(240)
            let snapshot = try ledger.load(LedgerScope(services: []))
            let identity = Identity(id: first.by, name: nil)
            guard case .appended(let records, _) = try ledger.append(mine.map { RecordDraft($0.fact) }, by: identity, at: now, to: snapshot)
            else { throw PromotionError(.conflict, "somebody else writes to \(path)") }
            seq = records.last?.seq ?? seq
            facts = facts.dropFirst(mine.count)
        }
    }
    print("\(seq) records")
}

func complain(_ text: String) { _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) } }

guard CommandLine.arguments.count == 3, let wanted = Int(CommandLine.arguments[2]) else {
    complain("ledger-generator REPO RECORDS")
    exit(2)
}
do {
    try generate(CommandLine.arguments[1], wanted)
} catch {
    complain("ledger-generator: \(error)")
    exit(1)
}
