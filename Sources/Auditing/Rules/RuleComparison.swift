public import WorkflowModel

/// What differs between two states of the rules, and whether it makes a promotion easier or harder.
public struct RuleComparison {
    private let before: Rules
    private let after: Rules
    private var items: [RuleChange.Item] = []

    private init(_ before: Rules, _ after: Rules) { (self.before, self.after) = (before, after) }

    /// In order of workflow and stage; empty when nothing that decides differs.
    public static func items(from before: Rules, to after: Rules) -> [RuleChange.Item] {
        var comparison = RuleComparison(before, after)
        comparison.compare()
        return comparison.items
    }

    private mutating func add(_ direction: RuleChange.Direction, _ text: String) { items.append(.init(direction, text)) }

    private mutating func compare() {
        let names = Set((before.workflows + after.workflows).map(\.name)).sorted()
        for name in names {
            let (old, new) = (before.workflows.first { $0.name == name }, after.workflows.first { $0.name == name })
            switch (old, new) {
            case (nil, let new?): add(.changed, "\(name): the workflow is new, with stages \(new.stages.map(\.name).joined(separator: ", "))")
            case (.some, nil): add(.loosened, "\(name): the workflow is gone")
            case (let old?, let new?): compare(old, new)
            case (nil, nil): break
            }
        }
        comparePeople()
        if before.calendar != after.calendar { add(.changed, "the calendar changed") }
    }

    private mutating func compare(_ old: Workflow, _ new: Workflow) {
        let (was, now) = (Set(old.services.map(\.name)), Set(new.services.map(\.name)))
        if !now.subtracting(was).isEmpty { add(.changed, "\(new.name): services added: \(now.subtracting(was).sorted().joined(separator: ", "))") }
        if !was.subtracting(now).isEmpty { add(.changed, "\(new.name): services taken out: \(was.subtracting(now).sorted().joined(separator: ", "))") }
        for service in new.services {
            guard let before = old.services.first(where: { $0.name == service.name }), before.owner != service.owner else { continue }
            add(.changed, "\(new.name) \(service.name): owner \(before.owner ?? "nobody") -> \(service.owner ?? "nobody")")
        }
        if old.evidence != new.evidence { add(.changed, "\(new.name): what counts as evidence changed") }
        for stage in old.stages where new.stage(stage.name) == nil { add(.loosened, "\(new.name) \(stage.name): the stage is gone") }
        for stage in new.stages {
            guard let before = old.stage(stage.name) else {
                add(.changed, "\(new.name) \(stage.name): the stage is new")
                continue
            }
            compare(before, stage, "\(new.name) \(stage.name)")
        }
    }

    private mutating func compare(_ old: Stage, _ new: Stage, _ place: String) {
        compare(old.entryCriteria, new.entryCriteria, "\(place) entry")
        compare(old.exitCriteria, new.exitCriteria, "\(place) exit")
        compare(old.approvals, new.approvals, place)
        if old.autoPromote != new.autoPromote {
            add(new.autoPromote ? .loosened : .tightened, "\(place): releases enter \(new.autoPromote ? "by themselves" : "by hand only") now")
        }
        if old.stageClass != new.stageClass {
            add(old.stageClass == .production ? .loosened : .changed, "\(place): class \(old.stageClass.rawValue) -> \(new.stageClass.rawValue)")
        }
        if Set(old.after) != Set(new.after) {
            let lost = Set(old.after).subtracting(new.after)
            add(lost.isEmpty ? .tightened : .loosened, "\(place): comes after \(Self.list(old.after)) -> \(Self.list(new.after))")
        }
        if old.delivery != new.delivery {
            add(old.delivery == .pullRequest ? .loosened : .changed, "\(place): delivery \(old.delivery.rawValue) -> \(new.delivery.rawValue)")
        }
        if (old.health == nil) != (new.health == nil) {
            add(new.health == nil ? .loosened : .tightened, "\(place): its health is \(new.health == nil ? "not watched any more" : "watched now")")
        } else if old.health != new.health {
            add(.changed, "\(place): how its health is watched changed")
        }
        if old.onFailure != new.onFailure { add(new.onFailure == .none ? .loosened : .changed, "\(place): on failure \(old.onFailure.rawValue) -> \(new.onFailure.rawValue)") }
        if old.updates != new.updates || old.environment != new.environment || old.branch != new.branch {
            add(.changed, "\(place): what a promotion edits changed")
        }
        if old.recordOnly != new.recordOnly { add(.changed, "\(place): record only \(old.recordOnly) -> \(new.recordOnly)") }
    }

