internal import WorkflowModel

/// What `freeze check` answers about one scope.
public struct FreezeCheck: Sendable {
    public let scope: FreezeScope
    public let at: Instant
    /// Those that are on and close what was asked about, or a part of it.
    public let active: [Freeze]
    /// Whether all of it is closed, not a part only.
    public let isWhole: Bool
    /// The first moment from now on at which nothing is frozen; nil when a freeze has no end.
    public let nextOpen: Instant?
    /// The first moment after now at which a freeze begins.
    public let nextClose: Instant?

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "FreezeCheck", "at": .string(at.description), "scope": scope.json,
            "frozen": .bool(!active.isEmpty), "partial": .bool(!active.isEmpty && !isWhole), "freezes": .array(active.map { .object($0.members) }),
            "next_open": .optional(nextOpen?.description), "next_close": .optional(nextClose?.description),
        ]
    }
}

extension Conductor {
    /// Records a freeze. It binds whatever is not admitted yet.
    ///
    /// Throws a usage error for a scope that no workflow has and for times that are the wrong way round, `notPermitted`
    /// when the person may not freeze that much.
    public func addFreeze(
        _ scope: FreezeScope, reason: String, start: Instant?, until: Instant?, includesRollbacks: Bool = false, dryRun: Bool = false
    ) throws -> RecordReport {
        try racing("record the freeze") {
            let context = try context()
            try check(scope, context.rules)
            var snapshot = try decidableState(LedgerScope(services: scope.service.map { [$0] } ?? []))
            guard try authorizeFreeze(scope, context.rules, &snapshot, dryRun: dryRun) else { return nil }
            let begin = start ?? pace.now
            if let until, until <= begin || until <= pace.now {
                throw PromotionError(
                    .usage, "the freeze would be over before it begins: \(begin) to \(until)", hint: "name a later --until, such as +8h")
            }
            let same = snapshot.state.freezes.first {
                $0.scope == scope && $0.reason == reason && $0.until == until && $0.owner == initiator.id
                    && $0.includesRollbacks == includesRollbacks && (start == nil ? $0.start <= begin : $0.start == begin)
            }
            let next = "`gradus freeze check` tells what is closed; what was admitted before goes on"
            if same != nil { return RecordReport(record: nil, next: next) }
            let freeze = Freeze(
                id: "freeze-\(snapshot.seq + 1)", scope: scope, owner: initiator.id, reason: reason, start: begin, until: until,
                includesRollbacks: includesRollbacks)
            return try write(.freezeAdded(freeze), to: &snapshot, next: next, dryRun: dryRun)
        }
    }

    /// Ends a freeze. Throws a usage error when there is none of that id.
    public func removeFreeze(_ id: String, reason: String?, dryRun: Bool = false) throws -> RecordReport {
        try racing("remove the freeze") {
            let context = try context()
            var snapshot = try decidableState(LedgerScope())
            guard let freeze = snapshot.state.freezes.first(where: { $0.id == id }) else {
                throw PromotionError(.usage, "there is no freeze '\(id)'", hint: "`gradus freeze list` lists them")
            }
            guard try authorizeFreeze(freeze.scope, context.rules, &snapshot, dryRun: dryRun) else { return nil }
            return try write(
                .freezeRemoved(FreezeRemoved(id: id, reason: reason)), to: &snapshot,
                next: "`gradus reconcile` carries on what may go on", dryRun: dryRun)
        }
    }

    /// The freezes that are on or to come, in order of their start.
    public func freezes() throws -> [Freeze] {
        _ = try context()
        let now = pace.now
        return shown(try ledger.load(LedgerScope(services: [])).state).freezes
            .filter { $0.until.map { now < $0 } ?? true }.sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    }

