internal import WorkflowModel

/// A train that was decided: its members, and what its admission would record.
struct TrainDecision {
    var assembly: TrainAssembly
    let ticket: TrainTicket?
    /// Positions of the members that are admitted now.
    let admitted: [Int]
    /// Positions of those that are opened and wait.
    let opened: [Int]
    let facts: [Fact]
    var report: TrainReport
}

extension Conductor {
    /// Decides about a train and says what would happen; writes nothing. The plan holds all files that would change.
    public func previewTrain(_ request: TrainRequest) throws -> (report: TrainReport, plan: EditPlan) {
        let context = try context(for: request.services.isEmpty ? nil : Set(request.services))
        let cells = try select(request, context.rules)
        let snapshot = try decidableState(scope(of: cells))
        let decision = try decide(cells, request, context, snapshot, faults: [:])
        var report = decision.report
        if report.result != .unchanged { report.result = .planned }
        // Nothing is opened by looking.
        if report.id == "train-\(snapshot.seq + 1)" { report.id = nil }
        for position in report.members.indices where report.members[position].phase == .admitted { report.members[position].phase = .pending }
        guard let stage = cells.first?.stage else { return (report, EditPlan(base: context.tip, edits: [], files: [:])) }
        let tip = try tip(of: stage, context)
        let shown = decision.admitted.isEmpty ? decision.opened : decision.admitted
        let readings = shown.compactMap { decision.assembly.candidates[$0].reading }
        let parts = readings.map { reading in TrainPart(plan: reading.plan) { try self.desired.plan(reading.intent, at: $0) } }
        let files = try composed(parts, at: tip).reduce(into: [:]) { $0.merge($1) { _, later in later } }
        return (report, EditPlan(base: tip, edits: readings.flatMap(\.plan.edits), files: files))
    }

    /// Brings what stands together in one stage to the next, in one commit, as far as it may go now.
    ///
    /// Throws `PromotionError`; a refused or waiting train is no error but a report.
    public func runTrain(_ request: TrainRequest) throws -> TrainReport {
        try desired.completeInterrupted()
        looks = [:]
        defer { tellOthers(request.services.isEmpty ? nil : Set(request.services)) }
        var resumed: [String: String] = [:]
        // By service: what stopped it just now would stop it again.
        var stopped: [String: PromotionError] = [:]
        // A member that turns out to be no longer what was admitted takes the others' admission along: they are decided again.
        for _ in 0..<Self.mostTrainAttempts {
            let report = try racing("train from \(request.from) to \(request.to)") { try admitTrain(request, &resumed, stopped) }
            let ids = Set(report.members.filter { $0.phase == .admitted }.compactMap(\.promotion))
            if ids.isEmpty { return report }
            let ended = try deliver(report, ids)
            let isWithdrawn = (ended.problem == nil || ended.problem?.kind == .refused) && ended.members.allSatisfy { $0.phase != .succeeded && $0.phase != .verifying }
            if !isWithdrawn || request.mode == .allOrNothing { return ended }
            for member in ended.members where member.phase == .aborted {
                stopped[member.service] = PromotionError(.refused, member.reason ?? "it was stopped before its delivery")
            }
        }
        throw PromotionError(
            .conflict, "the train was withdrawn \(Self.mostTrainAttempts) times because its files or rules kept changing",
            hint: "look at it with `gradus train plan --from \(request.from) --to \(request.to)` and run it again")
    }

    private static let mostTrainAttempts = 3

    /// Settles what others began, decides and records. Nil when everything must be read again.
    private func admitTrain(
        _ request: TrainRequest, _ resumed: inout [String: String], _ stopped: [String: PromotionError]
    ) throws -> TrainReport? {
        let context = try context(for: request.services.isEmpty ? nil : Set(request.services))
        let cells = try select(request, context.rules)
        var snapshot = try decidableState(scope(of: cells))
        var faults = stopped
        guard try tidy(cells, context, &snapshot, &resumed, &faults) else { return nil }
        let decision = try decide(cells, request, context, snapshot, faults: faults)
        guard try refuseUnpermitted(decision, request, context, &snapshot) else { return nil }
        guard decision.facts.count <= Self.largestAppend else {
            throw PromotionError(
                .usage, "a train of \(decision.admitted.count + decision.opened.count) services needs \(decision.facts.count) records, and \(Self.largestAppend) is the most that one append takes",
                hint: "run it in parts, naming services with --service")
        }
        if !decision.admitted.isEmpty, let stage = cells.first?.stage {
            let files = decision.admitted.reduce(into: Set<String>()) {
                $0.formUnion(decision.assembly.candidates[$1].reading?.plan.files.keys.map(\.self) ?? [])
            }
            try desired.checkDeliverable(files.sorted(), for: stage)
        }
        guard try append(decision.facts + owedApprovals(decision), to: &snapshot) != nil else { return nil }
        return decision.report.completed(by: resumed, snapshot.state)
    }

