internal import WorkflowModel

/// What `reconcile` looks at; nil: everything.
public struct ReconcileScope: Sendable, Hashable {
    public var service: String?
    public var stage: String?
    public var workflow: String?

    public init(service: String? = nil, stage: String? = nil, workflow: String? = nil) {
        self.service = service
        self.stage = stage
        self.workflow = workflow
    }
}

/// What one `reconcile` did.
public struct ReconcileReport: Sendable {
    /// One promotion that moved, waits although it was asked for, or could not be dealt with.
    public struct Move: Sendable {
        public let subject: PromotionSubject
        public let phase: Phase
        public let commit: String?
        public let reason: String?
    }

    /// In the order in which things happened.
    public internal(set) var moves: [Move] = []
    /// What was changed outside Gradus and is on record now.
    public internal(set) var changes: [ExternalChange] = []
    /// Cells that could not be dealt with, with the reason.
    public internal(set) var errors: [(service: String, stage: String, error: PromotionError)] = []

    public var failed: Bool { moves.contains { $0.phase == .failed } }
}

extension Conductor {
    /// Carries everything on that may go on by itself: admitted and asked-for promotions, automatic ones, verifications.
    ///
    /// Repeats until nothing more moves. Records nothing for automatic moves that wait. A fault in one cell, or a gate that
    /// could not be found out, is kept in the report and does not stop the others.
    public func reconcile(_ scope: ReconcileScope) throws -> ReconcileReport {
        try desired.completeInterrupted()
        looks = [:]
        proposedNow = []
        var report = ReconcileReport()
        var broken: Set<String> = []
        // A note tells of everything, so it is asked and made only where everything is looked at.
        let before = scope == ReconcileScope() ? restNotes?.read() : nil
        while true {
            let end = try racing("reconcile") { () throws -> PassEnd? in
                guard let restless = try before.flatMap({ try restless(since: $0) }) else { return try pass(scope, nil, &report, &broken) }
                undecided = []
                desired.tellRuleWarnings(restless.note.warnings)
                if restless.services.isEmpty { return PassEnd(moved: false, services: [], note: restless.note) }
                return try pass(scope, restless, &report, &broken)
            }
            let hasTaken = try takeSteps(scope, of: end.services, &report, &broken)
            tellOthers(end.services)
            if hasTaken || end.moved { continue }
            try sweep(scope, of: end.services)
            if let note = end.note, note != before { restNotes?.write(note) }
            // What one pass could not find out, what it recorded may tell the next: the last one speaks.
            report.errors += undecided
            return report
        }
    }

    /// Removes the delivery branches that no promotion needs any more, of the services that were looked at.
    private func sweep(_ scope: ReconcileScope, of services: Set<String>?) throws {
        if services?.isEmpty == true { return }
        let context = try context(for: services)
        for cell in try selected(scope, context.rules) where cell.stage.isProposed && services?.contains(cell.service.name) ?? true {
            sweep(cell.service.name, cell.stage)
        }
    }

