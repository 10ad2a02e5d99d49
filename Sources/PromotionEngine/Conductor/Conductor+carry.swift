internal import WorkflowModel

extension Conductor {
    /// `promote` into a stage that is entered by branch or pull request: one step after the other, as far as it goes now.
    /// Nil when a race was lost.
    func carry(
        _ first: Consideration, _ target: PromotionTarget, _ request: PromotionRequest, _ context: Context, _ snapshot: inout LedgerSnapshot
    ) throws -> PromotionReport? {
        var considered = first
        let service = considered.intent.service.name
        let place = considered.intent.stage.name
        while true {
            let state = snapshot.state.service(service)
            let standing = state.undelivered(place).flatMap { $0.version == considered.release.version ? $0 : nil }
            let decision = considered.decision
            if standing == nil, decision.outcome == .refused { return considered.report(.refused, .pending) }
            if standing == nil, decision.outcome == .errored { return considered.report(.errored, .errored) }
            let opening = decision.facts.filter { fact in if case .admitted = fact { false } else { true } }
            if !opening.isEmpty {
                let isOpened = opening.contains { if case .requested = $0 { true } else { false } }
                let waiting = decision.gates.first { $0.id == "approval" && $0.verdict == .waiting }
                let owed = decision.subject.flatMap { subject in
                    isOpened && standing == nil ? waiting.map { owedHooks(.approvalNeeded, subject, $0.reason) } : nil
                }
                guard try append(opening + (owed ?? []), to: &snapshot) != nil else { return nil }
                considered = try consider(target, request, context, snapshot)
                continue
            }
            // It is not this version's turn.
            guard let open = standing else { return considered.report(.pending, .pending) }
            switch try proposalStep(open, request, context, snapshot) {
            case .lost: return nil
            case .record(let facts, let person):
                guard try append(facts, by: person, to: &snapshot) != nil else { return nil }
                for fact in facts {
                    if case .rejected(let decision) = fact { return proposed(considered, open, [], .refused, .rejected, decision.reason) }
                    if case .aborted(let closed) = fact { return proposed(considered, open, [], .aborted, .aborted, closed.reason) }
                }
                considered = try consider(target, request, context, snapshot)
            case .merge(let facts, let gates):
                guard try append(facts, to: &snapshot) != nil else { return nil }
                return proposed(considered, open, gates, .promoted, .admitted)
            case .wait(let gates):
                if let reason = open.proposal?.declined?.reason, gates.overall == .passed { warn(reason) }
                switch gates.overall {
                case .failed: return proposed(considered, open, gates, .refused, .proposed)
                case .errored: return proposed(considered, open, gates, .errored, .proposed)
                case .passed, .waiting: return proposed(considered, open, gates, .pending, .proposed)
                }
            }
        }
    }

    private func proposed(
        _ considered: Consideration, _ open: Promotion, _ gates: [Gate], _ result: PromotionReport.Result, _ phase: Phase,
        _ reason: String? = nil
    ) -> PromotionReport {
        var report = considered.report(result, phase)
        report.id = open.id
        if !gates.isEmpty { report.gates = gates }
        report.proposal = open.proposal
        if let reason { warn("\(open.id): \(reason)") }
        return report
    }

    /// The next step of an open proposal in a pass of `reconcile`. Nil when everything must be read again.
    func advance(
        _ open: Promotion, _ context: Context, _ snapshot: LedgerSnapshot, numbered: LedgerSnapshot
    ) throws -> (facts: [Fact], deliver: String?)? {
        let request = PromotionRequest(requester: open.requester, trigger: open.trigger)
        switch try proposalStep(open, request, context, numbered) {
        case .lost: return nil
        case .wait(let gates):
            if gates.overall == .errored { noteUndecided(open.version, of: open.service, in: open.stage, gates) }
            return ([], nil)
        case .merge(let facts, _): return (facts, open.id)
        case .record(let facts, nil): return (facts, nil)
        case .record(let facts, let person?):
            // Somebody else's record does not go with ours; whether this append won or lost, all is read again.
            var own = snapshot
            _ = try append(facts, by: person, to: &own)
            return nil
        }
    }

    /// What automation opens in a stage that is entered by branch or pull request: only what waits for nothing but answers
    /// that are given on the proposal itself.
    func opening(_ considered: Consideration) -> [Fact] {
        let closed = considered.decision.gates.filter { $0.verdict != .passed && !$0.isSkipped }
        let stage = considered.intent.stage
        let criteria = stage.entryCriteria.map { ("\(stage.name).entry.\($0.key)", $0) }
            + considered.workflow.upstream(of: stage).flatMap { before in before.exitCriteria.map { ("\(before.name).exit.\($0.key)", $0) } }
        let onProposal = Set(criteria.filter { $0.1.readsForge }.map(\.0)).union(["approval"])
        guard closed.allSatisfy({ $0.verdict == .waiting && onProposal.contains($0.id) }) else { return [] }
        return considered.decision.facts.filter { fact in if case .admitted = fact { false } else { true } }
    }
}
