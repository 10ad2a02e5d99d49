internal import WorkflowModel

extension Conductor {
    /// The commits that made it easier to enter the stage since the last promotion into it was admitted.
    ///
    /// Before the first promotion nothing is known to have been stricter. A stage on a branch of its own is not asked: its
    /// admissions name commits of that branch.
    func loosenings(_ workflow: Workflow, _ stage: Stage, _ state: ServiceState, _ context: Context) throws -> [Loosening] {
        guard stage.asksRulesSettled, stage.branch == nil || stage.branch == desired.branch,
            let base = state.ruleBases[stage.name]
        else { return [] }
        return try desired.ruleCommits(since: base, to: context.tip)
            .compactMap { Loosening($0, entering: stage.name, of: workflow.name) }
    }

    /// The record of a change of the rule files that the ledger knows; nil when none changed, or when what they held cannot
    /// be told any more.
    func rulesChange(_ state: LedgerState, _ rules: Rules) throws -> Fact? {
        let changed = state.ruleFiles.filter { rules.sources[$0.key] != $0.value }
        guard !changed.isEmpty, let before = try desired.rules(ofFiles: state.ruleFiles) else { return nil }
        let files = Dictionary(uniqueKeysWithValues: changed.keys.compactMap { path in rules.sources[path].map { (path, $0) } })
        return .rulesChanged(
            RulesChanged(from: changed, to: files, changes: RulesDiff(from: before, to: rules).changes))
    }
}
