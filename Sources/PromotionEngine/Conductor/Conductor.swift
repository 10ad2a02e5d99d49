public import WorkflowModel

/// Carries requests out: reads, decides, records, delivers, and begins again when it lost a race.
///
/// All outside effects go through ports. Whatever instruction it dies at, the next conductor finishes or refuses what
/// was begun: the ledger is written before and after every effect, and every effect is found again by its promotion's id.
public final class Conductor {
    let ledger: any LedgerPort
    let desired: any DesiredStatePort
    let pace: any PacePort
    let zones: any ZonePort
    /// Nil: nobody's signature can be told.
    let signatures: (any SignaturePort)?
    public let initiator: Identity
    /// How long races are fought, from the start of a request.
    let raceTimeout: TimeSpan
    /// Told what a person should know although it changes no result.
    let warn: (String) -> Void
    /// Told which promotions are admitted and not yet recorded as delivered, so that an interruption can name them.
    public var underWay: ([String]) -> Void = { _ in }
    /// Told which promotion `promote` waits for, nil: none, so that an interruption can name it.
    public var awaiting: (String?) -> Void = { _ in }
    /// The promotions that this conductor delivered or found delivered, so that finishing one is told as such.
    var finished: Set<String> = []
    /// What tells how delivered releases do.
    let health: any HealthPort
    /// What switches syncs of an agent off and on.
    let agent: any AgentPort
    /// Whether the ledger tells of syncs that are switched off.
    private(set) var seesPauses = false
    /// What calls hooks.
    let hooks: any HookPort
    /// What persons are called where the ledger that is read is that of the past; nil: as this ledger says.
    public var pseudonymsNow: Pseudonyms?
    /// Told how a promotion that is being verified does.
    public var watching: (VerificationProgress) -> Void = { _ in }
    /// Told once which gates `promote` stays for, and again when they change.
    public var waitingFor: (String) -> Void = { _ in }
    /// Where delivery branches are made.
    public var proposals: any ProposalPort = NoProposals()
    /// Where pull requests are.
    public var forges: any ForgeDirectory = NoForge()
    /// What was proposed in this request: it is merged by a later one, so that people and checks see it first.
    var proposedNow: Set<String> = []
    /// What a forge would not merge while this process runs.
    var declinedHere: Set<String> = []
    /// What could not be decided in this pass because a gate is errored.
    var undecided: [(service: String, stage: String, error: PromotionError)] = []
    /// What was seen in this round, by promotion, with how many observations the ledger knew then.
    var looks: [String: (look: HealthLook, known: Int)] = [:]
    /// Remembers what a `reconcile` over everything found at rest; nil: everything is looked at each time.
    public var restNotes: (any RestPort)?
    /// The rules read last, which every record names.
    private var rulesInForce: Rules?
    /// Of the rules read last.
    var peopleInForce: People? { rulesInForce?.people }
    /// By the rules read last.
    func stageInForce(_ service: String, _ stage: String) -> Stage? { rulesInForce?.workflow(of: service)?.stage(stage) }

    public init(
        ledger: any LedgerPort, desired: any DesiredStatePort, pace: any PacePort, initiator: Identity,
        zones: any ZonePort = UTCOnly(), signatures: (any SignaturePort)? = nil, health: any HealthPort = ReportsOnly(),
        hooks: any HookPort = NoHooks(), agent: any AgentPort = NoAgent(), raceTimeout: TimeSpan = .minutes(2),
        warn: @escaping (String) -> Void = { _ in }
    ) {
        self.health = health
        self.hooks = hooks
        self.agent = agent
        self.ledger = ledger
        self.desired = desired
        self.pace = pace
        self.zones = zones
        self.signatures = signatures
        self.initiator = initiator
        self.raceTimeout = raceTimeout
        self.warn = warn
    }

    /// The subject id of whoever acts.
    public var initiatorID: String { initiator.id }