    private mutating func compare(_ old: [Criterion], _ new: [Criterion], _ place: String) {
        for key in Set((old + new).map(\.key)).sorted() {
            let (was, now) = (old.filter { $0.key == key }, new.filter { $0.key == key })
            guard was != now else { continue }
            let change = "\(place): \(key) \(Self.words(was)) -> \(Self.words(now))"
            if now.isEmpty {
                add(.loosened, change)
            } else if was.isEmpty {
                add(.tightened, change)
            } else if was.count == 1, now.count == 1, let direction = Self.direction(was[0], now[0]) {
                add(direction, change)
            } else {
                add(.changed, change)
            }
        }
    }

    /// Nil when the two cannot be ordered.
    private static func direction(_ old: Criterion, _ new: Criterion) -> RuleChange.Direction? {
        switch (old.kind, new.kind) {
        case (.number(let comparison, let was), .number(let same, let now)) where comparison == same:
            guard let was = Double(was), let now = Double(now) else { return nil }
            switch comparison {
            case .atLeast, .greater: return now < was ? .loosened : .tightened
            case .atMost, .less: return now > was ? .loosened : .tightened
            case .equal, .notEqual: return nil
            }
        case (.soak(let was), .soak(let now)): return now.seconds < was.seconds ? .loosened : .tightened
        case (.stable(let stage, let was), .stable(let same, let now)) where stage == same:
            return now.seconds < was.seconds ? .loosened : .tightened
        default: return nil
        }
    }

    private static func words(_ criteria: [Criterion]) -> String {
        criteria.isEmpty ? "nothing" : criteria.map(\.threshold).joined(separator: " and ")
    }

    private mutating func compare(_ old: [ApprovalRule], _ new: [ApprovalRule], _ place: String) {
        guard old != new else { return }
        func words(_ rules: [ApprovalRule]) -> String {
            rules.isEmpty ? "nobody" : rules.map { rule in
                rule.summary + (rule.forbid.isEmpty ? ", also by requester and author" : "") + (rule.expires.map { ", for \($0)" } ?? "")
            }.joined(separator: " and ")
        }
        add(Self.direction(old, new), "\(place): approvals \(words(old)) -> \(words(new))")
    }

    private static func direction(_ old: [ApprovalRule], _ new: [ApprovalRule]) -> RuleChange.Direction {
        if new.isEmpty { return .loosened }
        if old.isEmpty { return .tightened }
        guard old.count == 1, new.count == 1 else { return new.count < old.count ? .loosened : new.count > old.count ? .tightened : .changed }
        let (was, now) = (old[0], new[0])
        var loosens = now.minimum < was.minimum || !was.forbid.subtracting(now.forbid).isEmpty || !Set(was.required).subtracting(now.required).isEmpty
        var tightens = now.minimum > was.minimum || !now.forbid.subtracting(was.forbid).isEmpty || !Set(now.required).subtracting(was.required).isEmpty
        // No list of people is everyone.
        if was.from != now.from {
            if now.from.isEmpty || (!was.from.isEmpty && !Set(now.from).subtracting(was.from).isEmpty) { loosens = true }
            if was.from.isEmpty || (!now.from.isEmpty && !Set(was.from).subtracting(now.from).isEmpty) { tightens = true }
        }
        switch (was.expires, now.expires) {
        case (nil, .some): tightens = true
        case (.some, nil): loosens = true
        case (let was?, let now?) where was != now: if now.seconds > was.seconds { loosens = true } else { tightens = true }
        default: break
        }
        return loosens == tightens ? .changed : loosens ? .loosened : .tightened
    }

    private mutating func comparePeople() {
        let (old, new) = (before.people, after.people)
        for group in Set(old.groups.keys).union(new.groups.keys).sorted() {
            let (was, now) = (Set(old.groups[group] ?? []), Set(new.groups[group] ?? []))
            let (added, removed) = (now.subtracting(was).sorted(), was.subtracting(now).sorted())
            if !added.isEmpty { add(.loosened, "group \(group): \(added.joined(separator: ", ")) added") }
            if !removed.isEmpty { add(.tightened, "group \(group): \(removed.joined(separator: ", ")) taken out") }
        }
        if old.people != new.people { add(.changed, "names, addresses or keys of people changed") }
        guard old.permissions != new.permissions else { return }
        guard let was = old.permissions else { return add(.tightened, "permissions are given now") }
        guard let now = new.permissions else { return add(.loosened, "permissions are gone: everyone may do everything but break glass, yank and freeze all") }
        for permission in now where !was.contains(permission) { add(.loosened, "permission given: \(Self.words(permission))") }
        for permission in was where !now.contains(permission) { add(.tightened, "permission taken away: \(Self.words(permission))") }
    }

    private static func words(_ permission: Permission) -> String {
        "\(list(permission.groups)) may \(permission.actions.map(\.rawValue).sorted().joined(separator: ", ")) for \(list(permission.services)) in \(list(permission.stages))"
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "nothing" : names.joined(separator: ", ") }
}
