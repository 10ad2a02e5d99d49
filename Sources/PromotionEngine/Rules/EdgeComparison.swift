internal import WorkflowModel

/// One stage before and after a change of its workflow.
struct EdgeComparison {
    let workflow: String
    let before: Stage
    let after: Stage

    func change(_ gate: String, _ effect: GateChange.Effect, _ from: String?, _ to: String?) -> GateChange {
        GateChange(workflow: workflow, stage: after.name, gate: gate, effect: effect, from: from, to: to)
    }

    /// Criteria by key: what is gone is loosened, what came is tightened, what stayed is compared.
    func criteria(
        _ side: String, _ old: [Criterion], _ new: [Criterion], _ oldCalendar: ReleaseCalendar, _ newCalendar: ReleaseCalendar
    ) -> [GateChange] {
        let keys = (new + old).map(\.key).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return keys.flatMap { key -> [GateChange] in
            let (earlier, later) = (old.filter { $0.key == key }, new.filter { $0.key == key })
            let gate = "\(after.name).\(side).\(key)"
            return (0..<max(earlier.count, later.count)).compactMap { position in
                guard position < later.count else { return change(gate, .loosened, earlier[position].threshold, nil) }
                guard position < earlier.count else { return change(gate, .tightened, nil, later[position].threshold) }
                let (one, other) = (earlier[position], later[position])
                guard let effect = one.effect(ofBecoming: other) ?? Self.windows(one, oldCalendar, other, newCalendar) else { return nil }
                return change(gate, effect, one.threshold, other.threshold)
            }
        }
    }

    /// A named window may say another thing under the same name.
    private static func windows(
        _ old: Criterion, _ oldCalendar: ReleaseCalendar, _ new: Criterion, _ newCalendar: ReleaseCalendar
    ) -> GateChange.Effect? {
        guard case .window(let references) = new.kind else { return nil }
        let isSame = references.allSatisfy { reference in
            guard case .named(let name) = reference else { return true }
            return oldCalendar.windows[name] == newCalendar.windows[name]
        }
        return isSame && oldCalendar.holidays == newCalendar.holidays ? nil : .changed
    }

    /// What decides beside criteria.
    var settings: [GateChange] {
        var changes: [GateChange] = []
        if Set(before.after) != Set(after.after) {
            let isMore = Set(after.after).isSuperset(of: before.after)
            changes.append(
                change("upstream", isMore ? .tightened : .loosened, before.after.joined(separator: ", "), after.after.joined(separator: ", ")))
        }
        if let effect = ApprovalRule.effect(of: before.approvals, becoming: after.approvals) {
            changes.append(change("approval", effect, Self.words(before.approvals), Self.words(after.approvals)))
        }
        if before.health != after.health { changes.append(change("health", health, Self.words(before.health), Self.words(after.health))) }
        changes += flag("auto_promote", before.autoPromote, after.autoPromote, looseWhen: true)
        changes += flag("rules_settled", before.asksRulesSettled, after.asksRulesSettled, looseWhen: false)
        if before.queue != after.queue {
            changes.append(change("queue", .changed, before.queue.rawValue, after.queue.rawValue))
        }
        if before.delivery != after.delivery {
            let effect: GateChange.Effect = after.delivery == .commit ? .loosened : .changed
            changes.append(change("delivery", effect, before.delivery.rawValue, after.delivery.rawValue))
        }
        return changes
    }

    private func flag(_ name: String, _ old: Bool, _ new: Bool, looseWhen loose: Bool) -> [GateChange] {
        old == new ? [] : [change(name, new == loose ? .loosened : .tightened, "\(old)", "\(new)")]
    }

    private var health: GateChange.Effect {
        guard let old = before.health else { return .tightened }
        guard let new = after.health else { return .loosened }
        if new.sources == old.sources, new.staleAfter == old.staleAfter, new.healthTimeout == old.healthTimeout {
            return new.verifyFor < old.verifyFor ? .loosened : .tightened
        }
        return .changed
    }

    private static func words(_ rules: [ApprovalRule]) -> String? {
        rules.isEmpty ? nil : rules.map(\.summary).joined(separator: " AND ")
    }

    private static func words(_ health: HealthPolicy?) -> String? {
        health.map { "\($0.sources.map(\.name).joined(separator: ", ")) for \($0.verifyFor)" }
    }
}

extension Stage {
    /// Whether those who loosened the stage's rules need another person's approval.
    var asksRulesSettled: Bool { rulesSettled ?? (stageClass == .production) }
}

extension Criterion {
    /// Nil when both ask the same.
    func effect(ofBecoming other: Criterion) -> GateChange.Effect? {
        if kind == other.kind { return nil }
        switch (kind, other.kind) {
        case (.number(let comparison, let old), .number(let now, let new)) where comparison == now:
            guard let order = DecimalText.order(new, old), order != 0 else { return .changed }
            switch comparison {
            case .atLeast, .greater: return order < 0 ? .loosened : .tightened
            case .atMost, .less: return order > 0 ? .loosened : .tightened
            case .equal, .notEqual: return .changed
            }
        case (.soak(let old), .soak(let new)): return new < old ? .loosened : .tightened
        case (.stable(_, let old), .stable(_, let new)): return new < old ? .loosened : .tightened
        default: return .changed
        }
    }
}

extension ApprovalRule {
    /// Nil when both ask the same. Any part that asks less makes the whole loosened.
    static func effect(of old: [ApprovalRule], becoming new: [ApprovalRule]) -> GateChange.Effect? {
        if old == new { return nil }
        if new.count < old.count { return .loosened }
        if zip(old, new).contains(where: { $1.asksLess(than: $0) }) { return .loosened }
        return .tightened
    }

    private func asksLess(than old: ApprovalRule) -> Bool {
        let isWider = from.isEmpty ? !old.from.isEmpty : !old.from.isEmpty && !Set(from).isSubset(of: old.from)
        let expiresLater = old.expires.map { limit in expires.map { $0 > limit } ?? true } ?? false
        return minimum < old.minimum || isWider || !Set(old.required).isSubset(of: required) || !old.forbid.isSubset(of: forbid)
            || (old.authorMustBeKnown && !authorMustBeKnown) || (old.authenticated && !authenticated) || expiresLater
    }
}