    /// The rules and the commit of the target branch that they were read from.
    struct Context {
        let rules: Rules
        let tip: String
    }

    /// - Parameter services: those that the request is about, so that its cost does not grow with their number; nil: all.
    func context(for services: Set<String>? = nil) throws -> Context {
        let tip = try desired.refresh()
        var rules = try desired.rules(of: services)
        // An error about a service that does not exist names those that do.
        if let services, !services.isEmpty, services.allSatisfy({ rules.workflow(of: $0) == nil }) { rules = try desired.rules(of: nil) }
        rulesInForce = rules
        return Context(rules: rules, tip: tip)
    }

    /// The tip of the branch that holds a stage's files.
    func tip(of stage: Stage, _ context: Context) throws -> String {
        guard let branch = stage.branch, branch != desired.branch else { return context.tip }
        return try desired.tip(of: branch)
    }

    /// Loads state that may be decided on. Throws when a newer engine has written to the ledger.
    func decidableState(_ scope: LedgerScope) throws -> LedgerSnapshot {
        let snapshot = try ledger.load(scope)
        if snapshot.state.services.values.contains(where: { !$0.pauses.isEmpty }) { seesPauses = true }
        guard snapshot.state.unknownTypes.isEmpty else {
            throw PromotionError(
                .error,
                "the ledger holds records that this version of gradus does not know: \(snapshot.state.unknownTypes.sorted().joined(separator: ", "))",
                hint: "upgrade gradus; until then use `gradus history` to read")
        }
        return snapshot
    }

    /// Runs `attempt` until it answers. Nil means that a race was lost and everything must be read again.
    func racing<Answer>(_ what: String, _ attempt: () throws -> Answer?) throws -> Answer {
        let start = pace.now
        var lost = 0
        while true {
            if let answer = try attempt() { return answer }
            lost += 1
            guard pace.now - start < raceTimeout else {
                throw PromotionError(
                    .conflict, "\(what): others changed the repository first, \(lost) times in \(raceTimeout)",
                    hint: "run the same command again, or give it more time with --timeout")
            }
            pace.pause(afterAttempt: lost)
        }
    }

    /// More records than this do not go in one append: a segment must be able to hold them.
    static let largestAppend = 4_000

    /// Appends and folds the facts into the snapshot; nil when the race was lost.
    ///
    /// After a race lost in the middle of a very large append its first part stands, as if it had been asked for alone.
    ///
    /// - Parameter person: who it comes from, where that is not whoever runs this; such as a reviewer on a forge.
    func append(_ facts: [Fact], by person: Identity? = nil, to snapshot: inout LedgerSnapshot) throws -> [LedgerRecord]? {
        // What comes from a forge is told as it is.
        if person == nil { for fact in facts { try TextLimit.check(fact) } }
        var appended: [LedgerRecord] = []
        var facts = facts
        if !facts.isEmpty, person == nil, let rules = rulesInForce, let change = try rulesChange(snapshot.state, rules) { facts.insert(change, at: 0) }
        // With what happened goes what hooks are to be told of it, last, so that no number of a record shifts.
        var rest = (facts + owedHooks(for: facts))[...]
        while !rest.isEmpty {
            let drafts = rest.prefix(Self.largestAppend).map(draft)
            guard case .appended(let records, let head) = try ledger.append(drafts, by: person ?? initiator, at: pace.now, to: snapshot)
            else { return nil }
            for record in records { snapshot.state.apply(record) }
            snapshot.seq = records.last?.seq ?? snapshot.seq
            snapshot.head = head
            appended += records
            rest = rest.dropFirst(drafts.count)
        }
        tellDeployments(facts, snapshot.state)
        return appended
    }

    /// Whether any stage of the rules read last has hooks.
    var hasHooks: Bool { rulesInForce?.workflows.contains { $0.stages.contains { !$0.hooks.isEmpty } } ?? false }

    /// Whether any stage of the rules read last pauses syncs.
    var pausesSyncs: Bool { rulesInForce?.workflows.contains { $0.stages.contains { $0.health?.pausedApps.isEmpty == false } } ?? false }