    /// One look at all cells, or at those of the services that are not at rest. Nil when a race was lost.
    private func pass(
        _ scope: ReconcileScope, _ restless: Restless?, _ report: inout ReconcileReport, _ broken: inout Set<String>
    ) throws -> PassEnd? {
        undecided = []
        let services = restless?.services ?? scope.service.map { [$0] }
        let context = try context(for: services)
        let cells = try selected(scope, context.rules).filter { services?.contains($0.service.name) ?? true }
        // What is asked about by cells at rest too: of that a train may wait.
        let workflows = restless == nil ? cells.map(\.workflow) : context.rules.workflows.filter { !$0.isSeedForm }
        let dependencies = workflows.reduce(into: Set<String>()) { $0.formUnion($1.dependencies) }
        var ledgerScope = LedgerScope(services: dependencies.union(cells.map(\.service.name)))
        ledgerScope.recentOf = Set(cells.lazy.filter(\.workflow.looksAtRecentReleases).map(\.service.name))
        var snapshot = try decidableState(ledgerScope)
        let begun = scope == ReconcileScope() ? try begunNote(cells, context) : nil
        if let restless {
            // Whatever was recorded since is looked at whole or not at all: the members of a train go together.
            guard ledger.services(since: restless.note.mark)?.isSubset(of: restless.services) == true else { return nil }
            if let begun, begun.rules != restless.note.rules { return nil }
        }
        var facts: [Fact] = []
        var admitted: Set<String> = []
        // Ids are made from the number of the first record of an append, so a second promotion counts on from the first's.
        var nextSeq = snapshot.seq + 1
        // What is found out in this pass may close gates of other cells: they are decided by it in the next one, so that no
        // admission stands behind a record that it was decided without.
        var touched: Set<String> = []
        for cell in cells where !broken.contains(cell.key) && touched.isDisjoint(with: cell.readServices) {
            do {
                guard let step = try advance(cell, context, snapshot, nextSeq: nextSeq) else { return nil }
                facts += step.facts
                if step.facts.contains(where: { $0.mayCloseGates(in: cell.workflow) }) { touched.insert(cell.service.name) }
                nextSeq += step.facts.count
                if let id = step.deliver { admitted.insert(id) }
            } catch let error as PromotionError {
                broken.insert(cell.key)
                report.errors.append((cell.service.name, cell.stage.name, error))
            }
        }
        // A train is decided over cells in which nothing else is to be recorded.
        if facts.isEmpty, scope.service == nil, scope.workflow == nil {
            for train in waitingTrains(in: snapshot.state, context.rules) where scope.stage.map({ $0 == train.cells[0].stage.name }) ?? true {
                guard !train.cells.contains(where: { broken.contains("\($0.service.name)@\($0.stage.name)") }) else { continue }
                let step = try advanceTrain(train, context, numbered(snapshot, nextSeq))
                facts += step.facts
                nextSeq += step.facts.count
                admitted.formUnion(step.deliver)
                for fault in step.faults {
                    broken.insert("\(fault.service)@\(fault.stage)")
                    report.errors.append(fault)
                }
            }
        }
        guard try append(facts, to: &snapshot) != nil else { return nil }
        report.note(facts, snapshot.state)
        let endings = admitted.isEmpty ? [:] : try deliver(admitted, scope: ledgerScope)
        let subjects = Dictionary(
            snapshot.state.services.values.flatMap(\.open).map { ($0.id, $0.subject) }, uniquingKeysWith: { $1 })
        for (id, ending) in endings.sorted(by: { $0.key < $1.key }) {
            guard let subject = subjects[id] else { continue }
            if case .failed(let error) = ending {
                broken.insert("\(subject.service)@\(subject.stage)")
                report.errors.append((subject.service, subject.stage, error))
            }
            report.note(subject, ending)
        }
        if !facts.isEmpty || !endings.isEmpty { return PassEnd(moved: true, services: services) }
        return PassEnd(moved: false, services: services, note: try note(begun, cells, snapshot, broken: broken, after: restless))
    }

    /// One service in one stage.
    struct SelectedCell {
        let workflow: Workflow
        let service: Service
        let stage: Stage

        var key: String { "\(service.name)@\(stage.name)" }

        /// The services whose facts its gates ask.
        var readServices: Set<String> { workflow.dependencies.union([service.name]) }
    }

    func selected(_ scope: ReconcileScope, _ rules: Rules) throws -> [SelectedCell] {
        if let name = scope.service { _ = try locate(name, in: rules) }
        let stages = rules.workflows.flatMap { $0.stages.map(\.name) }
        if let name = scope.stage, !stages.contains(name) {
            throw PromotionError(
                .usage, "no workflow has a stage '\(name)'",
                hint: "stages: \(Set(stages).sorted().joined(separator: ", "))\(suggestion(name, stages))")
        }
        if let name = scope.workflow, !rules.workflows.contains(where: { $0.name == name }) {
            let names = rules.workflows.map(\.name)
            throw PromotionError(
                .usage, "there is no workflow '\(name)'",
                hint: "workflows: \(names.joined(separator: ", "))\(suggestion(name, names))")
        }
        return rules.workflows.filter { scope.workflow == nil || $0.name == scope.workflow }.flatMap { workflow in
            workflow.services.filter { scope.service == nil || $0.name == scope.service }.flatMap { service in
                workflow.stages.filter { scope.stage == nil || $0.name == scope.stage }.map { stage in
                    SelectedCell(workflow: workflow, service: service, stage: stage)
                }
            }
        }
    }

