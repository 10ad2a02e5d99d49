internal import WorkflowModel

extension Conductor {
    /// Brings back, in one commit, what a train brought: each member's former bytes, with a hold on each.
    ///
    /// Members whose place another promotion has taken since are left alone. All that are still there go back, or none. Asks
    /// what a rollback asks: permissions, holds of others, yanks, and freezes that include rollbacks. What they stop is
    /// refused, and nothing of it stays open.
    /// - Parameter members: the promotions that the train delivered, as its records tell.
    public func rollback(
        train id: String, members: [PromotionSubject], reason: String, dryRun: Bool = false
    ) throws -> TrainReport {
        try desired.completeInterrupted()
        defer { if !dryRun { tellOthers(Set(members.map(\.service))) } }
        var resumed: [String: String] = [:]
        let report = try racing("roll back \(id)") { () -> TrainReport? in
            let names = Set(members.map(\.service))
            let context = try context(for: names)
            let cells = try members.sorted { $0.service < $1.service }.map { member in
                let (workflow, service, stage) = try locate(member.service, member.stage, in: context.rules)
                return (cell: TrainCell(workflow: workflow, service: service, stage: stage, version: nil), promotion: member.promotion)
            }
            var snapshot = try decidableState(LedgerScope(services: names, allReleases: true))
            if !dryRun {
                var faults: [String: PromotionError] = [:]
                guard try tidy(cells.map(\.cell), context, &snapshot, &resumed, &faults) else { return nil }
                if let fault = faults.values.first { throw fault }
            }
            for (cell, _) in cells {
                let isPermitted = try authorize(
                    .rollback, cell.workflow, cell.service, cell.stage, version: nil, context, &snapshot, dryRun: dryRun)
                guard isPermitted else { return nil }
            }
            return try admitRollback(of: id, cells, reason, dryRun, context, &snapshot)
        }
        let ids = Set(report.members.filter { $0.phase == .admitted }.compactMap(\.promotion))
        return ids.isEmpty ? report : try deliver(report, ids)
    }

    /// What one member goes back to.
    private struct Return {
        let goal: RollbackTarget
        let plan: EditPlan
        let digest: String
        let gates: [Gate]
    }

    private func admitRollback(
        of id: String, _ cells: [(cell: TrainCell, promotion: String)], _ reason: String, _ dryRun: Bool, _ context: Context,
        _ snapshot: inout LedgerSnapshot
    ) throws -> TrainReport? {
        var returns: [(position: Int, back: Return)] = []
        var reported: [TrainReport.Member] = []
        for (position, (cell, promotion)) in cells.enumerated() {
            var member = TrainReport.Member(workflow: cell.workflow.name, service: cell.service.name)
            let present = snapshot.state.service(cell.service.name).cells[cell.stage.name]
            if present?.stay.promotion != promotion || present?.isExternal == true {
                (member.version, member.skip) = (present?.version, .notThere)
                member.reason = "what the train brought is not in \(cell.stage.name) any more"
            } else {
                switch try goBack(cell, context, snapshot) {
                case .success(let back):
                    returns.append((position, back))
                    (member.version, member.planDigest, member.gates, member.edits) = (back.goal.version, back.digest, back.gates, back.plan.edits)
                    if let obstacle = Self.obstacle(back.gates) { (member.skip, member.reason) = obstacle }
                case .failure(let error):
                    (member.skip, member.reason) = (error.kind == .conflict ? .conflict : error.kind == .error ? .errored : .refused, error.description)
                }
            }
            reported.append(member)
        }
        var report = TrainReport(
            id: nil, from: nil, stage: cells.first?.cell.stage.name ?? "", mode: .allOrNothing, result: .promoted, digest: nil,
            rollsBack: id, members: reported)
        if returns.isEmpty, report.blockedVerdict == nil {
            report.result = .unchanged
            return report
        }
        if let verdict = report.blockedVerdict {
            report.result = verdict == .errored ? .errored : .refused
            return report
        }
        let digest = TrainDigest.digest(
            stage: report.stage, members: returns.map { (cells[$0.position].cell.service.name, $0.back.goal.version, $0.back.digest) })
        report.digest = digest
        if dryRun {
            report.result = .planned
            return report
        }
        let ticket = TrainTicket(id: "train-\(snapshot.seq + 1)", mode: .allOrNothing, size: returns.count, digest: digest, rollsBack: id)
        var facts: [Fact] = []
        var files: Set<String> = []
        for (position, back) in returns {
            let (workflow, service, stage) = (cells[position].cell.workflow, cells[position].cell.service, cells[position].cell.stage)
            let nextSeq = snapshot.seq + 1 + facts.count
            let subject = PromotionSubject(
                promotion: "\(service.name)-\(stage.name)-\(nextSeq)", service: service.name, version: back.goal.version,
                stage: stage.name, workflow: workflow.name)
            facts += rollbackFacts(
                subject, reason, back.plan, back.digest, back.gates, snapshot.state.service(service.name), nextSeq: nextSeq, train: ticket)
            files.formUnion(back.plan.files.keys)
            (report.members[position].promotion, report.members[position].phase) = (subject.promotion, .admitted)
        }
        if let stage = cells.first?.cell.stage { try desired.checkDeliverable(files.sorted(), for: stage) }
        guard facts.count <= Self.largestAppend else {
            throw PromotionError(.usage, "\(id) is too large to be rolled back at once", hint: "roll services back one by one")
        }
        guard try append(facts, to: &snapshot) != nil else { return nil }
        report.id = ticket.id
        return report
    }

    private func goBack(_ cell: TrainCell, _ context: Context, _ snapshot: LedgerSnapshot) throws -> Result<Return, PromotionError> {
        let (workflow, service, stage) = (cell.workflow, cell.service, cell.stage)
        let state = snapshot.state.service(service.name)
        guard let present = state.cells[stage.name] else { return .failure(PromotionError(.usage, "nothing was promoted to \(stage.name)")) }
        do {
            let goal = try goal(nil, present, state, service, stage, workflow, context)
            let (plan, digest) = try rollbackPlan(goal, workflow, service, stage, state, context)
            let gates = rollbackGates(goal, workflow, service, stage, state, digest, context, snapshot).map(\.refusing)
            return .success(Return(goal: goal, plan: plan, digest: digest, gates: gates))
        } catch let error as PromotionError {
            return .failure(error)
        }
    }

    private static func obstacle(_ gates: [Gate]) -> (TrainSkip, String)? {
        guard let gate = gates.first(where: { $0.verdict != .passed }) else { return nil }
        let skip: TrainSkip = gate.id == "hold" ? .held : gate.id == "freeze" ? .frozen : .refused
        return (skip, "\(gate.id): \(gate.reason)")
    }
}
