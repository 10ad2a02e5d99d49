public import PromotionEngine

/// Folds the ledger's records into changes and events. Records come in order of `seq`.
public struct ChangeFold: Sendable {
    private struct Posted {
        let key: String
        let stage: String?
        let attempt: Change.Evidence.Attempt
    }

    private struct ReleaseFacts {
        var release: Release
        var at: Instant
        var by: String
        var evidence: [Posted] = []
        var approvals: [(stage: String, plan: String, approval: Change.Approval)] = []

        /// The evidence by key and stage, each with all its attempts.
        var grouped: [Change.Evidence] {
            evidence.reduce(into: []) { groups, posted in
                if let position = groups.firstIndex(where: { $0.key == posted.key && $0.stage == posted.stage }) {
                    groups[position].attempts.append(posted.attempt)
                } else {
                    groups.append(Change.Evidence(key: posted.key, stage: posted.stage, attempts: [posted.attempt]))
                }
            }
        }

        /// The approvals of one plan for a stage, the last of each person.
        func approvals(for plan: String, in stage: String) -> [Change.Approval] {
            approvals.filter { $0.stage == stage && $0.plan == plan }.map(\.approval).reduce(into: []) { found, approval in
                found.removeAll { $0.person == approval.person }
                found.append(approval)
            }
        }
    }

    /// What is known of a promotion before it is delivered.
    private struct Request {
        var requested: PromotionRequested
        var at: Instant
        var records: [Int]
        var admission: (admitted: PromotionAdmitted, at: Instant, rules: [String: String], skipped: [String])?
        /// Evidence and approvals as they stood at the admission.
        var evidence: [Change.Evidence] = []
        var approvals: [Change.Approval] = []
    }

    private var releases: [String: [String: ReleaseFacts]] = [:]
    private var requests: [String: Request] = [:]
    /// The version of each cell as the records tell it.
    private var cells: [String: [String: String]] = [:]
    private var positions: [String: Int] = [:]
    public private(set) var changes: [Change] = []
    public private(set) var events: [AuditEvent] = []

    /// When commits of external changes came onto their branch, by commit.
    private let externalTimes: [String: Instant]

    /// - Parameter externalTimes: when commits that `external-change` records name came onto their branch: that is when they changed
    ///   something, whenever somebody recorded it. For others the record's own time counts.
    public init(externalTimes: [String: Instant] = [:]) { self.externalTimes = externalTimes }

    /// The registered releases of a service, oldest first.
    public func releases(of service: String) -> [Release] {
        (releases[service] ?? [:]).values.sorted { ($0.at, $0.release.version) < ($1.at, $1.release.version) }.map(\.release)
    }

    /// - Parameter isAuthenticated: a signature shows that the initiator wrote it; a record's own word counts for nothing.
    public mutating func apply(_ record: LedgerRecord, isAuthenticated: Bool = false) {
        if let event = AuditEvent(record) { events.append(event) }
        switch record.fact {
        case .releaseRegistered(let release): register(release, record)
        case .evidencePosted(let posted): post(posted, record)
        case .approvalGiven(let decision): approve(decision, record, isAuthenticated)
        case .approvalWithdrawn(let decision):
            releases[decision.service]?[decision.version]?.approvals.removeAll {
                $0.stage == decision.stage && $0.approval.person == record.initiator.id
            }
        case .requested(let requested): request(requested, record)
        case .admitted(let admitted): admit(admitted, record)
        case .withdrawn(let closed):
            requests[closed.subject.promotion]?.records.append(record.seq)
            requests[closed.subject.promotion]?.admission = nil
        case .delivered(let delivered): deliver(delivered, record)
        case .succeeded(let closed): end(closed, .succeeded, record)
        case .failed(let closed): end(closed, .failed, record)
        case .superseded(let closed): end(closed, .superseded, record)
        case .rolledBack(let closed): end(closed, .rolledBack, record)
        case .externalChange(let change): changeOutside(change, record)
        case .baselineAdopted(let baseline): cells[baseline.service, default: [:]][baseline.stage] = baseline.version
        // By name, because an engine may know it as a type of its own or not at all.
        default: if record.fact.type == "review.closed" { review(record) }
        }
    }

    private mutating func register(_ release: Release, _ record: LedgerRecord) {
        guard releases[release.service]?[release.version] == nil else { return }
        releases[release.service, default: [:]][release.version] = ReleaseFacts(release: release, at: record.at, by: record.initiator.id)
    }

    private mutating func post(_ posted: EvidencePosted, _ record: LedgerRecord) {
        for (key, value) in posted.values.sorted(by: { $0.key < $1.key }) {
            let attempt = Change.Evidence.Attempt(
                value: value, at: record.at, by: record.initiator.displayName, url: posted.ciURL,
                sha256: posted.files.first { $0.key == key }?.sha256)
            releases[posted.service]?[posted.version]?.evidence.append(Posted(key: key, stage: posted.stage, attempt: attempt))
        }
    }

    private mutating func approve(_ decision: ApprovalDecision, _ record: LedgerRecord, _ isAuthenticated: Bool) {
        let approval = Change.Approval(
            person: record.initiator.id, name: record.initiator.name, at: record.at, reason: decision.reason,
            isAuthenticated: isAuthenticated)
        releases[decision.service]?[decision.version]?.approvals.append((decision.stage, decision.planDigest, approval))
    }

    private mutating func request(_ requested: PromotionRequested, _ record: LedgerRecord) {
        let id = requested.subject.promotion
        guard requests[id] == nil else {
            requests[id]?.requested = requested
            requests[id]?.records.append(record.seq)
            return
        }
        requests[id] = Request(requested: requested, at: record.at, records: [record.seq])
    }

