/// What one record says happened. The type of a promotion's record is the phase that it brings the promotion to.
public enum Fact: Sendable, Hashable {
    case segmentOpened(SegmentOpened)
    case segmentSealed(SegmentSealed)
    case releaseRegistered(Release)
    case evidencePosted(EvidencePosted)
    case healthObserved(HealthObserved)
    case requested(PromotionRequested)
    case proposed(PromotionProposed)
    case proposalObserved(ProposalObserved)
    case admitted(PromotionAdmitted)
    case delivered(PromotionDelivered)
    case succeeded(PromotionClosed)
    case failed(PromotionClosed)
    case withdrawn(PromotionClosed)
    case superseded(PromotionClosed)
    case aborted(PromotionClosed)
    case externalChange(ExternalChange)
    case rejected(ApprovalDecision)
    case rejectionWithdrawn(ApprovalDecision)
    case approvalGiven(ApprovalDecision)
    case approvalWithdrawn(ApprovalDecision)
    case baselineAdopted(BaselineAdopted)
    case denied(ActionDenied)
    case freezeAdded(Freeze)
    case freezeRemoved(FreezeRemoved)
    case holdAdded(HoldAdded)
    case holdRemoved(HoldRemoved)
    case releaseYanked(ReleaseYanked)
    case rolledBack(PromotionClosed)
    case reviewClosed(ReviewClosed)
    case rulesChanged(RulesChanged)
    case driftAdopted(DriftAdopted)
    case subjectPseudonymised(SubjectPseudonymised)
    case stepDelivered(StepDelivered)
    case syncPaused(SyncPaused)
    case syncResumed(SyncResumed)
    case hookOwed(HookOwed)
    case hookCalled(HookCalled)
    /// A record of a newer engine: it may be shown, and nothing may be decided over it.
    case unknown(type: String, members: [String: JSONValue])

    public var type: String {
        switch self {
        case .segmentOpened: "segment.opened"
        case .segmentSealed: "segment.sealed"
        case .releaseRegistered: "release.registered"
        case .evidencePosted: "evidence.posted"
        case .healthObserved: "health.observed"
        case .requested: "requested"
        case .proposed: "proposed"
        case .proposalObserved: "proposal.observed"
        case .admitted: "admitted"
        case .delivered: "delivered"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .withdrawn: "withdrawn"
        case .superseded: "superseded"
        case .aborted: "aborted"
        case .externalChange: "external-change"
        case .rejected: "rejected"
        case .rejectionWithdrawn: "rejection.withdrawn"
        case .approvalGiven: "approval.given"
        case .approvalWithdrawn: "approval.withdrawn"
        case .baselineAdopted: "baseline.adopted"
        case .denied: "denied"
        case .freezeAdded: "freeze.added"
        case .freezeRemoved: "freeze.removed"
        case .holdAdded: "hold.added"
        case .holdRemoved: "hold.removed"
        case .releaseYanked: "release.yanked"
        case .rolledBack: "rolled_back"
        case .reviewClosed: "review.closed"
        case .rulesChanged: "rules.changed"
        case .driftAdopted: "drift.adopted"
        case .subjectPseudonymised: "subject.pseudonymised"
        case .stepDelivered: "step.delivered"
        case .syncPaused: "sync.paused"
        case .syncResumed: "sync.resumed"
        case .hookOwed: "hook.owed"
        case .hookCalled: "hook.called"
        case .unknown(let type, _): type
        }
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        let type = try fields.string("type")
        switch type {
        case "segment.opened": self = .segmentOpened(try SegmentOpened(fields))
        case "segment.sealed": self = .segmentSealed(try SegmentSealed(fields))
        case "release.registered": self = .releaseRegistered(try Release(fields))
        case "evidence.posted": self = .evidencePosted(try EvidencePosted(fields))
        case "health.observed": self = .healthObserved(try HealthObserved(fields))
        case "requested": self = .requested(try PromotionRequested(fields))
        case "proposed": self = .proposed(try PromotionProposed(fields))
        case "proposal.observed": self = .proposalObserved(try ProposalObserved(fields))
        case "admitted": self = .admitted(try PromotionAdmitted(fields))
        case "delivered": self = .delivered(try PromotionDelivered(fields))
        case "succeeded": self = .succeeded(try PromotionClosed(fields))
        case "failed": self = .failed(try PromotionClosed(fields))
        case "withdrawn": self = .withdrawn(try PromotionClosed(fields))
        case "superseded": self = .superseded(try PromotionClosed(fields))
        case "aborted": self = .aborted(try PromotionClosed(fields))
        case "external-change": self = .externalChange(try ExternalChange(fields))
        case "rejected": self = .rejected(try ApprovalDecision(fields))
        case "rejection.withdrawn": self = .rejectionWithdrawn(try ApprovalDecision(fields))
        case "approval.given": self = .approvalGiven(try ApprovalDecision(fields))
        case "approval.withdrawn": self = .approvalWithdrawn(try ApprovalDecision(fields))
        case "baseline.adopted": self = .baselineAdopted(try BaselineAdopted(fields))
        case "denied": self = .denied(try ActionDenied(fields))
        case "freeze.added": self = .freezeAdded(try Freeze(fields))
        case "freeze.removed": self = .freezeRemoved(try FreezeRemoved(fields))
        case "hold.added": self = .holdAdded(try HoldAdded(fields))
        case "hold.removed": self = .holdRemoved(try HoldRemoved(fields))
        case "release.yanked": self = .releaseYanked(try ReleaseYanked(fields))
        case "rolled_back": self = .rolledBack(try PromotionClosed(fields))
        case "review.closed": self = .reviewClosed(try ReviewClosed(fields))
        case "rules.changed": self = .rulesChanged(try RulesChanged(fields))
        case "drift.adopted": self = .driftAdopted(try DriftAdopted(fields))
        case "subject.pseudonymised": self = .subjectPseudonymised(try SubjectPseudonymised(fields))
        case "step.delivered": self = .stepDelivered(try StepDelivered(fields))
        case "sync.paused": self = .syncPaused(try SyncPaused(fields))
        case "sync.resumed": self = .syncResumed(try SyncResumed(fields))
        case "hook.owed": self = .hookOwed(try HookOwed(fields))
        case "hook.called": self = .hookCalled(try HookCalled(fields))
        default: self = .unknown(type: type, members: fields.members)
        }
    }

