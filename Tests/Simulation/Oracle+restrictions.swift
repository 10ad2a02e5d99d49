import PromotionEngine
import WorkflowModel

extension Oracle {
    func isRollback(_ subject: PromotionSubject) -> Bool {
        records.contains { record in
            if case .requested(let requested) = record.fact {
                requested.subject.promotion == subject.promotion && requested.trigger == .rollback
            } else {
                false
            }
        }
    }

    /// What closes the edge by the records before the admission: order in the ledger decides, not the times of the records.
    func restrictionFault(_ subject: PromotionSubject, at now: Instant) -> String? {
        let isRollback = isRollback(subject)
        for freeze in standingFreezes() where !isRollback || freeze.includesRollbacks {
            let isMeant = [(freeze.scope.service, subject.service), (freeze.scope.stage, subject.stage), (freeze.scope.workflow, subject.workflow)]
                .allSatisfy { $0.0 == nil || $0.0 == $0.1 }
            let isOn = freeze.start <= now && (freeze.until.map { now < $0 } ?? true)
            if isMeant, isOn { return "\(freeze.id) froze it" }
        }
        for hold in standingHolds(subject.service, subject.stage) where !isRollback || hold.rollback == nil {
            if hold.until.map({ now < $0 }) ?? true { return "\(hold.id) held it" }
        }
        for case .releaseYanked(let yanked) in records.map(\.fact)
        where yanked.service == subject.service && yanked.version == subject.version { return "\(subject.version) was yanked" }
        return nil
    }

    private func standingFreezes() -> [Freeze] {
        var standing: [Freeze] = []
        for fact in records.map(\.fact) {
            if case .freezeAdded(let freeze) = fact { standing.append(freeze) }
            if case .freezeRemoved(let removed) = fact { standing.removeAll { $0.id == removed.id } }
        }
        return standing
    }

    func standingHolds(_ service: String, _ stage: String) -> [HoldAdded] {
        var standing: [HoldAdded] = []
        for fact in records.map(\.fact) {
            if case .holdAdded(let hold) = fact, hold.service == service, hold.stage == stage { standing.append(hold) }
            if case .holdRemoved(let removed) = fact { standing.removeAll { $0.id == removed.id } }
        }
        return standing
    }

    /// A rollback goes where the stage has been: to a release verified there, or to what stood before the first promotion.
    func rollbackFault(_ admitted: PromotionAdmitted, _ world: SimulatedWorld) -> String? {
        let subject = admitted.subject
        if Set(admitted.gates.map(\.id)) != ["freeze", "hold"] { return "a rollback has the gates \(admitted.gates.map(\.id))" }
        if !standingHolds(subject.service, subject.stage).contains(where: { $0.rollback == subject.promotion }) {
            return "it is rolled back without a hold"
        }
        var outcomes: [String: String] = [:]
        var present: String?
        var first: String?
        for record in records where record.fact.service == subject.service && record.fact.stage == subject.stage {
            guard let version = record.fact.releaseVersion else { continue }
            switch record.fact {
            case .succeeded, .failed, .rolledBack: outcomes[version] = record.fact.type
            case .delivered(let delivered):
                (present, outcomes[version]) = (version, "delivered")
                first = first ?? (delivered.unchanged ? nil : delivered.commit)
            case .externalChange: present = version
            default: break
            }
        }
        if present == subject.version, outcomes[subject.version] == "delivered" { return "it is there already" }
        let baseline = first.flatMap { world.branch.commits[$0]?.parent }.flatMap { world.branch.commits[$0] }
            .flatMap { world.value(subject.service, subject.stage, at: $0) }
        if outcomes[subject.version] == "succeeded" || baseline == subject.version { return nil }
        return "\(subject.version) was \(outcomes[subject.version] ?? "never") in \(subject.stage)"
    }
}
