import GitKit
import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// A bare repository with ledgers on it.
final class Scratch {
    static let olga = Identity(id: "olga", name: "Olga O", email: "olga@example.com")
    static let limits = SegmentLedger.Limits(checkpointInterval: 4, segmentCapacity: 12)

    let environment: HermeticEnvironment
    let git: GitFixture
    let path: String
    let clock = ManualClock()

    init(_ files: [String: String] = ["a.txt": "one\n"]) throws {
        HermeticEnvironment.hideUserConfiguration()
        environment = try HermeticEnvironment()
        git = GitFixture(environment)
        path = try git.makeBareClone(of: try git.makeWorkTree("work", files), "origin.git")
    }

    /// The repository opened anew, as another process would.
    func authority() throws -> DirectAuthority {
        try DirectAuthority(try Repository.open(at: path), name: "origin", role: .embedded, warn: { _ in })
    }

    func ledger(_ limits: SegmentLedger.Limits = Scratch.limits) throws -> SegmentLedger {
        SegmentLedger(try authority(), limits: limits)
    }

    /// Appends each fact by a load and an append of its own.
    func append(_ facts: [Fact], to ledger: SegmentLedger) throws {
        for fact in facts {
            let snapshot = try ledger.load(LedgerScope(services: []))
            guard case .appended = try append([fact], ledger, snapshot) else {
                Issue.record("an append without a rival was lost")
                return
            }
        }
    }

    func append(_ facts: [Fact], _ ledger: SegmentLedger, _ snapshot: LedgerSnapshot) throws -> LedgerAppend {
        clock.now = clock.now + .seconds(1)
        return try ledger.append(facts.map { RecordDraft($0) }, by: Self.olga, at: clock.now, to: snapshot)
    }

    /// Facts about three services, of every sort that a checkpoint keeps.
    static func facts(_ count: Int) -> [Fact] {
        (0..<count).map { position in
            let (service, version) = ("service-\(position % 3)", "1.0.\(position / 12)")
            let subject = PromotionSubject(
                promotion: "\(service)-dev-\(position / 12)", service: service, version: version, stage: "dev", workflow: "w")
            return switch position / 3 % 4 {
            case 0: .releaseRegistered(Release(service: service, version: version, workflow: "w", authors: ["sam"]))
            case 1: .evidencePosted(EvidencePosted(service: service, version: version, stage: nil, values: ["test_pass_rate": "\(position)"]))
            case 2:
                .requested(
                    PromotionRequested(
                        subject: subject, from: nil, requester: "rita", trigger: .manual, planDigest: Digest.sha256("\(position)")))
            default: .aborted(PromotionClosed(subject: subject, reason: "no \u{1B} need"))
            }
        }
    }

    var segments: [String] {
        get throws { try git.references("refs/heads/gradus", in: path) }
    }

    func records() throws -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        try LedgerHistory(try authority()).forEach { records.append($0) }
        return records
    }

    /// The state by folding every record from the first on.
    func folded() throws -> LedgerState {
        var state = LedgerState()
        for record in try records() { state.apply(record) }
        return state
    }

    func audit() throws -> AuditReport { try LedgerAudit(try authority()).verify() }
}
