/// Why a service of a train does not go, or does not go yet.
public enum TrainSkip: String, Sendable, Hashable, CaseIterable {
    /// The version is in the target stage, and its values stand.
    case alreadyThere = "already_there"
    /// No promotion has brought a registered release to the source stage.
    case noRelease = "no_release"
    /// The source stage was changed outside Gradus, so that nobody has tested what stands there together.
    case changedOutside = "changed_outside"
    /// The target stage has a newer version, which a train does not take back.
    case newerThere = "newer_there"
    case notPermitted = "not_permitted"
    case held, frozen
    /// A gate has failed.
    case refused
    /// A gate waits for evidence, time or health.
    case waiting
    /// It depends on a service that is neither there nor goes along.
    case dependency
    /// Only approvals are missing: it is open, and one approval of the train counts for it.
    case approval
    /// A gate, or what would be written, could not be found out.
    case errored
    /// Another member writes another value to the same place.
    case conflict
    /// Of a rollback: what the train brought is not there, so that there is nothing to take back.
    case notThere = "not_there"

    /// What is asked of people when everything else is settled: no, could not find out, or not yet; nil where there is
    /// nothing to do.
    var verdict: Verdict? {
        switch self {
        case .alreadyThere, .notThere: nil
        case .changedOutside, .newerThere, .notPermitted, .refused, .conflict: .failed
        case .errored: .errored
        case .noRelease, .held, .frozen, .waiting, .dependency, .approval: .waiting
        }
    }
}

/// What shall go together from one stage to the next.
public struct TrainRequest: Sendable {
    public var from: String
    public var to: String
    /// Empty: every service of the workflows that have the edge.
    public var services: [String]
    public var mode: TrainMode
    public var reason: String?
    public var ticket: String?

    public init(
        from: String, to: String, services: [String] = [], mode: TrainMode = .skipBlocked, reason: String? = nil, ticket: String? = nil
    ) {
        self.from = from
        self.to = to
        self.services = services
        self.mode = mode
        self.reason = reason
        self.ticket = ticket
    }
}

/// What came of a train, as `train plan`, `train run` and `rollback --train` show it.
public struct TrainReport: Sendable {
    public enum Result: String, Sendable, CaseIterable {
        case promoted, unchanged, pending, refused, planned
        /// A member could not be evaluated; shown as pending, with exit code 1.
        case errored
        /// Of a train that is looked back at: nothing of it goes on, and nothing of it was delivered.
        case closed
    }

    /// One service of the train.
    public struct Member: Sendable {
        public let workflow: String
        public let service: String
        public var version: String?
        public var promotion: String?
        /// Nil for a service that is left out.
        public var phase: Phase?
        public var skip: TrainSkip?
        /// Why it does not go, in words.
        public var reason: String?
        public var planDigest: String?
        public var gates: [Gate]
        public var edits: [FieldEdit]
        public var commit: String?

        /// Of a plan: nothing keeps it.
        public var goes: Bool { phase != nil && skip == nil && reason == nil }

        public init(workflow: String, service: String, version: String? = nil) {
            (self.workflow, self.service, self.version, gates, edits) = (workflow, service, version, [], [])
        }

        var json: JSONValue {
            [
                "service": .string(service), "workflow": .string(workflow), "version": .optional(version),
                "promotion": .optional(promotion), "phase": .optional(phase?.rawValue), "skip_reason": .optional(skip?.rawValue),
                "reason": .optional(reason), "plan_digest": .optional(planDigest), "gates": .array(gates.map(\.json)),
                "edits": .array(edits.map(\.json)), "commit": .optional(commit),
            ]
        }
    }

    /// Nil where nothing was opened.
    public var id: String?
    public var from: String?
    public var stage: String
    public var mode: TrainMode
    public var result: Result
    /// The digest of the members that go or wait for approval; nil without any.
    public var digest: String?
    /// The deploy commit.
    public var commit: String?
    /// The train that is taken back.
    public var rollsBack: String?
    /// By service.
    public var members: [Member]
    /// Why it went no further, where that was no gate: a conflict, a time-out. Decides the exit code.
    public var problem: PromotionError?

    public init(
        id: String?, from: String?, stage: String, mode: TrainMode, result: Result, digest: String?, rollsBack: String? = nil,
        members: [Member]
    ) {
        (self.id, self.from, self.stage, self.mode, self.result) = (id, from, stage, mode, result)
        (self.digest, self.rollsBack, self.members) = (digest, rollsBack, members)
        commit = members.lazy.compactMap(\.commit).first
    }

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Train", "id": .optional(id), "from": .optional(from), "to": .string(stage),
            "mode": .string(mode.rawValue), "result": .string((result == .errored ? .pending : result).rawValue),
            "digest": .optional(digest), "commit": .optional(commit), "rolls_back": .optional(rollsBack),
            "members": .array(members.map(\.json)),
        ]
    }

    /// What the members that do not go say together: any no, else anything not found out, else anything awaited.
    public var blockedVerdict: Verdict? {
        let verdicts = Set(members.compactMap { $0.skip?.verdict })
        return [Verdict.failed, .errored, .waiting].first(where: verdicts.contains)
    }
}
