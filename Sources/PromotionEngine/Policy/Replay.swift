public import WorkflowModel

/// Replays the ledger under given rules: what was asked for, and when it would have been admitted (`design.md` section 7, `simulate`).
///
/// 1. Every promotion that somebody or automation asked for is followed; rollbacks are not, for no gates of promotions ask them.
/// 2. Facts stay as they are recorded: what would have followed from an earlier or a missing delivery is not made up.
/// 3. Gates are asked again after every record, and at every time at which a gate said that it may change.
public struct Replay: Sendable {
    /// When a promotion was let in, if it was.
    public struct Course: Sendable, Hashable {
        public internal(set) var admittedAt: Instant?
        /// When and why it ended without.
        public internal(set) var closedAt: Instant?
        public internal(set) var closedBecause: String?
    }

    public struct Attempt: Sendable {
        public let subject: PromotionSubject
        public let requester: String
        public let requestedAt: Instant
        public internal(set) var actual = Course()
        public internal(set) var simulated = Course()
        /// As they stood when they were asked last.
        public internal(set) var gates: [Gate] = []
        var ticket: String?
        var planDigest: String
        var skipped: [String]
        /// The train that it was asked for with.
        var train: String?
        var isFollowed: Bool { simulated.admittedAt == nil && simulated.closedAt == nil }

        /// How the rules would have changed it.
        public var change: Change {
            switch (actual.admittedAt, simulated.admittedAt) {
            case (let was?, let now?): was == now ? .same : was < now ? .delayed : .earlier
            case (nil, _?): .promoted
            case (_?, nil): [.failed, .errored].contains(gates.overall) ? .refused : .waiting
            case (nil, nil): .same
            }
        }
    }

    public enum Change: String, Sendable, CaseIterable {
        case same, earlier, delayed
        /// It was let in, and would have been refused to the end.
        case refused
        /// It was let in, and would still wait.
        case waiting
        /// It was not let in, and would have been.
        case promoted
    }

    private let rules: Rules
    private let zones: any ZonePort
    private let since: Instant?
    private let until: Instant?
    private var state = LedgerState()
    public private(set) var attempts: [Attempt] = []
    /// What each train was to bring, by service: its members count on each other.
    private var trains: [String: [String: String]] = [:]
    /// Positions of the attempts that are still followed.
    private var followed: [Int] = []

    /// - Parameters:
    ///   - since: promotions asked for earlier are not followed; nil: all are.
    ///   - until: where the replay ends; nil: where `end(at:)` says.
    public init(rules: Rules, zones: any ZonePort, since: Instant? = nil, until: Instant? = nil) {
        self.rules = rules
        self.zones = zones
        self.since = since
        self.until = until
    }

    /// Takes the next record of the ledger.
    public mutating func take(_ record: LedgerRecord) {
        if let until, record.at >= until { return }
        pass(to: record.at)
        state.apply(record)
        note(record)
        for position in followed where record.fact.service.map({ concerns($0, attempts[position]) }) ?? true {
            ask(position, at: record.at)
        }
        followed.removeAll { !attempts[$0].isFollowed }
    }

    /// Lets the time after the last record pass.
    public mutating func end(at time: Instant) { pass(to: min(time, until ?? time)) }

    private func concerns(_ service: String, _ attempt: Attempt) -> Bool {
        service == attempt.subject.service || rules.workflow(of: attempt.subject.service)?.dependencies.contains(service) ?? false
    }

    private mutating func note(_ record: LedgerRecord) {
        switch record.fact {
        case .requested(let requested): begin(requested, record)
        case .approvalGiven(let decision):
            // An approval is for the plan as it was then, by which alone the attempt can be told.
            for position in followed where attempts[position].fits(decision) { attempts[position].planDigest = decision.planDigest }
        case .admitted(let admitted):
            change(admitted.subject) {
                $0.actual.admittedAt = $0.actual.admittedAt ?? record.at
                $0.planDigest = admitted.planDigest
            }
        case .aborted(let closed), .superseded(let closed): close(closed.subject, closed.reason, record.at)
        case .rejected(let decision):
            for position in attempts.indices where attempts[position].subject.promotion == decision.promotion {
                attempts[position].actual.closedAt = record.at
                attempts[position].actual.closedBecause = "rejected"
            }
        default: break
        }
    }

