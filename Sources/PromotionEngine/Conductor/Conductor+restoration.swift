internal import WorkflowModel

/// What a rollback writes: field by field the former bytes, and the present updates where those cannot be put back.
///
/// Workflows change too: the deploy commits tell which fields a promotion wrote, whatever the updates ask for by now.
extension Conductor {
    /// The former bytes where the fields still hold what was written over them, else the edits as for any promotion.
    func rollbackPlan(
        _ goal: RollbackTarget, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ context: Context
    ) throws -> (EditPlan, digest: String) {
        let release = goal.release?.release ?? Release(service: service.name, version: goal.version, workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        let tip = try tip(of: stage, context)
        let plan = try restoration(goal, intent, state, tip, tells: true) ?? desired.plan(intent, at: tip)
        return (plan, digest(workflow, intent, plan))
    }

    /// The plan of a promotion as it stands in the ledger: a rollback is planned by what stood before.
    func plan(
        of promotion: Promotion, _ intent: EditIntent, _ workflow: Workflow, _ state: ServiceState, at tip: String
    ) throws -> (EditPlan, digest: String) {
        guard promotion.trigger.putsBack else { return try plan(intent, workflow, at: tip) }
        let release = state.releases[promotion.version]
        let stay = release?.finishedStays[promotion.stage]
        let ending = stay?.isBaseline == false ? stay?.ended?.commit : state.baselines[promotion.stage]?.endedBy
        let goal = RollbackTarget(version: promotion.version, endedBy: ending, release: release)
        let plan = try restoration(goal, intent, state, tip) ?? desired.plan(intent, at: tip)
        return (plan, digest(workflow, intent, plan))
    }

    /// Nil where nothing is known of the former bytes and the release's own edits must run.
    ///
    /// Throws the conflict for what can neither be put back nor be written by the present updates.
    /// - Parameter tells: warns of what is left out.
    func restoration(
        _ goal: RollbackTarget, _ intent: EditIntent, _ state: ServiceState, _ tip: String, tells: Bool = false
    ) throws -> EditPlan? {
        guard let cell = state.cells[intent.stage.name], !cell.edits.isEmpty, let ending = goal.endedBy,
            let source = try desired.parent(of: ending)
        else { return nil }
        let put = try desired.restore(
            cell.edits, from: source, written: cell.stay.commit, isWhole: ending == cell.stay.commit, at: tip)
        guard goal.release != nil else {
            // Of a baseline nothing but the version is known: where people changed a value, theirs stands.
            if let conflict = put.conflict(), put.obstacles.contains(where: { $0.cause != .gone }) { throw conflict }
            return try completed(put, intent, tip, tells)
        }
        if try !stood(goal, put, cell, intent, state, source) { return nil }
        // Over whole files and folders the updates run in their order.
        if put.obstacles.contains(where: \.field.isObject) { return nil }
        return try completed(put, intent, tip, tells)
    }

    /// Whether the commit is one on which the release stood: where the branch was moved back by force, the parent of the
    /// commit that ended its time need not be.
    private func stood(
        _ goal: RollbackTarget, _ put: Restoration, _ cell: Cell, _ intent: EditIntent, _ state: ServiceState, _ source: String
    ) throws -> Bool {
        let former = Dictionary(cell.edits.map { ($0.place, $0.old) }, uniquingKeysWith: { $1 })
        let found = put.plan.edits + put.obstacles.map(\.field)
        // A delivery that found its values there already tells nothing of what stood before.
        let hasWritten = cell.edits.contains(where: \.changes)
        if hasWritten, goal.endedBy == cell.stay.commit, found.allSatisfy({ former[$0.place] == .some($0.new) }) { return true }
        let version = try versionHeld(by: intent, state, at: source)
        return version == nil || version == goal.version
    }

    /// What can be put back, together with what the present updates write for the release in other fields: those that were
    /// declared since, and those whose former place is gone.
    private func completed(_ put: Restoration, _ intent: EditIntent, _ tip: String, _ tells: Bool) throws -> EditPlan {
        let places = Set(put.plan.edits.map(\.place))
        var updates: [Update] = []
        var written: Set<String> = []
        var faults: [PromotionError] = []
        for update in intent.updates {
            do {
                let edits = try desired.plan(intent.keeping(update), at: tip).edits
                if edits.allSatisfy({ places.contains($0.place) }) { continue }
                updates.append(update)
                written.formUnion(edits.map(\.place))
            } catch let error as PromotionError where error.kind == .usage {
                faults.append(error)
            }
        }
        let isStuck = put.obstacles.contains { $0.cause != .gone && !written.contains($0.field.place) }
        let reasons = faults.map { "the present updates do not help: \($0.message)" }
        if isStuck || !faults.isEmpty, let conflict = put.conflict(reasons) { throw conflict }
        for fault in faults where tells { warn("\(intent.service.name) goes back in \(intent.stage.name) without this: \(fault.message)") }
        if updates.isEmpty { return put.plan }
        if updates.contains(where: \.putsWholeFiles) { return try desired.plan(intent, at: tip) }
        let files = put.plan.files
        let rest = intent.keeping(updates, for: intent.release)
        let present = Dictionary(put.plan.edits.map { ($0.place, $0.old) }, uniquingKeysWith: { $1 })
        let plan = try desired.plan(rest, at: files.isEmpty ? tip : desired.staged(files, on: tip, at: pace.now))
        let added = plan.edits.map { edit in
            FieldEdit(file: edit.file, field: edit.field, old: present[edit.place] ?? edit.old, new: edit.new)
        }
        let again = Set(added.map(\.place))
        return EditPlan(
            base: tip, edits: put.plan.edits.filter { !again.contains($0.place) } + added, files: files.merging(plan.files) { $1 })
    }

    /// What was changed outside, as far as it can be told: where a file or field that the present updates name is missing, a
    /// rollback must not stop at it, and finds out field by field what it may put back.
    func readableExternalFacts(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ state: ServiceState
    ) throws -> [Fact]? {
        do {
            return try externalFacts(workflow, service, stage, context, state)
        } catch let error as PromotionError where error.kind == .usage {
            return []
        }
    }

    /// The version that the declared fields held on a commit of long ago, of which the present updates may say nothing.
    func versionHeld(by intent: EditIntent, _ state: ServiceState, at commit: String) throws -> String? {
        try observations(by: intent, state, at: commit).lazy.compactMap(\.version).first
    }

    /// What the declared fields hold on a commit: all as one, or those updates apart whose places were there then.
    func observations(by intent: EditIntent, _ state: ServiceState, at commit: String) throws -> [ObservedCell] {
        do {
            return [try desired.observe(intent, known: state.knownReleases, at: commit)]
        } catch let error as PromotionError where error.kind == .usage {
            var parts: [ObservedCell] = []
            for update in intent.updates {
                do {
                    parts.append(try desired.observe(intent.keeping(update), known: state.knownReleases, at: commit))
                } catch let error as PromotionError where error.kind == .usage {
                    // The place was not there then.
                    continue
                }
            }
            return parts
        }
    }

    /// What stood before a stage's first promotion, told by what that promotion wrote over it.
    func versionReplaced(in cell: Cell?, by baseline: Baseline) -> String? {
        guard let cell, cell.stay.commit == baseline.endedBy else { return nil }
        for edit in cell.edits {
            guard let old = edit.old, let new = edit.new, !edit.isObject, let version = new.firstRange(of: cell.version) else { continue }
            let (start, end) = (new[..<version.lowerBound], new[version.upperBound...])
            guard old.count > start.count + end.count, old.hasPrefix(start), old.hasSuffix(end) else { continue }
            return String(old.dropFirst(start.count).dropLast(end.count))
        }
        return nil
    }
}

extension Update {
    /// Whether it puts other objects at a path, in which later updates edit fields.
    fileprivate var putsWholeFiles: Bool {
        switch kind {
        case .copy, .template: true
        default: false
        }
    }
}