    /// Records the denial where nothing can go without the permission. False when the race was lost.
    private func refuseUnpermitted(
        _ decision: TrainDecision, _ request: TrainRequest, _ context: Context, _ snapshot: inout LedgerSnapshot
    ) throws -> Bool {
        let denied = decision.assembly.candidates.filter { $0.skip == .notPermitted }
        guard let first = denied.first, request.mode == .allOrNothing || denied.count == decision.assembly.candidates.count else { return true }
        return try authorize(.promote, first.workflow, first.service, first.stage, version: nil, context, &snapshot)
    }

    /// Finishes and notes what is going on in the target cells before anything is decided over them, as `promote` does for
    /// its one cell. False when the state has changed and must be read again.
    func tidy(
        _ cells: [TrainCell], _ context: Context, _ snapshot: inout LedgerSnapshot, _ resumed: inout [String: String],
        _ faults: inout [String: PromotionError]
    ) throws -> Bool {
        var facts: [Fact] = []
        var admitted: Set<String> = []
        for cell in cells {
            let (workflow, service, stage) = (cell.workflow, cell.service, cell.stage)
            let state = snapshot.state.service(service.name)
            do {
                // A step that is due, or that was taken and not recorded, comes first.
                if stage.rollout != nil {
                    guard facts.isEmpty, case .nothing = try takeStep(workflow, service, stage, context, &snapshot) else {
                        _ = try append(facts, to: &snapshot)
                        return false
                    }
                }
                guard
                    let outcome = try outcomeFacts(
                        workflow, service, stage, context, snapshot, nextSeq: snapshot.seq + 1 + facts.count)
                else { return false }
                facts += outcome.facts
                if let rollback = outcome.deliver { admitted.insert(rollback) }
                if !outcome.facts.isEmpty { continue }
                if let open = state.undelivered(stage.name), open.phase == .admitted {
                    admitted.insert(open.id)
                    resumed[open.id] = open.train?.id
                    continue
                }
                if let open = state.undelivered(stage.name), let late = try lateFacts(open, workflow, service, stage, context, snapshot) {
                    facts += late
                    continue
                }
                guard let outside = try externalFacts(workflow, service, stage, context, state) else { return false }
                for case .externalChange(let change) in outside {
                    warn("\(change.service) in \(change.stage) was changed outside Gradus by \(change.author) in \(change.commit.prefix(10))")
                }
                facts += outside
            } catch let error as PromotionError {
                faults[service.name] = error
            }
        }
        if facts.isEmpty, admitted.isEmpty { return true }
        guard try append(facts, to: &snapshot) != nil else { return false }
        let endings = try deliver(admitted, scope: scope(of: cells))
        for case .failed(let error) in endings.values where error.kind != .conflict { throw error }
        return false
    }

    /// Delivers the admitted members of a report and tells how each ended.
    func deliver(_ admitted: TrainReport, _ ids: Set<String>) throws -> TrainReport {
        var report = admitted
        let services = Set(report.members.filter { $0.promotion.map(ids.contains) ?? false }.map(\.service))
        let endings = try deliver(ids, scope: LedgerScope(services: services))
        // What somebody else finished meanwhile is told by the ledger.
        let isMissing = ids.contains { endings[$0] == nil }
        let state = isMissing ? try ledger.load(LedgerScope(services: services)).state : LedgerState()
        for position in report.members.indices {
            guard let id = report.members[position].promotion, ids.contains(id) else { continue }
            switch endings[id] {
            case .delivered(let commit, let phase)?: (report.members[position].commit, report.members[position].phase) = (commit, phase)
            case .withdrawn(let reason)?: (report.members[position].phase, report.members[position].reason) = (.pending, reason)
            case .failed(let error)?:
                // A hook that said no has closed it.
                report.members[position].phase = error.kind == .conflict ? .withdrawn : error.kind == .refused ? .aborted : .admitted
                report.members[position].reason = error.message
                if error.kind != .conflict { report.problem = error }
            case nil:
                if let open = state.service(report.members[position].service).open.first(where: { $0.id == id }) {
                    report.members[position].commit = open.commit
                    report.members[position].phase = open.phase == .verifying ? .verifying : .pending
                } else {
                    let course = try course(of: id)
                    (report.members[position].commit, report.members[position].phase) = (course.commit, course.end)
                }
            }
        }
        report.commit = report.members.lazy.compactMap(\.commit).first
        if report.commit == nil { report.result = .pending }
        return report
    }
}

extension TrainReport {
    /// Members that another process had begun and this one finished are told as promoted, not as there already.
    fileprivate func completed(by resumed: [String: String], _ state: LedgerState) -> TrainReport {
        var report = self
        var trains: Set<String> = []
        for position in members.indices where members[position].skip == .alreadyThere {
            let service = state.service(members[position].service)
            guard let cell = service.cells[stage], let id = cell.stay.promotion, let train = resumed[id] else { continue }
            report.members[position].promotion = id
            report.members[position].commit = cell.stay.commit
            report.members[position].phase = service.verifying(stage) == nil ? .succeeded : .verifying
            report.members[position].skip = nil
            report.members[position].reason = nil
            trains.insert(train)
        }
        if report.result == .unchanged, let first = trains.sorted().first {
            report.result = .promoted
            report.id = first
            report.commit = report.members.lazy.compactMap(\.commit).first
        }
        return report
    }
}
