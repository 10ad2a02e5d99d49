internal import WorkflowModel

extension Conductor {
    /// Tells the forge of deliveries and how they ended, where a stage asks for it. The ledger has them already: a fault is told
    /// and not thrown.
    func tellDeployments(_ facts: [Fact], _ state: LedgerState) {
        for fact in facts {
            guard let service = fact.service, let place = fact.stage, let stage = stageInForce(service, place),
                stage.delivery == .pullRequest, stage.pullRequest.deployments,
                let (outcome, text) = outcome(of: fact), let commit = state.service(service).cells[place]?.stay.commit
            else { continue }
            do {
                try forges.forge(for: stage).recordDeployment(of: commit, environment: place, state: outcome, text: text)
            } catch {
                warn("the forge was not told of \(service) in \(place): \((error as? PromotionError)?.message ?? "\(error)")")
            }
        }
    }

    private func outcome(of fact: Fact) -> (ForgeCheck.State, text: String)? {
        switch fact {
        case .delivered(let delivered): (.pending, "\(delivered.subject.service) \(delivered.subject.version) is delivered")
        case .succeeded(let closed): (.success, closed.reason)
        case .failed(let closed): (.failure, closed.reason)
        default: nil
        }
    }
}
