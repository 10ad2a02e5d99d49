import PromotionEngine
import WorkflowModel

/// Makes sequences of facts such as engines could have recorded: each follows from the state before it.
struct FactGenerator {
    private(set) var log = LedgerLog()
    private var generator: SeededGenerator
    private let services = ["web", "shop.api"]
    private let stages = ["dev", "qa", "prod"]
    private let people = ["olga", "pavel", "rené"]

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func add(_ count: Int) {
        var added = 0
        while added < count {
            // Clocks of different machines: mostly forward, sometimes back.
            log.now = log.now + .seconds(Int.random(in: -30..<7_200, using: &generator))
            guard let fact = next() else { continue }
            log.add(fact, by: generator.pick(people))
            added += 1
        }
    }

    private mutating func next() -> Fact? {
        let service = generator.pick(services)
        let stage = generator.pick(stages)
        let state = log.state.service(service)
        guard let version = state.releases.keys.sorted().randomElement(using: &generator),
            Int.random(in: 0..<12, using: &generator) > 0
        else { return register(service, state) }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1:
            return .evidencePosted(
                EvidencePosted(
                    service: service, version: version, stage: Bool.random(using: &generator) ? stage : nil,
                    values: ["rate": "\(log.records.count)", "scan": "päss"], ciURL: Bool.random(using: &generator) ? "u" : nil,
                    files: Bool.random(using: &generator) ? [FactSamples.report(0, log.records.count, key: "rate")] : [],
                    part: generator.pick([nil, EvidencePart(1, of: 2)]), run: generator.pick([nil, "7"])))
        case 2, 3: return health(service, stage, version, state)
        case 4 where Bool.random(using: &generator): return restriction(service, stage, version, state)
        case 4, 5: return opinion(service, stage, version)
        default: return move(service, stage, version, state)
        }
    }

    private mutating func register(_ service: String, _ state: ServiceState) -> Fact {
        let number = log.records.count
        let digest = Bool.random(using: &generator) ? "sha256:\(number)" : nil
        return .releaseRegistered(
            Release(
                service: service, version: "1.\(number).0", workflow: .workflow,
                images: [.init(name: "shop/\(service)", tag: "1.\(number).0", digest: digest)],
                charts: number % 2 == 0 ? [:] : ["chart": "2"], commit: digest, authors: number % 3 == 0 ? [] : ["ann"], ciURL: nil))
    }

    private mutating func health(_ service: String, _ stage: String, _ version: String, _ state: ServiceState) -> Fact {
        let cell = state.cells[stage]
        return .healthObserved(
            HealthObserved(
                service: service, version: cell?.version ?? version, stage: stage, status: generator.pick(HealthStatus.allCases),
                revision: "r\(log.records.count)", promotion: cell?.stay.promotion, baseline: cell?.adopted ?? true,
                source: generator.pick([nil, "probes"]), message: generator.pick([nil, "why"]), errored: generator.pick([true, false]),
                trigger: generator.pick([nil, "error_rate"]), gradual: generator.pick([true, false])))
    }

    private mutating func restriction(_ service: String, _ stage: String, _ version: String, _ state: ServiceState) -> Fact {
        let number = log.records.count
        return generator.pick([
            .rulesChanged(
                RulesChanged(from: log.state.ruleFiles, to: ["workflows/shop.yaml": "\(number)"], changes: [])),
            .freezeAdded(
                Freeze(
                    id: "freeze-\(number)", scope: FreezeScope(stage: generator.pick([nil, stage])), owner: "olga", reason: "r",
                    start: log.now, until: generator.pick([nil, log.now + .hours(1)]), includesRollbacks: number % 2 == 0)),
            .freezeRemoved(FreezeRemoved(id: log.state.freezes.first?.id ?? "none", reason: nil)),
            .holdAdded(
                HoldAdded(
                    id: "hold-\(number)", service: service, stage: stage, workflow: .workflow, owner: "olga", reason: "r",
                    until: generator.pick([nil, log.now]), rollback: generator.pick([nil, "p"]))),
            .holdRemoved(HoldRemoved(id: state.holds.first?.id ?? "none", service: service, stage: stage, reason: nil)),
            .reviewClosed(
                ReviewClosed(
                    review: state.reviews.first?.id ?? "none", service: service, version: version, stage: stage, workflow: .workflow,
                    promotion: "p", reason: "r")),
            .releaseYanked(ReleaseYanked(service: service, version: version, reason: "r")),
            .subjectPseudonymised(
                SubjectPseudonymised(
                    subject: generator.pick(people), pseudonym: "person-\(number)", also: generator.pick([[], ["o@example.org"]]), reason: "r")),
        ] + rollout(service, stage, version, state))
    }

    /// Steps, hooks and pauses of whatever is open or stands there.
    private func rollout(_ service: String, _ stage: String, _ version: String, _ state: ServiceState) -> [Fact] {
        let number = log.records.count
        let id = state.cells[stage]?.stay.promotion ?? state.open.first?.id ?? "p"
        let subject = PromotionSubject(promotion: id, service: service, version: version, stage: stage, workflow: .workflow)
        let place = AgentPlace(server: "https://agent.example", tokenEnvironment: "T", project: number % 2 == 0 ? nil : "shop")
        return [
            .stepDelivered(
                StepDelivered(
                    subject: subject, step: RolloutStep(number: number % 3 + 1, of: 3, value: "\(number)"), commit: "s\(number)",
                    edits: [FieldEdit(file: "f", field: "weight", old: "5", new: "\(number)")], reason: number % 4 == 0 ? "ill" : nil)),
            .hookOwed(HookOwed(subject: subject, hook: "failed/\(number % 2)", event: .failed, reason: nil)),
            .hookCalled(HookCalled(subject: subject, hook: "failed/\(number % 2)", name: "n", result: .errored, message: nil)),
            .syncPaused(SyncPaused(subject: subject, place: place, apps: ["web": "{}"], limit: 60)),
            .syncResumed(SyncResumed(subject: subject, apps: ["web"])),
        ]
    }

    /// A gate that was not asked, as a checkpoint must keep its review.
    private static let skipped: Gate = {
        var gate = Gate(id: "hold", criterion: "hold", verdict: .waiting, reason: "")
        gate.isSkipped = true
        return gate
    }()

    private mutating func opinion(_ service: String, _ stage: String, _ version: String) -> Fact {
        let decision = ApprovalDecision(
            service: service, version: version, stage: stage, workflow: .workflow,
            digest: log.state.service(service).releases[version]?.release.digest,
            planDigest: generator.pick([.plan, String(repeating: "b", count: 64)]),
            promotion: log.state.service(service).undelivered(stage)?.id, reason: generator.pick([nil, "so \"it\" is\n"]))
        return generator.pick([
            .approvalGiven(decision), .approvalGiven(decision), .approvalWithdrawn(decision), .rejected(decision),
            .rejectionWithdrawn(decision),
        ])
    }

    /// Carries the promotion of one cell on by one step.
    private mutating func move(_ service: String, _ stage: String, _ version: String, _ state: ServiceState) -> Fact? {
        let number = log.records.count
        if let verifying = state.verifying(stage), Bool.random(using: &generator) {
            let closed = PromotionClosed(subject: verifying.subject, reason: "it is so")
            return generator.pick([.succeeded(closed), .failed(closed), .superseded(closed)])
        }
        guard let open = state.undelivered(stage) else {
            let subject = PromotionSubject(
                promotion: "\(service)-\(stage)-\(number)", service: service, version: version, stage: stage,
                workflow: .workflow)
            return .requested(
                PromotionRequested(
                    subject: subject, from: stage == "dev" ? nil : "dev", requester: generator.pick(people),
                    trigger: generator.pick([.manual, .automation]), planDigest: .plan, reason: generator.pick([nil, "why"]),
                    ticket: generator.pick([nil, "CHG-\(number)"]), downgradeFrom: nil,
                    breakGlass: generator.pick([[], ["hold"]]), train: generator.pick([nil, FactSamples.train])))
        }
        let closed = PromotionClosed(subject: open.subject, reason: "it is so")
        guard open.phase == .admitted else {
            return generator.pick([
                .admitted(
                    PromotionAdmitted(
                        subject: open.subject, planDigest: .plan, base: "b\(number)", gates: open.breakGlass == nil ? [] : [Self.skipped],
                        approvedBy: number % 2 == 0 ? ["olga"] : [], train: open.train)),
                .admitted(
                    PromotionAdmitted(
                        subject: open.subject, planDigest: String(repeating: "b", count: 64), base: "b", gates: [],
                        approvedBy: [])),
                .superseded(closed), .aborted(closed),
                .proposed(
                    PromotionProposed(
                        subject: open.subject, planDigest: .plan, base: "b\(number)", branch: "gradus-promote/\(service)/\(stage)",
                        head: "h\(number)", content: "c", number: generator.pick([nil, "17"]), url: generator.pick([nil, "u"]), forge: nil,
                        edits: [FieldEdit(file: "f", field: "x", old: "0", new: open.version)])),
                .proposalObserved(
                    ProposalObserved(
                        subject: open.subject, number: "17", head: open.proposal?.head ?? "h",
                        reviews: [ForgeReview(reviewer: "o", verdict: .approved, commit: nil)],
                        checks: [ForgeCheck(name: "ci", state: .pending)], text: generator.pick([nil, "t"]))),
                .requested(
                    PromotionRequested(
                        subject: open.subject, from: open.from, requester: open.requester, trigger: open.trigger,
                        planDigest: open.planDigest, reason: "again", ticket: "CHG-9")),
            ])
        }
        return generator.pick([
            .withdrawn(closed),
            .delivered(
                PromotionDelivered(
                    subject: open.subject, commit: "c\(number)", unchanged: number % 5 == 0, late: number % 7 == 0,
                    edits: [FieldEdit(file: "f", field: "x", old: number % 3 == 0 ? nil : "0", new: open.version)],
                    step: number % 4 == 0 ? RolloutStep(number: 1, of: 3, value: "5") : nil)),
        ])
    }
}
