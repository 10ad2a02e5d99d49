internal import WorkflowModel

/// The open members of a train that nobody has admitted yet.
struct WaitingTrain {
    let ticket: TrainTicket
    /// By service; never empty.
    var cells: [TrainCell]
    var promotions: [Promotion]
    let from: String

    var request: TrainRequest {
        TrainRequest(from: from, to: cells[0].stage.name, services: cells.map(\.service.name), mode: ticket.mode)
    }
}

extension Conductor {
    /// The trains that wait, in the order in which they were opened. Members whose service or stage the rules no longer
    /// declare are left to expire.
    func waitingTrains(in state: LedgerState, _ rules: Rules) -> [WaitingTrain] {
        var trains: [String: WaitingTrain] = [:]
        for promotion in state.services.values.flatMap(\.open).sorted(by: { $0.service < $1.service }) {
            guard promotion.isPending, !promotion.trigger.putsBack, let ticket = promotion.train,
                let workflow = rules.workflow(of: promotion.service), let service = workflow.service(promotion.service),
                let stage = workflow.stage(promotion.stage)
            else { continue }
            let cell = TrainCell(workflow: workflow, service: service, stage: stage, version: promotion.version)
            let from = promotion.from?.split(separator: ",").first.map(String.init) ?? ""
            trains[ticket.id, default: WaitingTrain(ticket: ticket, cells: [], promotions: [], from: from)].cells.append(cell)
            trains[ticket.id]?.promotions.append(promotion)
        }
        return trains.values.sorted { (TrainTicket.number(in: $0.ticket.id) ?? 0) < (TrainTicket.number(in: $1.ticket.id) ?? 0) }
    }

    /// The facts that admit what may go of a waiting train, and the promotions to deliver then; nothing while it waits.
    func advanceTrain(
        _ train: WaitingTrain, _ context: Context, _ snapshot: LedgerSnapshot
    ) throws -> (facts: [Fact], deliver: Set<String>, faults: [(service: String, stage: String, error: PromotionError)]) {
        // One that lost a member since is no longer the combination that all or nothing was said of.
        if train.ticket.mode == .allOrNothing, train.cells.count < train.ticket.size { return ([], [], []) }
        let decision = try decide(train.cells, train.request, context, snapshot, faults: [:])
        let faults = decision.assembly.candidates.filter { $0.skip == .errored && $0.reading == nil }.map { candidate in
            (candidate.service.name, candidate.stage.name, PromotionError(.error, candidate.reason ?? "it could not be planned"))
        }
        for candidate in decision.assembly.candidates {
            guard let decided = candidate.decision, decided.outcome == .errored else { continue }
            noteUndecided(candidate.version ?? "it", of: candidate.service.name, in: candidate.stage.name, decided.gates)
        }
        guard let stage = train.cells.first?.stage, !decision.admitted.isEmpty else { return ([], [], faults) }
        let going = decision.admitted.map { decision.assembly.candidates[$0] }
        let ids = Set(going.compactMap { $0.decision?.subject?.promotion })
        let files = going.reduce(into: Set<String>()) { $0.formUnion($1.reading.map { Array($0.plan.files.keys) } ?? []) }
        try desired.checkDeliverable(files.sorted(), for: stage)
        // Those that still wait are not opened again.
        let facts = decision.facts.filter { $0.promotion.map(ids.contains) ?? false }
        return (facts, ids, faults)
    }

    /// A train that waits, as its members stand now, with all files that they would change. Nil when none of it waits.
    public func waitingTrain(_ id: String) throws -> (report: TrainReport, plan: EditPlan)? {
        let context = try context()
        let snapshot = try decidableState(LedgerScope())
        guard let train = waitingTrains(in: snapshot.state, context.rules).first(where: { $0.ticket.id == id }) else { return nil }
        let decision = try decide(train.cells, train.request, context, snapshot, faults: [:])
        var report = decision.report
        let readings = decision.assembly.candidates.compactMap(\.reading)
        let tip = try tip(of: train.cells[0].stage, context)
        let parts = readings.map { reading in TrainPart(plan: reading.plan) { try self.desired.plan(reading.intent, at: $0) } }
        let files = try composed(parts, at: tip).reduce(into: [:]) { $0.merge($1) { _, later in later } }
        (report.id, report.digest) = (id, digest(of: train, readings))
        for position in report.members.indices {
            report.members[position].phase = .pending
            report.members[position].promotion = train.promotions[position].id
        }
        return (report, EditPlan(base: tip, edits: readings.flatMap(\.plan.edits), files: files))
    }

    /// The digest of what waits now.
    func digest(of train: WaitingTrain, _ readings: [TrainCandidate.Reading]) -> String {
        TrainDigest.digest(
            stage: train.cells[0].stage.name,
            members: readings.map { ($0.intent.service.name, $0.release.version, $0.planDigest) })
    }
}
