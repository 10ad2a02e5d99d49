import PromotionEngine
import WorkflowModel

/// What must hold at every single effect. Each fault is told to the world; the first one ends the history.
struct Watch {
    /// Admissions by promotion, the last one.
    private(set) var admissions: [String: PromotionAdmitted] = [:]
    private var admittedAt: [String: Instant] = [:]
    /// Commits that carry each promotion's trailer.
    private var carriers: [String: [String]] = [:]

    // MARK: The ledger

    mutating func willAppend(_ record: LedgerRecord, _ world: SimulatedWorld) {
        do throws(RecordFault) {
            try RecordConduct.check(record, after: world.state)
        } catch {
            world.violate("an audit would find that in record \(record.seq) \(error)")
        }
        switch record.fact {
        case .admitted(let admitted):
            if let fault = Oracle(records: world.records, people: SimulatedRules.groups).fault(of: admitted, in: record, world) {
                world.violate("record \(record.seq) admits \(admitted.subject.promotion), but \(fault)")
            }
            admissions[admitted.subject.promotion] = admitted
            admittedAt[admitted.subject.promotion] = record.at
        case .delivered(let delivered): check(delivered, record, world)
        case .externalChange(let change):
            // After a delivery that was thrown away by force the same commit may stand there again.
            let cell = world.records.last { before in
                let type = before.fact.type
                return before.fact.service == change.service && before.fact.stage == change.stage
                    && (type == "delivered" || type == "external-change")
            }
            let twice = if case .externalChange(let other)? = cell?.fact { other.commit == change.commit } else { false }
            if twice { world.violate("the change of \(change.service) in \(change.stage) by \(change.commit) is recorded twice") }
        case .succeeded(let closed): checkSuccess(closed, record, world)
        case .failed(let closed): checkFailure(closed, record, world)
        case .stepDelivered(let delivered):
            let standing = world.state.service(delivered.subject.service).cells[delivered.subject.stage]?.rollout?.step.number ?? 0
            if abs(delivered.step.number - standing) != 1 {
                world.violate("record \(record.seq) takes \(delivered.subject.promotion) from step \(standing) to \(delivered.step.number)")
            }
        case .aborted(let closed), .superseded(let closed):
            checkExpiry(closed, record, world)
            let phase = world.state.service(closed.subject.service).open.first { $0.id == closed.subject.promotion }?.phase
            if phase == .admitted { world.violate("record \(record.seq) closes \(closed.subject.promotion), which is admitted") }
        case .requested(let requested):
            if !requested.breakGlass.isEmpty { checkPermission(.breakGlass, record, world) }
            // A rollback that follows from a failure is nobody's.
            let isAutomatic = world.records[world.appendStart...].contains { before in
                if case .failed(let closed) = before.fact {
                    closed.subject.service == requested.subject.service && closed.subject.stage == requested.subject.stage
                } else {
                    false
                }
            }
            if requested.trigger == .rollback, !isAutomatic { checkPermission(.rollback, record, world) }
        case .freezeAdded, .freezeRemoved: checkPermission(.freeze, record, world)
        case .releaseYanked: checkPermission(.yank, record, world)
        case .baselineAdopted(let baseline):
            checkPermission(.adopt, record, world)
            checkBaseline(baseline.service, baseline.stage, record, world)
        case .driftAdopted: checkPermission(.adopt, record, world)
        case .healthObserved(let health) where health.baseline: checkBaseline(health.service, health.stage, record, world)
        case .reviewClosed(let closed):
            let review = world.state.service(closed.service).reviews.first { $0.id == closed.review }
            if review?.by == record.initiator.id { world.violate("record \(record.seq): \(record.initiator.id) looks at their own review") }
        default: break
        }
    }

    private func checkPermission(_ action: Permission.Action, _ record: LedgerRecord, _ world: SimulatedWorld) {
        if SimulatedRules.mayNot(record.initiator.id, action) {
            world.violate("record \(record.seq): \(record.initiator.id) may not \(action.rawValue)")
        }
    }

    private func check(_ delivered: PromotionDelivered, _ record: LedgerRecord, _ world: SimulatedWorld) {
        let (subject, commit) = (delivered.subject, world.branch.commits[delivered.commit])
        guard let commit else { return world.violate("record \(record.seq) names the commit \(delivered.commit), which is none") }
        if admissions[subject.promotion] == nil { world.violate("\(subject.promotion) is delivered without any admission") }
        if world.value(subject.service, subject.stage, at: commit) != subject.version {
            world.violate("\(subject.promotion) is recorded as delivered by \(commit.id), which holds another version")
        }
        if commit.promotions.contains(subject.promotion) == delivered.unchanged {
            world.violate("record \(record.seq): \(commit.id) \(delivered.unchanged ? "carries" : "does not carry") \(subject.promotion)")
        }
        let open = world.state.service(subject.service).open.first { $0.id == subject.promotion }
        if open?.phase != .admitted, open?.withdrawnBase == nil {
            world.violate("record \(record.seq) delivers \(subject.promotion), which is \(open?.phase.rawValue ?? "not open")")
        }
    }