    private var payload: (any FactPayload)? {
        switch self {
        case .segmentOpened(let payload): payload
        case .segmentSealed(let payload): payload
        case .releaseRegistered(let payload): payload
        case .evidencePosted(let payload): payload
        case .healthObserved(let payload): payload
        case .requested(let payload): payload
        case .proposed(let payload): payload
        case .proposalObserved(let payload): payload
        case .admitted(let payload): payload
        case .delivered(let payload): payload
        case .succeeded(let payload), .failed(let payload), .withdrawn(let payload), .superseded(let payload),
            .aborted(let payload): payload
        case .externalChange(let payload): payload
        case .rejected(let payload), .rejectionWithdrawn(let payload), .approvalGiven(let payload),
            .approvalWithdrawn(let payload): payload
        case .baselineAdopted(let payload): payload
        case .denied(let payload): payload
        case .freezeAdded(let payload): payload
        case .freezeRemoved(let payload): payload
        case .holdAdded(let payload): payload
        case .holdRemoved(let payload): payload
        case .releaseYanked(let payload): payload
        case .rolledBack(let payload): payload
        case .reviewClosed(let payload): payload
        case .rulesChanged(let payload): payload
        case .driftAdopted(let payload): payload
        case .subjectPseudonymised(let payload): payload
        case .stepDelivered(let payload): payload
        case .syncPaused(let payload): payload
        case .syncResumed(let payload): payload
        case .hookOwed(let payload): payload
        case .hookCalled(let payload): payload
        case .unknown: nil
        }
    }

    /// The members beside those that every record has.
    var members: [String: JSONValue] {
        if case .unknown(_, let members) = self { return members }
        return payload?.members ?? [:]
    }

    /// True for an approval that somebody gave on a forge, which knows who it was.
    var isAuthenticated: Bool {
        if case .approvalGiven(let decision) = self { decision.via != nil } else { false }
    }

    /// The service that the fact is about; nil for facts about the ledger itself.
    public var service: String? { members["service"]?.stringValue }
    public var releaseVersion: String? { members["version"]?.stringValue }
    public var stage: String? { members["stage"]?.stringValue }
    /// The promotion that the fact belongs to; for `requested` it is named by the record's own members too.
    public var promotion: String? { members["promotion"]?.stringValue }
}

/// The members that one type of record adds to the common ones.
protocol FactPayload: Sendable, Hashable {
    init(_ fields: JSONFields) throws(RecordFault)
    var members: [String: JSONValue] { get }
}

extension [String: JSONValue] {
    /// Sets the member when there is a text; leaves it out otherwise.
    mutating func set(_ key: String, _ text: String?) {
        if let text { self[key] = .string(text) }
    }

    /// Sets the member when the list has items; leaves it out otherwise.
    mutating func set(_ key: String, _ texts: [String]) {
        if !texts.isEmpty { self[key] = .array(texts.map(JSONValue.string)) }
    }

    mutating func set(_ key: String, _ texts: [String: String]) {
        if !texts.isEmpty { self[key] = .object(texts.mapValues(JSONValue.string)) }
    }
}
