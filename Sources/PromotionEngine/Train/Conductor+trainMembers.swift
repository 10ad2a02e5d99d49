internal import WorkflowModel

/// What a waiting member of a train is judged by: together with the others.
struct JointDecision {
    /// The command that approves all of them.
    let approval: String
    let gates: [Gate]

    init(train: String, gates: [Gate]) {
        let approval = "gradus approve \(train)"
        self.approval = approval
        self.gates = gates.map { gate in
            var gate = gate
            if gate.id == "approval", gate.clearWith != nil { gate.clearWith = approval }
            return gate
        }
    }
}

extension Conductor {
    /// By promotion.
    func jointDecisions(_ context: Context, _ snapshot: LedgerSnapshot) throws -> [String: JointDecision] {
        var joint: [String: JointDecision] = [:]
        for train in waitingTrains(in: snapshot.state, context.rules) {
            let decision = try decide(train.cells, train.request, context, snapshot, faults: [:])
            for (candidate, promotion) in zip(decision.assembly.candidates, train.promotions) {
                joint[promotion.id] = candidate.decision.map { JointDecision(train: train.ticket.id, gates: $0.gates) }
            }
        }
        return joint
    }

    /// As ``preview(_:_:)``, with the gates that the next `reconcile` will ask: a waiting member of a train is judged with the others.
    public func explanation(of target: PromotionTarget, _ request: PromotionRequest) throws -> PromotionReport {
        var report = try preview(target, request)
        let state = try ledger.load(LedgerScope(services: [target.service])).state.service(target.service)
        guard let open = state.undelivered(target.stage), open.isPending, open.train != nil, open.version == report.version
        else { return report }
        if let joint = try jointDecisions(try context(), try decidableState(LedgerScope()))[open.id] { report.gates = joint.gates }
        return report
    }
}
