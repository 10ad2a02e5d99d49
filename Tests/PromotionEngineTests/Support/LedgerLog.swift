import PromotionEngine
import WorkflowModel

/// A ledger in the making: every fact becomes a chained record and is folded.
struct LedgerLog: Sendable {
    private(set) var records: [LedgerRecord] = []
    private(set) var state = LedgerState()
    var now: Instant

    init(now: Instant = .start) { self.now = now }

    mutating func add(_ fact: Fact, by person: String = "olga") {
        let record = LedgerRecord(
            seq: records.count + 1, at: now, initiator: Identity(id: person), fact: fact,
            previousHash: records.last?.hash ?? Digest.none)
        records.append(record)
        state.apply(record)
    }

    mutating func register(
        _ version: String, by person: String = "ci", authors: [String] = ["ann"], digest: String? = nil
    ) {
        let images = digest.map { [Release.Image(name: "shop/web", tag: version, digest: $0)] } ?? []
        add(
            .releaseRegistered(
                Release(service: .service, version: version, workflow: .workflow, images: images, authors: authors)),
            by: person)
    }

    mutating func report(
        _ values: [String: String], version: String = .version, stage: String? = nil, by person: String = "ci"
    ) {
        add(.evidencePosted(EvidencePosted(service: .service, version: version, stage: stage, values: values)), by: person)
    }

    mutating func report(
        _ file: EvidenceFile, value: String, part: EvidencePart? = nil, run: String? = nil, by person: String = "ci"
    ) {
        add(
            .evidencePosted(
                EvidencePosted(
                    service: .service, version: .version, stage: nil, values: [file.key: value], files: [file], part: part,
                    run: run)),
            by: person)
    }

    mutating func request(_ version: String = .version, to stage: String, by person: String = "olga", ticket: String? = nil) {
        add(
            .requested(
                PromotionRequested(
                    subject: .test(version, to: stage), from: nil, requester: person, trigger: .manual,
                    planDigest: .plan, ticket: ticket)),
            by: person)
    }

    mutating func admit(_ version: String = .version, to stage: String, base: String = "base") {
        add(
            .admitted(
                PromotionAdmitted(
                    subject: .test(version, to: stage), planDigest: .plan, base: base, gates: [], approvedBy: [])))
    }

    /// From the request to the commit.
    mutating func deliver(_ version: String = .version, to stage: String) {
        request(version, to: stage)
        admit(version, to: stage)
        add(.delivered(PromotionDelivered(subject: .test(version, to: stage), commit: "c-\(version)-\(stage)", edits: [])))
    }

    mutating func succeed(_ version: String = .version, in stage: String) {
        add(.succeeded(PromotionClosed(subject: .test(version, to: stage), reason: "healthy")))
    }

    mutating func fail(_ version: String = .version, in stage: String) {
        add(.failed(PromotionClosed(subject: .test(version, to: stage), reason: "degraded")))
    }

    mutating func observe(_ status: HealthStatus, _ version: String = .version, in stage: String) {
        let promotion = PromotionSubject.test(version, to: stage).promotion
        add(
            .healthObserved(
                HealthObserved(
                    service: .service, version: version, stage: stage, status: status, revision: "c-\(version)-\(stage)",
                    promotion: promotion)))
    }

    mutating func observeBaseline(_ status: HealthStatus, _ version: String, in stage: String) {
        add(
            .healthObserved(
                HealthObserved(
                    service: .service, version: version, stage: stage, status: status, revision: "c-0", promotion: nil,
                    baseline: true)))
    }

    var service: ServiceState { state.service(.service) }
}

extension String {
    static let service = "web"
    static let workflow = "shop"
    /// The release that most tests are about.
    static let version = "1.0.0"
    /// The digest of the plan that most tests are about.
    static let plan = String(repeating: "a", count: 64)
}

extension Instant {
    /// 2027-01-15T08:00:00Z.
    static let start = Instant(seconds: 1_800_000_000)
}

extension PromotionSubject {
    static func test(_ version: String, to stage: String) -> PromotionSubject {
        PromotionSubject(
            promotion: "p-\(version)-\(stage)", service: .service, version: version, stage: stage, workflow: .workflow)
    }
}