    private mutating func begin(_ requested: PromotionRequested, _ record: LedgerRecord) {
        guard requested.trigger == .manual || requested.trigger == .automation else { return }
        if let position = attempts.firstIndex(where: { $0.subject.promotion == requested.subject.promotion }) {
            attempts[position].ticket = requested.ticket ?? attempts[position].ticket
            attempts[position].skipped += requested.breakGlass
            if let train = requested.train?.id {
                attempts[position].train = train
                trains[train, default: [:]][requested.subject.service] = requested.subject.version
            }
            return
        }
        guard since.map({ record.at >= $0 }) ?? true else { return }
        attempts.append(
            Attempt(
                subject: requested.subject, requester: requested.requester, requestedAt: record.at, ticket: requested.ticket,
                planDigest: requested.planDigest, skipped: requested.breakGlass, train: requested.train?.id))
        if let train = requested.train?.id { trains[train, default: [:]][requested.subject.service] = requested.subject.version }
        followed.append(attempts.count - 1)
    }

    private mutating func change(_ subject: PromotionSubject, _ body: (inout Attempt) -> Void) {
        for position in attempts.indices where attempts[position].subject.promotion == subject.promotion { body(&attempts[position]) }
    }

    /// Who gave up before the real admission would have given up here too.
    private mutating func close(_ subject: PromotionSubject, _ reason: String, _ time: Instant) {
        change(subject) { attempt in
            guard attempt.actual.admittedAt == nil else { return }
            (attempt.actual.closedAt, attempt.actual.closedBecause) = (time, reason)
            if attempt.isFollowed { (attempt.simulated.closedAt, attempt.simulated.closedBecause) = (time, reason) }
        }
    }

    /// Asks at every moment up to `time` at which time alone may have changed a verdict.
    private mutating func pass(to time: Instant) {
        for position in followed {
            var moment: Instant?
            // A gate names a later moment each time; more of them than this are not worth following.
            for _ in 0..<64 {
                guard attempts[position].isFollowed,
                    let next = attempts[position].gates.filter({ $0.verdict == .waiting }).compactMap(\.nextCheck).min(),
                    next < time, moment.map({ next > $0 }) ?? true
                else { break }
                moment = next
                ask(position, at: next)
            }
        }
        followed.removeAll { !attempts[$0].isFollowed }
    }

    private mutating func ask(_ position: Int, at time: Instant) {
        let attempt = attempts[position]
        let subject = attempt.subject
        guard attempt.isFollowed, let workflow = rules.workflow(of: subject.service), let service = workflow.service(subject.service),
            let stage = workflow.stage(subject.stage), let release = state.service(subject.service).releases[subject.version]
        else { return }
        let evaluator = Evaluator(
            workflow: workflow, service: service, stage: stage, release: release, state: state.service(subject.service),
            others: state.services, people: rules.people, requester: attempt.requester, ticket: attempt.ticket,
            planDigest: attempt.planDigest, now: time,
            restrictions: Restrictions(calendar: rules.calendar, zones: zones, freezes: state.freezes),
            joining: attempt.train.flatMap { trains[$0] } ?? [:])
        attempts[position].gates = evaluator.gates().map { attempt.skipped.contains($0.id) && $0.verdict != .passed ? $0.skipped : $0 }
        if attempts[position].gates.overall == .passed { attempts[position].simulated.admittedAt = time }
    }
}

extension Replay.Attempt {
    fileprivate func fits(_ decision: ApprovalDecision) -> Bool {
        subject.service == decision.service && subject.stage == decision.stage && subject.version == decision.version
    }

    public var json: JSONValue {
        func course(_ course: Replay.Course) -> JSONValue {
            [
                "admitted_at": .optional(course.admittedAt?.description), "closed_at": .optional(course.closedAt?.description),
                "reason": .optional(course.closedBecause),
            ]
        }
        return [
            "id": .string(subject.promotion), "service": .string(subject.service), "version": .string(subject.version),
            "to": .string(subject.stage), "requester": .string(requester), "requested_at": .string(requestedAt.description),
            "change": .string(change.rawValue), "actual": course(actual), "simulated": course(simulated),
            "gates": .array(gates.map(\.json)),
        ]
    }
}
