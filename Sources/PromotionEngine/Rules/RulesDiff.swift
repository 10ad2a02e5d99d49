public import WorkflowModel

/// What changed between two states of the rules, gate by gate.
public struct RulesDiff {
    private let before: Rules
    private let after: Rules

    public init(from before: Rules, to after: Rules) {
        self.before = before
        self.after = after
    }

    /// Of every workflow that both have, stage by stage in order; permissions last.
    public var changes: [GateChange] {
        let known = before.workflows.compactMap { old in after.workflows.first { $0.name == old.name }.map { (old, $0) } }
        let stages = known.flatMap { old, new in
            let names = new.stages.map(\.name) + old.stages.map(\.name).filter { new.stage($0) == nil }
            return names.flatMap { stage($0, old, new, withExits: true) }
        }
        return stages + permissions
    }

    /// What bears on entering one stage: its own rules, the exits of the stages before it, and the people that it names.
    public func changes(entering name: String, of workflow: String) -> [GateChange] {
        guard let old = before.workflows.first(where: { $0.name == workflow }),
            let new = after.workflows.first(where: { $0.name == workflow })
        else { return [] }
        let upstream = Set([old, new].flatMap { $0.stage(name)?.after ?? [] })
        let leaving = new.stages.map(\.name).filter(upstream.contains).flatMap { exits($0, old, new) }
        return leaving + stage(name, old, new, withExits: false) + permissions
    }

    private func stage(_ name: String, _ old: Workflow, _ new: Workflow, withExits: Bool) -> [GateChange] {
        guard let earlier = old.stage(name), let later = new.stage(name) else {
            let (from, to) = (old.stage(name).map { _ in "a stage" }, new.stage(name).map { _ in "a stage" })
            return [GateChange(workflow: new.name, stage: name, gate: "stage", effect: .changed, from: from, to: to)]
        }
        let comparison = EdgeComparison(workflow: new.name, before: earlier, after: later)
        return comparison.criteria("entry", earlier.entryCriteria, later.entryCriteria, before.calendar, after.calendar)
            + comparison.settings + (withExits ? exits(name, old, new) : []) + groups(comparison)
    }

    private func exits(_ name: String, _ old: Workflow, _ new: Workflow) -> [GateChange] {
        guard let earlier = old.stage(name), let later = new.stage(name) else { return [] }
        return EdgeComparison(workflow: new.name, before: earlier, after: later)
            .criteria("exit", earlier.exitCriteria, later.exitCriteria, before.calendar, after.calendar)
    }

    /// Who came into, or left, a group whose approvals count.
    private func groups(_ comparison: EdgeComparison) -> [GateChange] {
        let names = Set((comparison.before.approvals + comparison.after.approvals).flatMap { $0.from + $0.required })
        return names.sorted().flatMap { name -> [GateChange] in
            let (old, new) = (Set(before.people.groups[name] ?? []), Set(after.people.groups[name] ?? []))
            func change(_ effect: GateChange.Effect, _ from: Set<String>, _ to: Set<String>) -> GateChange {
                comparison.change(
                    "group:\(name)", effect, from.isEmpty ? nil : from.sorted().joined(separator: ", "),
                    to.isEmpty ? nil : to.sorted().joined(separator: ", "))
            }
            if old == new { return [] }
            return [change(old.isSuperset(of: new) ? .tightened : .loosened, old, new)]
        }
    }

    private var permissions: [GateChange] {
        let (old, new) = (before.people.permissions, after.people.permissions)
        guard old != new else { return [] }
        func change(_ effect: GateChange.Effect) -> GateChange {
            GateChange(
                workflow: "*", stage: "*", gate: "permissions", effect: effect, from: old.map { "\($0.count) permissions" },
                to: new.map { "\($0.count) permissions" })
        }
        guard let old else { return [change(.changed)] }
        guard let new else { return [change(.loosened)] }
        return [change(Set(new).isSubset(of: old) ? .tightened : .loosened)]
    }
}