    /// The facts that carry one cell on, and the promotion to deliver afterwards. Nil when everything must be read again.
    private func advance(
        _ cell: SelectedCell, _ context: Context, _ snapshot: LedgerSnapshot, nextSeq: Int
    ) throws -> (facts: [Fact], deliver: String?)? {
        let state = snapshot.state.service(cell.service.name)
        var facts: [Fact] = []
        // What is seen is recorded first: the next pass decides by it.
        let seen = lookFacts(cell.service.name, cell.stage, state)
        if !seen.isEmpty { return (seen, nil) }
        guard
            let outcome = try outcomeFacts(cell.workflow, cell.service, cell.stage, context, snapshot, nextSeq: nextSeq)
        else { return nil }
        facts += outcome.facts
        if let rollback = outcome.deliver { return (facts, rollback) }
        // A failure, and the hold that it may have brought, are decided by in the next pass.
        if facts.contains(where: { $0.mayCloseGates(in: cell.workflow) }) { return (facts, nil) }
        // A commit of this cell's own promotion that turned up late is told as its delivery, so it is looked for first.
        if let open = state.undelivered(cell.stage.name), open.phase != .admitted,
            let late = try landingFacts(open, cell.workflow, cell.service, cell.stage, context, numbered(snapshot, nextSeq + facts.count))
                ?? lateFacts(open, cell.workflow, cell.service, cell.stage, context, snapshot)
        {
            tellUngated(late)
            return (facts + late, nil)
        }
        guard let outside = try externalFacts(cell.workflow, cell.service, cell.stage, context, state) else { return nil }
        if !outside.isEmpty { return (facts + outside, nil) }
        guard let open = state.undelivered(cell.stage.name) else {
            let entry = try automaticEntry(cell, context, snapshot, nextSeq: nextSeq + facts.count)
            return (facts + entry.facts, entry.deliver)
        }
        if open.phase == .admitted { return (facts, open.id) }
        if try isOvertaken(open, cell, state, context) {
            let reason = "\(cell.stage.name) holds a newer version by now, over which automation puts nothing older"
            return (facts + [.superseded(PromotionClosed(subject: open.subject, reason: reason))], nil)
        }
        if pace.now - open.requestedAt > cell.workflow.pendingExpires {
            let reason = "\(Self.expired)pending for more than \(cell.workflow.pendingExpires)"
            return (facts + [.aborted(PromotionClosed(subject: open.subject, reason: reason))], nil)
        }
        // Automation's own promotion waits while a newer version may enter: that one takes its place.
        if open.trigger == .automation, cell.stage.queue == .latest {
            let newer = try automaticEntry(cell, context, snapshot, nextSeq: nextSeq + facts.count, over: open.version)
            if newer.deliver != nil || !newer.facts.isEmpty { return (facts + newer.facts, newer.deliver) }
        }
        if cell.stage.isProposed, open.proposal != nil || !open.trigger.putsBack && open.train == nil {
            guard let step = try advance(open, context, snapshot, numbered: numbered(snapshot, nextSeq + facts.count)) else { return nil }
            return (facts + step.facts, step.deliver)
        }
        // A rollback whose admission was withdrawn is for its person to begin again: no gates of promotions are asked for it.
        if open.trigger.putsBack { return (facts, nil) }
        // The members of a train go together.
        if open.train != nil { return (facts, nil) }
        let request = PromotionRequest(requester: open.requester, trigger: open.trigger)
        let target = PromotionTarget(service: open.service, stage: open.stage, version: open.version)
        let entry = try admission(target, request, context, numbered(snapshot, nextSeq + facts.count))
        return (facts + entry.facts, entry.deliver)
    }

    /// The facts of an admission and the promotion to deliver; nothing when the gates do not all hold, so that what only
    /// waits is not recorded.
    ///
    /// - Parameter isAwaited: it is the one that should go on here, so a gate that could not be found out is a fault.
    private func admission(
        _ target: PromotionTarget, _ request: PromotionRequest, _ context: Context, _ snapshot: LedgerSnapshot, isAwaited: Bool = true
    ) throws -> (facts: [Fact], deliver: String?) {
        let considered = try consider(target, request, context, snapshot)
        if isAwaited, considered.decision.outcome == .errored {
            noteUndecided(considered.release.version, of: target.service, in: target.stage, considered.decision.gates)
        }
        if considered.intent.stage.isProposed, considered.plan.changes { return (opening(considered), nil) }
        guard considered.decision.outcome == .admitted, let id = considered.decision.subject?.promotion else {
            return ([], nil)
        }
        try checkMoves(considered)
        try desired.checkDeliverable(considered.plan.files.keys.sorted(), for: considered.intent.stage)
        return (considered.decision.facts, id)
    }

    private func automaticEntry(
        _ cell: SelectedCell, _ context: Context, _ snapshot: LedgerSnapshot, nextSeq: Int, over waiting: String? = nil
    ) throws -> (facts: [Fact], deliver: String?) {
        let state = snapshot.state.service(cell.service.name)
        let choice = VersionChoice(workflow: cell.workflow, stage: cell.stage, state: state)
        guard cell.stage.autoPromote else { return ([], nil) }
        let candidates = choice.automatic
        for version in candidates {
            guard let release = state.releases[version], waiting.map({ choice.isNewer(version, than: $0) }) ?? true else { continue }
            let present = try state.cells[cell.stage.name]?.version ?? baseline(cell, release.release, context)
            guard choice.automationMayEnter(version, present: present) else { continue }
            let request = PromotionRequest(requester: release.registeredBy, trigger: .automation)
            let target = PromotionTarget(service: cell.service.name, stage: cell.stage.name, version: version)
            // What goes before nothing at all, where the newest waits, is only a makeshift.
            let entry = try admission(
                target, request, context, numbered(snapshot, nextSeq), isAwaited: version == candidates.first)
            if entry.deliver != nil || !entry.facts.isEmpty { return entry }
        }
        return ([], nil)
    }

