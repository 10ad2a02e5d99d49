public import WorkflowModel

/// Runs tests of rules: the facts become a ledger in memory, and the one evaluator answers (`design.md` section 7, `validate --tests`).
public struct PolicyTestRun: Sendable {
    private let rules: Rules
    private let zones: any ZonePort
    /// Stands for the plan that approvals are given for.
    private static let plan = "plan"

    public init(rules: Rules, zones: any ZonePort) {
        self.rules = rules
        self.zones = zones
    }

    /// What is not as the test says; empty when it holds.
    public func faults(of test: PolicyTest) -> [String] {
        guard let now = Instant(parsing: test.now) else { return ["`now` is no RFC 3339 time in UTC: '\(test.now)'"] }
        guard let workflow = rules.workflow(of: test.service), let service = workflow.service(test.service) else {
            return ["no workflow declares the service '\(test.service)'"]
        }
        guard let stage = workflow.stage(test.stage) else { return ["workflow '\(workflow.name)' has no stage '\(test.stage)'"] }
        var log = Log(test: test, workflow: workflow, now: now)
        for fact in test.facts {
            if let fault = log.add(fact) { return [fault] }
        }
        let state = log.state.service(test.service)
        guard let release = state.releases[test.version] else { return ["\(test.version) is not registered"] }
        let gates = Evaluator(
            workflow: workflow, service: service, stage: stage, release: release, state: state, others: log.state.services,
            people: rules.people, requester: test.requester, ticket: test.ticket, planDigest: Self.plan, now: now,
            restrictions: Restrictions(calendar: rules.calendar, zones: zones, freezes: log.state.freezes)
        ).gates()
        return Self.compare(test, gates)
    }

    private static func compare(_ test: PolicyTest, _ gates: [Gate]) -> [String] {
        var faults: [String] = []
        if let verdict = test.verdict, gates.overall.rawValue != verdict {
            let open = gates.filter { $0.verdict != .passed }.map { "\($0.id) \($0.verdict.rawValue): \($0.reason)" }
            faults.append("the verdict is \(gates.overall.rawValue), not \(verdict)" + (open.isEmpty ? "" : " (\(open.joined(separator: "; ")))"))
        }
        for (id, expected) in test.gates.sorted(by: { $0.key < $1.key }) {
            guard let gate = gates.first(where: { $0.id == id }) else {
                if expected.verdict != "absent" { faults.append("there is no gate \(id) among \(gates.map(\.id).joined(separator: ", "))") }
                continue
            }
            if let verdict = expected.verdict, gate.verdict.rawValue != verdict {
                faults.append("\(id) is \(gate.verdict.rawValue), not \(verdict): \(gate.reason)")
            }
            if let next = expected.next, (gate.nextCheck?.description ?? "none") != next {
                faults.append("\(id) may change at \(gate.nextCheck?.description ?? "none"), not \(next)")
            }
            if let reason = expected.reason, !gate.reason.contains(reason) {
                faults.append("\(id) says '\(gate.reason)', not '\(reason)'")
            }
        }
        return faults
    }

    /// A ledger that is not kept.
    private struct Log {
        let test: PolicyTest
        let workflow: Workflow
        let now: Instant
        var state = LedgerState()
        private var seq = 0

        init(test: PolicyTest, workflow: Workflow, now: Instant) {
            (self.test, self.workflow, self.now) = (test, workflow, now)
            register(test.service, test.version, at: test.facts.map { now + TimeSpan(seconds: -$0.ago.seconds) }.min() ?? now, by: test.requester)
        }

        private mutating func record(_ fact: Fact, at time: Instant, by person: String) {
            seq += 1
            state.apply(LedgerRecord(seq: seq, at: time, initiator: Identity(id: person), fact: fact, previousHash: Digest.none))
        }

        private mutating func register(_ service: String, _ version: String, at time: Instant, by person: String) {
            guard state.service(service).releases[version] == nil else { return }
            let authors = service == test.service && version == test.version ? test.authors : []
            record(
                .releaseRegistered(Release(service: service, version: version, workflow: workflow.name, authors: authors)), at: time, by: person)
        }

