/// Where a promotion is in its life (`glossary.md`).
public enum Phase: String, Sendable, Hashable, CaseIterable {
    case pending, proposed, admitted, delivered, verifying, succeeded, failed, errored, rejected, aborted
    case superseded, withdrawn
    case rolledBack = "rolled_back"
}

/// One attempt to bring a release to a stage, as the ledger tells it.
public struct Promotion: Sendable, Hashable {
    public let subject: PromotionSubject
    public let from: String?
    public let requester: String
    public let trigger: PromotionRequested.Trigger
    public let requestedAt: Instant
    public internal(set) var reason: String?
    public internal(set) var ticket: String?
    public internal(set) var phase: Phase
    public internal(set) var planDigest: String
    public internal(set) var admission: Admission?
    /// The base of an admission that was withdrawn: a deploy commit after it may still turn up late.
    public internal(set) var withdrawnBase: String?
    /// The deploy commit, once delivered.
    public internal(set) var commit: String?
    /// The branch or pull request that waits to be merged.
    public internal(set) var proposal: Proposal?
    /// The gates that are not asked.
    public internal(set) var breakGlass: BreakGlass?
    /// The train that it is, or was last, a member of.
    public internal(set) var train: TrainTicket?
    /// What the hooks before its delivery said last, by hook.
    public internal(set) var hooks: [String: HookCalled.Result] = [:]

    /// The standing decision to deliver.
    public struct Admission: Sendable, Hashable {
        public let at: Instant
        /// The commit of the target branch that the plan was made on.
        public let base: String
        public let approvedBy: [String]
        /// The commit of the delivery branch that may be merged; nil where the promotion is delivered by commit.
        public let head: String?
    }

    /// Gates that somebody wants skipped for one plan.
    public struct BreakGlass: Sendable, Hashable {
        public let gates: [String]
        public let by: String
        public let reason: String
        public let planDigest: String
    }

    public var id: String { subject.promotion }
    public var service: String { subject.service }
    public var version: String { subject.version }
    public var stage: String { subject.stage }

    /// Proposed on a branch without a pull request.
    public var isMergedByPeople: Bool { proposal.map { $0.number == nil } ?? false }

    /// Not admitted: later facts still bind it.
    public var isPending: Bool { phase == .pending || phase == .proposed }
}