    /// Whether promotions of that scope are frozen, all of them or some, and when that changes.
    public func checkFreezes(_ asked: FreezeScope, at time: Instant? = nil) throws -> FreezeCheck {
        let rules = try context().rules
        try check(asked, rules)
        var scope = asked
        // A service belongs to one workflow, and a stage may: the freezes of that workflow stop it too.
        if scope.workflow == nil {
            let owners = rules.workflows.filter { workflow in
                (scope.service.map { rules.workflow(of: $0)?.name == workflow.name } ?? true)
                    && (scope.stage.map { workflow.stage($0) != nil } ?? true)
            }
            scope.workflow = owners.count == 1 ? owners[0].name : nil
        }
        let now = time ?? pace.now
        let touching = try ledger.load(LedgerScope(services: [])).state.freezes.filter {
            asked == FreezeScope() || touches($0.scope, scope, rules)
        }
        let active = touching.filter { $0.isActive(at: now) }
        return FreezeCheck(
            scope: asked, at: now, active: active,
            isWhole: active.contains { $0.scope.covers(workflow: scope.workflow, stage: scope.stage, service: scope.service) },
            nextOpen: FreezeCalendar(touching).opening(after: now),
            nextClose: active.isEmpty ? FreezeCalendar(touching).closing(after: now) : nil)
    }

    /// Whether a freeze covers what is asked about or lies inside it: some service may enter some stage within both.
    private func touches(_ frozen: FreezeScope, _ asked: FreezeScope, _ rules: Rules) -> Bool {
        if frozen == FreezeScope() { return true }
        func differ(_ one: String?, _ other: String?) -> Bool { one != nil && other != nil && one != other }
        guard !differ(frozen.workflow, asked.workflow), !differ(frozen.stage, asked.stage), !differ(frozen.service, asked.service)
        else { return false }
        let (name, stage) = (frozen.workflow ?? asked.workflow, frozen.stage ?? asked.stage)
        let owner = (frozen.service ?? asked.service).map { rules.workflow(of: $0)?.name }
        return rules.workflows.contains { workflow in
            (name == nil || workflow.name == name) && (owner == nil || workflow.name == owner)
                && (stage.map { workflow.stage($0) != nil } ?? true)
        }
    }

    private func check(_ scope: FreezeScope, _ rules: Rules) throws {
        if let service = scope.service { _ = try locate(service, in: rules) }
        let workflows = rules.workflows.filter { scope.workflow == nil || $0.name == scope.workflow }
        guard !workflows.isEmpty else {
            let names = rules.workflows.map(\.name)
            throw PromotionError(
                .usage, "there is no workflow '\(scope.workflow ?? "")'",
                hint: "workflows: \(names.joined(separator: ", "))\(suggestion(scope.workflow ?? "", names))")
        }
        let stages = workflows.flatMap { $0.stages.map(\.name) }
        if let stage = scope.stage, !stages.contains(stage) {
            throw PromotionError(
                .usage, "no workflow has a stage '\(stage)'",
                hint: "stages: \(Set(stages).sorted().joined(separator: ", "))\(suggestion(stage, stages))")
        }
    }

    /// Throws `notPermitted` after recording it; false when the race to record it was lost.
    private func authorizeFreeze(
        _ scope: FreezeScope, _ rules: Rules, _ snapshot: inout LedgerSnapshot, dryRun: Bool
    ) throws -> Bool {
        let service = scope.service.flatMap { rules.workflow(of: $0)?.service($0) }
        // One workflow is a scope, although permissions do not name it.
        if rules.people.permissions == nil, scope.workflow != nil { return true }
        guard let objection = rules.people.objection(to: .freeze, by: initiator.id, service: service, stage: scope.stage) else {
            return true
        }
        let denied = ActionDenied(
            action: Permission.Action.freeze.rawValue, service: scope.service, stage: scope.stage, version: nil,
            workflow: scope.workflow, reason: objection)
        let denial = Denial(denied, person: initiator.id, rules: draft(.denied(denied)).rules)
        let known = scope.service.map { snapshot.state.service($0).denials } ?? snapshot.state.denials
        if !dryRun, !known.contains(denial), try append([.denied(denied)], to: &snapshot) == nil { return false }
        throw PromotionError(
            .notPermitted, "\(initiator.id) may not freeze \(scope): \(objection)",
            hint: "permissions are given in \(rules.people.path ?? "workflows/groups.yaml"), under `permissions:`")
    }
}
