import PromotionEngine
import WorkflowModel

/// What must hold of records that end something.
extension Watch {
    /// The health that counted for a promotion, oldest first.
    private func observations(_ promotion: String, _ world: SimulatedWorld) -> [(at: Instant, health: HealthObserved)] {
        var found: [(at: Instant, health: HealthObserved)] = []
        for record in world.records {
            if case .delivered(let delivered) = record.fact, delivered.subject.promotion == promotion { found = [] }
            if case .healthObserved(let health) = record.fact, health.promotion == promotion { found.append((record.at, health)) }
        }
        return found
    }

    func checkSuccess(_ closed: PromotionClosed, _ record: LedgerRecord, _ world: SimulatedWorld) {
        if closed.subject.stage == "dev" { return }
        let run = observations(closed.subject.promotion, world).reversed().prefix { $0.health.status == .healthy }
        let since = run.last?.at
        if since.map({ record.at - $0 < SimulatedRules.verify }) ?? true {
            world.violate("record \(record.seq): \(closed.subject.promotion) succeeds after \(since.map { "\(record.at - $0)" } ?? "no time") of health")
        }
    }

    func checkFailure(_ closed: PromotionClosed, _ record: LedgerRecord, _ world: SimulatedWorld) {
        let seen = observations(closed.subject.promotion, world)
        guard let first = seen.first, let last = seen.last, let rules = RulesVariant(of: record) else {
            return world.violate("record \(record.seq): \(closed.subject.promotion) fails, and nothing was seen of it")
        }
        let isLate = record.at - first.at > RulesVariant.healthTimeout
        let ill = seen.count { $0.health.status == .degraded && record.at - $0.at <= RulesVariant.failedChecks.within }
        let isFair =
            switch last.health.status {
            // What went back step by step may have recovered on the way.
            case .healthy: rules.hasSteps && closed.subject.stage == "prod" && seen.contains { $0.health.status != .healthy }
            case .degraded: !rules.countsLooks || last.health.trigger != nil || ill >= RulesVariant.failedChecks.count
            default: isLate && !last.health.errored
            }
        if !isFair { world.violate("record \(record.seq): \(closed.subject.promotion) fails although it is \(last.health.status.rawValue)") }
    }

    /// What the stage does about a failure goes with the record of it: a rollback at most once, and a hold.
    func checkReaction(_ world: SimulatedWorld) {
        let batch = world.records[world.appendStart...]
        for (index, record) in zip(batch.indices, batch) {
            guard case .failed(let closed) = record.fact, let rules = RulesVariant(of: record) else { continue }
            let (service, stage) = (closed.subject.service, closed.subject.stage)
            let after = batch[(index + 1)...].filter { $0.fact.service == service && $0.fact.stage == stage }
            let isTriggered = observations(closed.subject.promotion, world).last?.health.trigger != nil
            let isHeld = after.contains { if case .holdAdded = $0.fact { true } else { false } }
            let isRolledBack = after.contains { if case .requested(let next) = $0.fact { next.trigger == .rollback } else { false } }
            let reacts = rules.onFailure != .none || isTriggered
            if isHeld != reacts { world.violate("record \(record.seq): after the failure a hold \(isHeld ? "stands" : "is missing")") }
            let wantsRollback = rules.onFailure == .rollback || (isTriggered && rules.onFailure != .hold)
            if isRolledBack, !wantsRollback { world.violate("record \(record.seq): nobody asks for the rollback after the failure") }
            let before = Oracle(records: Array(world.records[..<index]), people: SimulatedRules.groups)
            if isRolledBack, before.trigger(of: closed.subject) == .rollback {
                world.violate("record \(record.seq): the rollback \(closed.subject.promotion) failed and is rolled back in its turn")
            }
        }
    }

    func checkExpiry(_ closed: PromotionClosed, _ record: LedgerRecord, _ world: SimulatedWorld) {
        guard closed.reason.hasPrefix("expired"), let rules = RulesVariant(of: record) else { return }
        let cell = CellReading(world.records, closed.subject.service, closed.subject.stage)
        guard let open = cell.open, open.promotion == closed.subject.promotion else { return }
        if record.at - open.requested <= rules.pendingExpires { world.violate("record \(record.seq) lets \(open.promotion) expire too early") }
    }

    /// What may have landed and is not on record is nobody's baseline.
    func checkBaseline(_ service: String, _ stage: String, _ record: LedgerRecord, _ world: SimulatedWorld) {
        let cell = CellReading(world.records, service, stage)
        if let open = cell.open, open.wasAdmitted, cell.lastDelivered == nil {
            world.violate("record \(record.seq) takes what \(open.promotion) may have brought for a baseline")
        }
    }

    func checkReviews(_ world: SimulatedWorld) {
        for name in Set(world.records[world.appendStart...].compactMap(\.fact.service)) {
            let known = world.state.service(name).reviews
            let read = Oracle(records: world.records, people: SimulatedRules.groups).reviews(of: name)
            let isSame = known.count == read.count
                && zip(known, read).allSatisfy {
                    $0.id == $1.id && $0.by == $1.by && Set($0.gates) == $1.gates && $0.isDelivered == $1.isDelivered
                        && $0.isBackfilled == $1.isBackfilled
                }
            if !isSame { world.violate("the reviews of \(name) are \(known.map(\.id)), not \(read.map(\.id)), or say something else") }
        }
    }

    /// Whoever withdraws has looked at a branch on which the promotion's own commit does not stand.
    func willWithdraw(_ closed: PromotionClosed, _ process: SimulatedProcess) {
        let (world, subject) = (process.world, closed.subject)
        guard let tip = process.seenTip, let base = admissions[subject.promotion]?.base else { return }
        let before = Set(world.branch.history(of: base).map(\.id))
        let own = world.branch.history(of: tip).first { commit in
            !before.contains(commit.id) && commit.promotions.contains(subject.promotion)
                && world.value(subject.service, subject.stage, at: commit) == subject.version
        }
        if let own { world.violate("\(subject.promotion) is withdrawn although \(own.id) carries it") }
    }
}