    private mutating func admit(_ admitted: PromotionAdmitted, _ record: LedgerRecord) {
        let id = admitted.subject.promotion
        let facts = releases[admitted.subject.service]?[admitted.subject.version]
        let given = (facts?.approvals ?? []).filter { $0.stage == admitted.subject.stage }
        requests[id]?.approvals = admitted.approvedBy.compactMap { person in
            given.last { $0.approval.person == person && $0.plan == admitted.planDigest }?.approval
                ?? given.last { $0.approval.person == person }?.approval
        }
        requests[id]?.evidence = facts?.grouped ?? []
        requests[id]?.admission = (admitted, record.at, record.rules, BrokenGlass.skipped(by: record))
        requests[id]?.records.append(record.seq)
    }

    private mutating func deliver(_ delivered: PromotionDelivered, _ record: LedgerRecord) {
        let subject = delivered.subject
        let request = requests.removeValue(forKey: subject.promotion)
        let requested = request?.requested
        var change = Change(
            id: subject.promotion, origin: requested?.trigger == .rollback ? .rollback : .promotion, service: subject.service,
            stage: subject.stage, workflow: subject.workflow, version: subject.version,
            requester: requested?.requester ?? record.initiator.id, deliveredAt: record.at, commit: delivered.commit)
        change.previousVersion = cells[subject.service]?[subject.stage]
        change.closedGates = delivered.closedGates
        change.isAutomatic = requested?.trigger == .automation
        change.requestedAt = request?.at
        change.reason = requested?.reason
        change.ticket = requested?.ticket
        change.downgradeFrom = requested?.downgradeFrom
        if let facts = releases[subject.service]?[subject.version] {
            change.registeredAt = facts.at
            change.registeredBy = facts.by
            change.authors = facts.release.authors
            change.sourceCommit = facts.release.commit
            change.images = facts.release.images
            change.ciURL = facts.release.ciURL
        }
        if let admission = request?.admission {
            change.evidence = request?.evidence ?? []
            change.approvals = request?.approvals ?? []
            change.gates = admission.admitted.gates
            change.planDigest = admission.admitted.planDigest
            change.admittedAt = admission.at
            change.rules = admission.rules
            change.brokenGlass = admission.skipped
        } else if let requested, let facts = releases[subject.service]?[subject.version] {
            // Nothing was decided: what stood when it landed.
            change.evidence = facts.grouped
            change.approvals = facts.approvals(for: requested.planDigest, in: subject.stage)
        }
        if change.rules.isEmpty { change.rules = record.rules }
        change.edits = delivered.edits
        change.isLate = delivered.late
        // By name, as with reviews.
        change.isUngated = record.json["ungated"] == true
        change.isUnchanged = delivered.unchanged
        change.records = (request?.records ?? []) + [record.seq]
        change.exceptions = ExceptionRules.exceptions(of: change)
        positions[change.id] = changes.count
        changes.append(change)
        cells[subject.service, default: [:]][subject.stage] = subject.version
    }

    private mutating func end(_ closed: PromotionClosed, _ outcome: Change.Outcome, _ record: LedgerRecord) {
        guard let position = positions[closed.subject.promotion] else {
            requests[closed.subject.promotion] = nil
            return
        }
        changes[position].outcome = outcome
        changes[position].endedAt = record.at
        changes[position].outcomeReason = closed.reason
        changes[position].records.append(record.seq)
        changes[position].exceptions = ExceptionRules.exceptions(of: changes[position])
    }

    private mutating func changeOutside(_ outside: ExternalChange, _ record: LedgerRecord) {
        let cell = cells[outside.service]?[outside.stage]
        var change = Change(
            id: "external-\(outside.service)-\(outside.stage)-\(outside.commit.prefix(10))", origin: .external,
            service: outside.service, stage: outside.stage, workflow: outside.workflow, version: outside.version ?? "?",
            requester: outside.author, deliveredAt: externalTimes[outside.commit] ?? record.at, commit: outside.commit)
        change.previousVersion = cell
        change.rules = record.rules
        change.edits = outside.edits.filter(\.changes)
        change.outcome = .unknown
        change.records = [record.seq]
        change.exceptions = [.external]
        changes.append(change)
        cells[outside.service, default: [:]][outside.stage] = outside.version ?? "?"
    }

    private mutating func review(_ record: LedgerRecord) {
        guard let id = record.json["promotion"]?.stringValue, let position = positions[id] else { return }
        changes[position].review = Change.Review(
            by: record.initiator.displayName, at: record.at, reason: record.json["reason"]?.stringValue)
        changes[position].records.append(record.seq)
        changes[position].exceptions = ExceptionRules.exceptions(of: changes[position])
    }

    /// Adds what a walk over the branches found and no record names.
    ///
    /// - Parameter version: what the files speak of after it; nil when none can be told.
    public mutating func add(unrecorded finding: OutsideFinding, version: String? = nil) {
        guard !finding.isRecorded else { return }
        var change = Change(
            id: "external-\(finding.service)-\(finding.stage)-\(finding.commit.prefix(10))", origin: .external,
            service: finding.service, stage: finding.stage, workflow: nil, version: version ?? "?", requester: finding.author,
            deliveredAt: finding.at, commit: finding.commit)
        change.edits = finding.edits
        change.reason = finding.subject
        change.outcome = .unknown
        change.isRecorded = false
        change.exceptions = [.unrecordedExternal]
        changes.append(change)
    }
}