    /// The stage of a promotion by the rules read last.
    func stage(of subject: PromotionSubject) -> Stage? { rulesInForce?.workflow(of: subject.service)?.stage(subject.stage) }

    /// The hooks of a promotion's stage.
    func hooks(of subject: PromotionSubject) -> [Hook] {
        stage(of: subject)?.hooks ?? []
    }

    /// Whether any stage of the rules read last has steps.
    var hasRollouts: Bool { rulesInForce?.workflows.contains { $0.stages.contains { $0.rollout != nil } } ?? false }

    /// The fact with the files that its service's rules come from.
    func draft(_ fact: Fact) -> RecordDraft {
        guard let rules = rulesInForce, let workflow = fact.service.flatMap(rules.workflow(of:)) else {
            guard case .denied = fact, let rules = rulesInForce, let path = rules.people.path else { return RecordDraft(fact) }
            return RecordDraft(fact, rules: rules.sources.filter { $0.key == path })
        }
        let paths = [workflow.path] + [rules.people.path, rules.calendar.path].compactMap { $0 }
        return RecordDraft(fact, rules: rules.sources.filter { paths.contains($0.key) })
    }

    /// The declared workflow, service and stage of a request. Throws a usage error that names what exists.
    func locate(_ service: String, _ stage: String, in rules: Rules) throws -> (Workflow, Service, Stage) {
        let (workflow, declared) = try locate(service, in: rules)
        guard let place = workflow.stage(stage) else {
            throw PromotionError(
                .usage, "workflow '\(workflow.name)' has no stage '\(stage)'",
                hint: "its stages are \(workflow.stages.map(\.name).joined(separator: ", "))"
                    + suggestion(stage, workflow.stages.map(\.name)))
        }
        return (workflow, declared, place)
    }

    func locate(_ service: String, in rules: Rules) throws -> (Workflow, Service) {
        guard let workflow = rules.workflow(of: service), let declared = workflow.service(service) else {
            throw PromotionError(
                .usage, "no workflow declares the service '\(service)'",
                hint: rules.serviceNames.isEmpty
                    ? "declare it under `services:` in a file of workflows/"
                    : "declared services: \(rules.serviceNames.prefix(12).joined(separator: ", "))"
                        + suggestion(service, rules.serviceNames))
        }
        return (workflow, declared)
    }

    /// What closes edges for a time, by these rules and this state of the ledger.
    func restrictions(
        _ context: Context, _ snapshot: LedgerSnapshot, loosenings: [Loosening] = [], signatures: ApprovalSignatures = ApprovalSignatures()
    ) -> Restrictions {
        Restrictions(
            calendar: context.rules.calendar, zones: zones, freezes: snapshot.state.freezes, loosenings: loosenings,
            signatures: signatures)
    }

    func release(_ version: String, of service: String, in state: ServiceState) throws -> ReleaseState {
        guard let release = state.releases[version] else {
            let known = state.recentVersions.suffix(5).joined(separator: ", ")
            throw PromotionError(
                .usage, "\(service) \(version) is not a registered release",
                hint: "register it with `gradus release create \(service) \(version)`"
                    + (known.isEmpty ? "" : "; the last registered are \(known)"))
        }
        return release
    }

    func digest(_ workflow: Workflow, _ intent: EditIntent, _ plan: EditPlan) -> String {
        PlanDigest.digest(
            branch: intent.stage.branch ?? desired.branch, workflow: workflow, intent: intent, plan: plan,
            calendar: rulesInForce?.calendar ?? ReleaseCalendar())
    }

    /// The plan of an intent with its digest.
    func plan(_ intent: EditIntent, _ workflow: Workflow, at commit: String) throws -> (EditPlan, digest: String) {
        let plan = try desired.plan(intent, at: commit)
        return (plan, digest(workflow, intent, plan))
    }
}