    /// Keeps that nobody knows whether a release may enter, and why.
    func noteUndecided(_ version: String, of service: String, in stage: String, _ gates: [Gate]) {
        let errored = gates.filter { $0.verdict == .errored && !$0.isSkipped }
        undecided.append(
            (
                service, stage,
                PromotionError(
                    .error, "whether \(version) may enter \(stage) could not be found out",
                    causes: [errored.map { "\($0.id): \($0.reason)" }.joined(separator: "; ")],
                    hint: errored.compactMap(\.clearWith).first.map { "clear it with `\($0)`" }
                        ?? "see every gate with `gradus explain \(service) --to \(stage) --version \(version)`")
            ))
    }

    /// What automation opened and did not deliver is held to the rules of automation again: meanwhile somebody may have
    /// put something newer there.
    private func isOvertaken(
        _ open: Promotion, _ cell: SelectedCell, _ state: ServiceState, _ context: Context
    ) throws -> Bool {
        guard open.trigger == .automation, let release = state.releases[open.version] else { return false }
        let present = try state.cells[cell.stage.name]?.version ?? baseline(cell, release.release, context)
        return !VersionChoice(workflow: cell.workflow, stage: cell.stage, state: state)
            .automationMayEnter(open.version, present: present)
    }

    /// What the files hold where no promotion has been: automation does not put an older release over it.
    private func baseline(_ cell: SelectedCell, _ release: Release, _ context: Context) throws -> String? {
        let intent = EditIntent(workflow: cell.workflow, service: cell.service, stage: cell.stage, release: release)
        return try desired.observe(intent, known: [release], at: tip(of: cell.stage, context)).version
    }

    private func numbered(_ snapshot: LedgerSnapshot, _ nextSeq: Int) -> LedgerSnapshot {
        var numbered = snapshot
        numbered.seq = nextSeq - 1
        return numbered
    }
}

extension Fact {
    /// True for what may be the reason that another stage, or a service that depends on this one, is not entered.
    fileprivate func mayCloseGates(in workflow: Workflow) -> Bool {
        switch self {
        case .healthObserved(let health): health.status != .healthy
        case .failed, .rolledBack, .delivered, .externalChange: true
        // What has passed upstream stands in the queue from then on, before what was registered later.
        case .succeeded: workflow.stages.contains { $0.queue == .all }
        default: false
        }
    }
}

extension ReconcileReport {
    /// Notes what was settled without a delivery.
    fileprivate mutating func note(_ facts: [Fact], _ state: LedgerState) {
        for fact in facts {
            switch fact {
            case .admitted(let admission):
                // What people merge waits for them; all else that is admitted is delivered next, and told then.
                let open = state.service(admission.subject.service).open.first { $0.id == admission.subject.promotion }
                guard let open, open.isMergedByPeople, let branch = open.proposal?.branch else { continue }
                moves.append(Move(subject: open.subject, phase: .proposed, commit: admission.head, reason: "all gates hold: merge \(branch)"))
            case .succeeded(let closed):
                moves.append(Move(subject: closed.subject, phase: .succeeded, commit: nil, reason: closed.reason))
            case .failed(let closed):
                moves.append(Move(subject: closed.subject, phase: .failed, commit: nil, reason: closed.reason))
            case .aborted(let closed):
                moves.append(Move(subject: closed.subject, phase: .aborted, commit: nil, reason: closed.reason))
            case .externalChange(let change): changes.append(change)
            case .proposed(let proposed):
                let place = proposed.number.map { "pull request \($0)\(proposed.url.map { ", \($0)" } ?? "")" } ?? "branch \(proposed.branch)"
                moves.append(Move(subject: proposed.subject, phase: .proposed, commit: proposed.head, reason: place))
            case .delivered(let delivered):
                let reason = delivered.late ? "found late" : delivered.ungated ? "merged past \(delivered.closedGates.joined(separator: ", "))" : nil
                moves.append(Move(subject: delivered.subject, phase: .delivered, commit: delivered.commit, reason: reason))
            default: continue
            }
        }
    }

    fileprivate mutating func note(_ subject: PromotionSubject, _ ending: DeliveryEnding) {
        switch ending {
        case .delivered(let commit, let phase):
            moves.append(Move(subject: subject, phase: phase, commit: commit, reason: nil))
        case .withdrawn(let reason):
            moves.append(Move(subject: subject, phase: .pending, commit: nil, reason: reason))
        case .failed: return
        }
    }
}
