public import PromotionEngine

/// One change of one stage: a promotion that was delivered to it, or values that somebody changed outside.
///
/// The population of an audit is the list of all of them; nothing that reached the stage is left out of it.
public struct Change: Sendable, Hashable {
    /// Where the change came from.
    public enum Origin: String, Sendable, Hashable {
        case promotion, rollback, external
    }

    /// How it ended, as far as the records tell.
    public enum Outcome: String, Sendable, Hashable {
        /// Delivered, and its health is still being watched.
        case open
        case succeeded, failed, superseded
        case rolledBack = "rolled_back"
        /// Changed outside: nobody recorded how it went.
        case unknown

        public var words: String { self == .rolledBack ? "rolled back" : rawValue }
    }

    /// A person's yes that counted.
    public struct Approval: Sendable, Hashable {
        public let person: String
        public let name: String?
        public let at: Instant
        public let reason: String?
        /// Shown by a signature or by a forge, not only claimed on a command line.
        public let isAuthenticated: Bool

        public var displayName: String { name.map { "\($0) (\(person))" } ?? person }
    }

    /// One evidence key with every value that was posted for the release before the decision, oldest first.
    public struct Evidence: Sendable, Hashable {
        public struct Attempt: Sendable, Hashable {
            public let value: String
            public let at: Instant
            public let by: String
            public let url: String?
            /// Of the report file that the value came from.
            public let sha256: String?
        }

        public let key: String
        public let stage: String?
        public internal(set) var attempts: [Attempt]

        /// The value that decided.
        public var value: String { attempts.last?.value ?? "" }
    }

    public let id: String
    public let origin: Origin
    public let service: String
    public let stage: String
    public let workflow: String?
    public let version: String
    /// What the stage held before; nil when no record tells.
    public internal(set) var previousVersion: String?
    /// Who wanted it; for an external change the commit's author.
    public internal(set) var requester: String
    public internal(set) var isAutomatic = false
    /// The gates that were closed when somebody merged what was proposed.
    public internal(set) var closedGates: [String] = []
    public internal(set) var requestedAt: Instant?
    public internal(set) var reason: String?
    public internal(set) var ticket: String?
    public internal(set) var downgradeFrom: String?
    public internal(set) var registeredAt: Instant?
    public internal(set) var registeredBy: String?
    /// Who wrote what the release holds; empty: not on record.
    public internal(set) var authors: [String] = []
    /// The source commit of the release.
    public internal(set) var sourceCommit: String?
    public internal(set) var images: [Release.Image] = []
    public internal(set) var ciURL: String?
    public internal(set) var evidence: [Evidence] = []
    public internal(set) var gates: [Gate] = []
    public internal(set) var approvals: [Approval] = []
    public internal(set) var planDigest: String?
    /// Blob ids of the rule files that it was decided by, by path.
    public internal(set) var rules: [String: String] = [:]
    public internal(set) var admittedAt: Instant?
    public internal(set) var deliveredAt: Instant
    public internal(set) var commit: String
    public internal(set) var edits: [FieldEdit] = []
    public internal(set) var isLate = false
    /// Somebody merged it before its gates had passed.
    public internal(set) var isUngated = false
    /// The values stood already: nothing was committed for it.
    public internal(set) var isUnchanged = false
    public internal(set) var outcome: Outcome = .open
    public internal(set) var endedAt: Instant?
    public internal(set) var outcomeReason: String?
    /// Gates that were skipped by break-glass, by id.
    public internal(set) var brokenGlass: [String] = []
    /// Who closed the review of a break-glass, when and with what words; nil while it is open.
    public internal(set) var review: Review?
    /// False for a change that only a branch shows and no record names.
    public internal(set) var isRecorded = true
    /// Numbers of the records that tell of it, in order.
    public internal(set) var records: [Int] = []
    public internal(set) var exceptions: [ChangeException] = []

    public struct Review: Sendable, Hashable {
        public let by: String
        public let at: Instant
        public let reason: String?
    }

    init(id: String, origin: Origin, service: String, stage: String, workflow: String?, version: String, requester: String, deliveredAt: Instant, commit: String) {
        self.id = id
        self.origin = origin
        self.service = service
        self.stage = stage
        self.workflow = workflow
        self.version = version
        self.requester = requester
        self.deliveredAt = deliveredAt
        self.commit = commit
    }

    /// Who decided: approvers, or nobody.
    public var approvers: [String] { approvals.map(\.person) }

    /// From the registration of the release to its success here; nil while it has none.
    public var leadSeconds: Int? {
        guard let registeredAt, let endedAt, outcome == .succeeded else { return nil }
        return max(0, endedAt.seconds - registeredAt.seconds)
    }
}
