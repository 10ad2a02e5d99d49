import PromotionEngine
import WorkflowModel

extension Oracle {
    /// What closes the edge by the records before the admission: order in the ledger decides, not the times of the records.
    func restrictions(_ subject: PromotionSubject, at now: Instant) -> [(gate: String, reason: String)] {
        var found: [(gate: String, reason: String)] = []
        if let freeze = freeze(of: subject, at: now, isRollback: false) { found.append(("freeze", "\(freeze.id) froze it")) }
        if let hold = hold(of: subject, at: now, isRollback: false) { found.append(("hold", "\(hold.id) held it")) }
        if isYanked(subject) { found.append(("yank", "\(subject.version) was yanked")) }
        return found
    }

    func freeze(of subject: PromotionSubject, at now: Instant, isRollback: Bool) -> Freeze? {
        standingFreezes().first { freeze in
            let isMeant = [(freeze.scope.service, subject.service), (freeze.scope.stage, subject.stage), (freeze.scope.workflow, subject.workflow)]
                .allSatisfy { $0.0 == nil || $0.0 == $0.1 }
            let isOn = freeze.start <= now && (freeze.until.map { now < $0 } ?? true)
            return isMeant && isOn && (!isRollback || freeze.includesRollbacks)
        }
    }

    func hold(of subject: PromotionSubject, at now: Instant, isRollback: Bool) -> HoldAdded? {
        standingHolds(subject.service, subject.stage).first { hold in
            (!isRollback || hold.rollback == nil) && (hold.until.map { now < $0 } ?? true)
        }
    }

    func isYanked(_ subject: PromotionSubject) -> Bool {
        records.contains { record in
            if case .releaseYanked(let yanked) = record.fact {
                yanked.service == subject.service && yanked.version == subject.version
            } else {
                false
            }
        }
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
    func rollbackFault(_ admitted: PromotionAdmitted, at now: Instant, _ world: SimulatedWorld) -> String? {
        let subject = admitted.subject
        if let freeze = freeze(of: subject, at: now, isRollback: true) { return "\(freeze.id) froze it" }
        if let hold = hold(of: subject, at: now, isRollback: true) { return "\(hold.id) held it" }
        if isYanked(subject) { return "\(subject.version) was yanked" }
        if Set(admitted.gates.map(\.id)) != ["freeze", "hold"] { return "a rollback has the gates \(admitted.gates.map(\.id))" }
        if !standingHolds(subject.service, subject.stage).contains(where: { $0.rollback == subject.promotion }) {
            return "it is rolled back without a hold"
        }
        let cell = CellReading(records, subject.service, subject.stage)
        if cell.present == subject.version, cell.outcomes[subject.version] == "delivered" { return "it is there already" }
        let baseline = cell.firstCommit.flatMap { world.branch.commits[$0]?.parent }.flatMap { world.branch.commits[$0] }
            .flatMap { world.value(subject.service, subject.stage, at: $0) }
        if cell.verified.contains(subject.version) || baseline == subject.version { return nil }
        return "\(subject.version) was \(cell.outcomes[subject.version] ?? "never") in \(subject.stage)"
    }

    /// What a change by hand took away is put back: nothing else, and not in a freeze.
    func restoreFault(_ admitted: PromotionAdmitted, at now: Instant) -> String? {
        let subject = admitted.subject
        if let freeze = freeze(of: subject, at: now, isRollback: false) { return "\(freeze.id) froze it" }
        if admitted.gates.map(\.id) != ["freeze"] { return "what is put back has the gates \(admitted.gates.map(\.id))" }
        let cell = CellReading(records, subject.service, subject.stage)
        if !cell.isExternal { return "nothing was changed by hand" }
        return cell.lastDelivered == subject.version ? nil : "\(cell.lastDelivered ?? "nothing") stood there, not \(subject.version)"
    }
}