        /// Says what is wrong with the fact; nil when it was taken.
        mutating func add(_ fact: PolicyTest.Fact) -> String? {
            let service = fact.service ?? test.service
            let version = fact.version ?? (fact.kind == .requested ? fact.subject : test.version)
            let time = now + TimeSpan(seconds: -fact.ago.seconds)
            let person = fact.by ?? "somebody"
            register(service, version, at: time, by: test.requester)
            func subject(_ stage: String) -> PromotionSubject {
                let id = state.service(service).open.first { $0.stage == stage && $0.version == version }?.id ?? "\(service)-\(stage)-\(seq + 1)"
                return PromotionSubject(promotion: id, service: service, version: version, stage: stage, workflow: workflow.name)
            }
            let until = fact.lasts.map { time + $0 }
            switch fact.kind {
            case .delivered, .succeeded, .failed:
                guard workflow.stage(fact.subject) != nil else { return "there is no stage '\(fact.subject)'" }
                deliver(fact.kind, subject(fact.subject), at: time, by: test.requester)
            case .adopted:
                record(
                    .baselineAdopted(
                        BaselineAdopted(
                            service: service, version: version, stage: fact.subject, workflow: workflow.name, digest: nil, commit: "c\(seq)",
                            floating: false, mixed: [], reason: "test")),
                    at: time, by: person)
            case .requested:
                let stage = fact.stage ?? test.stage
                record(
                    .requested(PromotionRequested(subject: subject(stage), from: nil, requester: person, trigger: .manual, planDigest: PolicyTestRun.plan)),
                    at: time, by: person)
            case .health:
                guard let status = HealthStatus(rawValue: fact.subject) else { return "'\(fact.subject)' is no health status" }
                guard let stage = fact.stage, let cell = state.service(service).cells[stage] else {
                    return "health needs `in: STAGE`, where something was delivered"
                }
                record(
                    .healthObserved(
                        HealthObserved(
                            service: service, version: cell.version, stage: stage, status: status, revision: cell.stay.commit,
                            promotion: cell.stay.promotion, baseline: cell.adopted)), at: time, by: person)
            case .evidence:
                record(
                    .evidencePosted(EvidencePosted(service: service, version: version, stage: fact.stage, values: fact.values)), at: time, by: person)
            case .approve, .reject:
                let decision = ApprovalDecision(
                    service: service, version: version, stage: test.stage, workflow: workflow.name, digest: nil, planDigest: PolicyTestRun.plan,
                    promotion: nil, reason: nil)
                record(fact.kind == .approve ? .approvalGiven(decision) : .rejected(decision), at: time, by: fact.subject)
            case .hold:
                record(
                    .holdAdded(
                        HoldAdded(
                            id: "hold-\(seq + 1)", service: service, stage: fact.stage ?? test.stage, workflow: workflow.name, owner: person,
                            reason: fact.subject, until: until)), at: time, by: person)
            case .freeze:
                let scope = FreezeScope(stage: fact.stage, service: fact.service)
                record(
                    .freezeAdded(Freeze(id: "freeze-\(seq + 1)", scope: scope, owner: person, reason: fact.subject, start: time, until: until)),
                    at: time, by: person)
            case .yank:
                record(.releaseYanked(ReleaseYanked(service: service, version: version, reason: fact.subject)), at: time, by: person)
            }
            return nil
        }

        /// A promotion from its request on. A stage that watches no health has succeeded with its delivery.
        private mutating func deliver(_ kind: PolicyTest.Fact.Kind, _ subject: PromotionSubject, at time: Instant, by person: String) {
            let isDelivered = state.service(subject.service).open.contains { $0.id == subject.promotion && $0.phase == .verifying }
            if !isDelivered {
                record(
                    .requested(PromotionRequested(subject: subject, from: nil, requester: person, trigger: .manual, planDigest: "")), at: time, by: person)
                record(.delivered(PromotionDelivered(subject: subject, commit: "c\(seq + 1)", edits: [])), at: time, by: person)
            }
            let closed = PromotionClosed(subject: subject, reason: "test")
            if kind == .failed {
                record(.failed(closed), at: time, by: person)
            } else if kind == .succeeded || workflow.stage(subject.stage)?.health == nil {
                record(.succeeded(closed), at: time, by: person)
            }
        }
    }
}
