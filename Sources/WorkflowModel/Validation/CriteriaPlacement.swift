import YAMLEdit

/// Sorts the criteria of every stage to the edges that they guard (`design.md` section 5).
struct CriteriaPlacement {
    let faults: FaultCollector
    /// The workflow's `criteria`: entry criteria of every stage, where the stage has none of the same key.
    let defaults: [DeclaredCriterion]

    /// `promotion_criteria` guard leaving a stage, or entering it if nothing follows.
    func place(in stages: inout [DeclaredStage]) {
        let followed = Set(stages.flatMap(\.stage.after))
        for index in stages.indices {
            let declared = stages[index]
            let isLast = !followed.contains(declared.stage.name)
            let entry = unique(declared.entry + (isLast ? declared.promotion : []))
            let exit = unique(declared.exit + (isLast ? [] : declared.promotion))
            if isLast { warnOfExit(declared) }
            if declared.stage.after.isEmpty { warnOfUpstream(entry, of: declared) }
            for criterion in entry where criterion.criterion.readsForge && declared.stage.delivery != .pullRequest {
                refuse(criterion, "`\(declared.stage.name)` is entered without a pull request")
            }
            for criterion in exit where criterion.criterion.readsForge {
                let next = stages.first { $0.stage.after.contains(declared.stage.name) && $0.stage.delivery != .pullRequest }
                if let next { refuse(criterion, "`\(next.stage.name)`, which comes next, is entered without a pull request") }
            }
            stages[index].stage.entryCriteria = inherited(by: declared, beside: entry) + entry.map(\.criterion)
            stages[index].stage.exitCriteria = exit.map(\.criterion)
        }
    }

    private func refuse(_ criterion: DeclaredCriterion, _ why: String) {
        faults.error(
            "`\(criterion.criterion.key)` asks about a pull request, and \(why)", at: criterion.node,
            hint: "say `delivery: pull_request` of the stage to be entered, or leave the criterion out")
    }

    /// A default about the upstream stage has no meaning for a first stage.
    private func inherited(by declared: DeclaredStage, beside own: [DeclaredCriterion]) -> [Criterion] {
        let keys = Set(own.map(\.criterion.key))
        return unique(defaults).map(\.criterion).filter { criterion in
            !keys.contains(criterion.key) && !(declared.stage.after.isEmpty && asksUpstream(criterion))
                && !(criterion.readsForge && declared.stage.delivery != .pullRequest)
        }
    }

    /// A gate's id is made of stage, side and key, so one side has each key once. Of windows there may be several, which must
    /// all let through: those after the first are numbered, `window_2` and so on.
    private func unique(_ criteria: [DeclaredCriterion]) -> [DeclaredCriterion] {
        var nodes: [String: YAMLNode] = [:]
        var windows = 0
        return criteria.compactMap { declared in
            var declared = declared
            if case .window = declared.criterion.kind {
                windows += 1
                if windows > 1 { declared.criterion.key += "_\(windows)" }
            }
            let key = declared.criterion.key
            if let earlier = nodes[key] {
                faults.error("duplicate criterion `\(key)`, first in line \(faults.line(earlier))", at: declared.node)
                return nil
            }
            nodes[key] = declared.node
            return declared
        }
    }

    private func warnOfExit(_ declared: DeclaredStage) {
        guard let first = declared.exit.first else { return }
        faults.warning(
            "`exit_criteria` of `\(declared.stage.name)` guard nothing: no stage comes after it", at: first.node,
            hint: "`entry_criteria` guard entering it")
    }

    private func warnOfUpstream(_ entry: [DeclaredCriterion], of declared: DeclaredStage) {
        for criterion in entry where asksUpstream(criterion.criterion) {
            faults.warning(
                "`\(criterion.criterion.key)` asks about the stage before `\(declared.stage.name)`, which is a first stage: "
                    + "it waits for ever",
                at: criterion.node)
        }
    }

    private func asksUpstream(_ criterion: Criterion) -> Bool {
        switch criterion.kind {
        case .soak, .upstreamHealth: true
        default: false
        }
    }
}
