internal import WorkflowModel

/// A standing hold with the service that it stops.
public struct ServiceHold: Sendable {
    public let service: String
    public let hold: Hold

    public var json: JSONValue {
        guard case .object(var members) = hold.json else { return .null }
        members["service"] = .string(service)
        return .object(members)
    }
}

extension Conductor {
    /// Records a hold of one service in one stage. Several may stand at once, each with its owner.
    public func addHold(
        service name: String, stage place: String, reason: String, until: Instant?, dryRun: Bool = false
    ) throws -> RecordReport {
        try TextLimit.check(reason: reason)
        return try racing("record the hold") {
            let context = try context(for: [name])
            let (workflow, service, stage) = try locate(name, place, in: context.rules)
            var snapshot = try decidableState(.service(name))
            guard try authorize(.hold, workflow, service, stage, version: nil, context, &snapshot, dryRun: dryRun) else { return nil }
            if let until, until <= pace.now {
                throw PromotionError(.usage, "the hold would be over already: \(until)", hint: "name a later --until, such as +8h")
            }
            let next = "`gradus resume \(name) --stage \(place)` ends it; what was admitted before goes on"
            let same = snapshot.state.service(name).holds.contains {
                $0.stage == place && $0.owner == initiator.id && $0.reason == reason && $0.until == until
            }
            if same { return RecordReport(record: nil, next: next) }
            let hold = HoldAdded(
                id: "hold-\(snapshot.seq + 1)", service: name, stage: place, workflow: workflow.name, owner: initiator.id,
                reason: reason, until: until)
            return try write(.holdAdded(hold), to: &snapshot, next: next, dryRun: dryRun)
        }
    }

    /// Ends one hold by its id. Throws a usage error when there is none.
    public func removeHold(_ id: String, reason: String?, dryRun: Bool = false) throws -> RecordReport {
        try racing("remove the hold") {
            let context = try context()
            var snapshot = try decidableState(LedgerScope())
            guard let (name, state) = snapshot.state.services.first(where: { $0.value.holds.contains { $0.id == id } }),
                let hold = state.holds.first(where: { $0.id == id })
            else { throw PromotionError(.usage, "there is no hold '\(id)'", hint: "`gradus hold list` lists them") }
            let (workflow, service, stage) = try locate(name, hold.stage, in: context.rules)
            guard try authorize(.hold, workflow, service, stage, version: nil, context, &snapshot, dryRun: dryRun) else { return nil }
            return try write(
                .holdRemoved(HoldRemoved(id: id, service: name, stage: hold.stage, reason: reason)), to: &snapshot,
                next: "`gradus reconcile` carries on what may go on", dryRun: dryRun)
        }
    }

    /// Ends the holds of a cell that rollbacks added, and the person's own. Holds of others stay and are named.
    public func resume(service name: String, stage place: String, reason: String?, dryRun: Bool = false) throws -> RecordReport {
        try racing("resume \(name) in \(place)") {
            let context = try context(for: [name])
            let (workflow, service, stage) = try locate(name, place, in: context.rules)
            var snapshot = try decidableState(.service(name))
            guard try authorize(.hold, workflow, service, stage, version: nil, context, &snapshot, dryRun: dryRun) else { return nil }
            let holds = snapshot.state.service(name).holds.filter { $0.stage == place }
            let own = holds.filter { $0.rollback != nil || $0.owner == initiator.id || !$0.isActive(at: pace.now) }
            let others = holds.filter { hold in !own.contains { $0.id == hold.id } }
            let next = others.isEmpty
                ? "`gradus reconcile` carries on what may go on"
                : "still held: " + others.map { "\($0.id) by \($0.owner) (`gradus hold remove \($0.id)`)" }.joined(separator: ", ")
            if own.isEmpty { return RecordReport(record: nil, next: next) }
            if dryRun { return RecordReport(record: nil, next: "dry run: nothing was recorded; \(next)", isPlanned: true) }
            let facts = own.map { Fact.holdRemoved(HoldRemoved(id: $0.id, service: name, stage: place, reason: reason)) }
            guard let records = try append(facts, to: &snapshot) else { return nil }
            return RecordReport(record: records.last, next: next)
        }
    }

    /// The holds that stand, of all services or one, of all stages or one.
    public func holds(service: String? = nil, stage: String? = nil) throws -> [ServiceHold] {
        let rules = try context(for: service.map { [$0] }).rules
        if let service { _ = try locate(service, in: rules) }
        let state = shown(try ledger.load(LedgerScope(services: service.map { [$0] })).state)
        return state.services.sorted { $0.key < $1.key }.flatMap { name, state in
            state.holds.filter { (stage == nil || $0.stage == stage) && $0.isActive(at: pace.now) }
                .map { ServiceHold(service: name, hold: $0) }
        }
    }

    /// Records that a release must go nowhere any more. Where it is it stays.
    public func yank(_ version: String, of name: String, reason: String, dryRun: Bool = false) throws -> RecordReport {
        try racing("yank \(name) \(version)") {
            let context = try context(for: [name])
            let (workflow, service) = try locate(name, in: context.rules)
            var snapshot = try decidableState(.service(name, version: version))
            let release = try release(version, of: name, in: snapshot.state.service(name))
            guard try authorize(.yank, workflow, service, nil, version: version, context, &snapshot, dryRun: dryRun) else { return nil }
            let next = "no stage lets it in any more; where it is, `gradus rollback \(name) --stage STAGE --reason WHY` takes it away"
            if release.yanked != nil { return RecordReport(record: nil, next: next) }
            return try write(
                .releaseYanked(ReleaseYanked(service: name, version: version, reason: reason)), to: &snapshot, next: next, dryRun: dryRun)
        }
    }
}