    func didAppend(_ world: SimulatedWorld) {
        checkReaction(world)
        checkReviews(world)
        for (name, service) in world.state.services {
            for stage in SimulatedRules.stages {
                let here = service.open.filter { $0.stage == stage }
                if here.filter({ $0.phase != .verifying }).count > 1 { world.violate("two promotions of \(name) to \(stage) are open") }
                if here.filter({ $0.phase == .verifying }).count > 1 { world.violate("two promotions of \(name) in \(stage) are verified") }
            }
        }
    }

    /// What a process loads from a checkpoint and the records after it is what all records say.
    func didLoad(_ snapshot: LedgerSnapshot, _ world: SimulatedWorld) {
        if snapshot.state.freezes != world.state.freezes {
            return world.violate("the checkpoint and its tail know other freezes than all records")
        }
        for (name, loaded) in snapshot.state.services {
            let whole = world.state.service(name)
            guard loaded.cells == whole.cells, loaded.open == whole.open, loaded.recentVersions == whole.recentVersions,
                loaded.holds == whole.holds, loaded.reviews == whole.reviews, loaded.baselines == whole.baselines, loaded.denials == whole.denials,
                loaded.releases.allSatisfy({ whole.releases[$0.key] == $0.value })
            else { return world.violate("the checkpoint and its tail say something else of \(name) than all records") }
        }
    }

    // MARK: The branch

    /// Called in the process that is about to push.
    func willLand(_ deliveries: [Delivery], _ process: SimulatedProcess) {
        if !process.hasReadSinceLanding { process.world.violate("a push without reading the ledger right before it") }
        for delivery in deliveries {
            let id = delivery.promotion.id
            let open = process.loaded?.state.service(delivery.promotion.service).open.first { $0.id == id }
            if delivery.step != nil {
                if open?.phase != .verifying { process.world.violate("a step of \(id) is pushed although the ledger that was read does not verify it") }
                continue
            }
            if open?.phase != .admitted { process.world.violate("\(id) is pushed although the ledger that was read does not admit it") }
            if let at = admittedAt[id], process.now - at > .minutes(10) {
                process.world.violate("\(id) is pushed \(process.now - at) after its admission")
            }
        }
    }

    func willCommit(_ delivery: Delivery, on parent: SimulatedBranch.Commit, _ world: SimulatedWorld) {
        let promotion = delivery.promotion
        guard let admission = admissions[promotion.id] else {
            return world.violate("\(promotion.id) is committed without any admission")
        }
        if admission.planDigest != delivery.planDigest { world.violate("\(promotion.id) is committed by another plan than was admitted") }
        // What was not on record must not be overwritten. Where the branch was moved back by force, a push that was under way
        // may find the tip that it was made on again, and nobody can keep it from landing.
        if world.isArriving, world.branch.isRewritten { return }
        if let cell = world.state.service(promotion.service).cells[promotion.stage], !cell.adopted,
            let known = cell.edits.first?.new
        {
            let found = world.value(promotion.service, promotion.stage, at: parent)
            if found != known {
                world.violate(
                    "\(promotion.id) overwrites \(found ?? "nothing") in \(promotion.stage), but the ledger knows only \(known)")
            }
        }
    }

    mutating func didCommit(
        _ delivery: Delivery, _ commit: SimulatedBranch.Commit, on parent: SimulatedBranch.Commit, _ world: SimulatedWorld
    ) {
        let promotion = delivery.promotion
        for stage in SimulatedRules.stages {
            for service in SimulatedRules.services {
                let (old, new) = (world.value(service, stage, at: parent), world.value(service, stage, at: commit))
                let isOwn = service == promotion.service && stage == promotion.stage
                if isOwn ? new != promotion.version : old != new {
                    world.violate("the commit of \(promotion.id) sets \(service) in \(stage) from \(old ?? "-") to \(new ?? "-")")
                }
            }
        }
        if let step = delivery.step { return checkStep(step, promotion, commit, on: parent, world) }
        carriers[promotion.id, default: []].append(commit.id)
        let alive = (carriers[promotion.id] ?? []).filter { id in commit.id == id || world.branch.between(id, commit.id) != nil }
        if alive.count > 1 { world.violate("\(promotion.id) has \(alive.count) deploy commits on the branch") }
    }

    /// One step from what stands, and never the same commit twice.
    private mutating func checkStep(
        _ step: RolloutStep, _ promotion: Promotion, _ commit: SimulatedBranch.Commit, on parent: SimulatedBranch.Commit,
        _ world: SimulatedWorld
    ) {
        let field = SimulatedRules.weight(promotion.service)
        let path = SimulatedRules.file(promotion.service, promotion.stage)
        let (old, new) = (SimulatedFile.value(of: field, in: parent.files[path]), SimulatedFile.value(of: field, in: commit.files[path]))
        let places = [old, new].map { $0.flatMap(SimulatedRules.weights.firstIndex) ?? -9 }
        if new != step.value || abs(places[1] - places[0]) != 1 {
            world.violate("step \(step) of \(promotion.id) sets \(field) from \(old ?? "-") to \(new ?? "-")")
        }
    }
}
