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
    ///
    /// One report for each that is asked about, in that order; trains are judged once for all of them.
    public func explanations(of asked: [(target: PromotionTarget, request: PromotionRequest)]) throws -> [PromotionReport] {
        var joint: [String: JointDecision]?
        return try asked.map { target, request in
            var (report, _, state) = try previewed(target, request)
            guard let open = state.undelivered(target.stage), open.isPending, open.train != nil, open.version == report.version
            else { return report }
            let decisions = try joint ?? jointDecisions(try context(), try decidableState(LedgerScope()))
            joint = decisions
            if let decision = decisions[open.id] { report.gates = decision.gates }
            return report
        }
    }

    /// As ``explanations(of:)``, of one.
    public func explanation(of target: PromotionTarget, _ request: PromotionRequest) throws -> PromotionReport {
        try explanations(of: [(target, request)])[0]
    }
}
