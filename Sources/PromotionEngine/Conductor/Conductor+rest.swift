internal import WorkflowModel

/// What one pass of `reconcile` left behind.
struct PassEnd {
    /// Whether anything was recorded or delivered.
    let moved: Bool
    /// The services that were looked at; nil: all.
    let services: Set<String>?
    /// What is at rest then; nil where that cannot be told, or is not kept.
    var note: RestNote?
}

/// The services to look at although a note says that everything was at rest.
struct Restless {
    let services: Set<String>
    /// The note with what was read to tell this: all that is not among the services is at rest there too.
    let note: RestNote
}

extension Conductor {
    /// What may have moved since a note was made; nil: the note does not fit any more, so that everything is to be looked at.
    ///
    /// Reads the ledger's end and the branches, and of the files only which of them changed.
    func restless(since note: RestNote) throws -> Restless? {
        var now = note
        now.tips[desired.branch] = try desired.refresh()
        guard try desired.rulesID() == note.rules else { return nil }
        // Also finds a ledger that was moved back, or that a newer engine has written to.
        _ = try decidableState(LedgerScope(services: []))
        guard let mark = ledger.mark, let touched = ledger.services(since: note.mark) else { return nil }
        now.mark = mark
        var services = note.restless.union(touched)
        for (branch, old) in note.tips {
            guard let tip = branch == desired.branch ? now.tips[branch] : knownTip(of: branch) else { return nil }
            now.tips[branch] = tip
            if tip == old { continue }
            guard let changed = try desired.changedFiles(from: old, to: tip) else { return nil }
            if changed.cameOrWent, note.discovers { return nil }
            services.formUnion(note.services(at: changed.paths))
        }
        guard let proposed = proposedServices() else { return nil }
        return Restless(services: services.union(proposed), note: now)
    }

    /// Nil when it cannot be told; whoever needs it then looks, and says why.
    private func knownTip(of branch: String) -> String? {
        do {
            return try desired.tip(of: branch)
        } catch {
            return nil
        }
    }

    /// The services that a delivery branch may be of: one that is left over is removed. Nil when that cannot be told.
    private func proposedServices() -> Set<String>? {
        let branches: [String]
        do {
            branches = try proposals.deliveryBranches()
        } catch {
            // Whoever looks at everything is told of it.
            return nil
        }
        return branches.reduce(into: []) { services, branch in
            let cell = branch.dropFirst(Self.branchPrefix.count)
            for index in cell.indices where cell[index] == "/" { services.insert(String(cell[..<index])) }
        }
    }

    /// The beginning of a note: what the pass that has just read rules and ledger reads from. Nil where that cannot be told.
    func begunNote(_ cells: [SelectedCell], _ context: Context) throws -> RestNote? {
        guard restNotes != nil, let rules = try desired.rulesID(), let mark = ledger.mark else { return nil }
        let discovers = context.rules.workflows.contains(where: \.discovers)
        var note = RestNote(rules: rules, warnings: desired.ruleWarnings, discovers: discovers, mark: mark, tips: [desired.branch: context.tip])
        for branch in Set(cells.compactMap(\.stage.branch)) {
            if BranchPlace(branch).repository == nil {
                guard let tip = knownTip(of: branch) else { return nil }
                note.tips[branch] = tip
            } else if discovers {
                // Those cells are looked at each time, but services may come and go by what that repository holds.
                return nil
            }
        }
        return note
    }

    /// The note after a pass that moved nothing over all services, or over some. Nil where the pass did not read all from one place.
    func note(
        _ begun: RestNote?, _ cells: [SelectedCell], _ snapshot: LedgerSnapshot, broken: Set<String>, after restless: Restless?
    ) throws -> RestNote? {
        guard var note = begun else { return nil }
        // Looking at one cell may have looked up branches anew, which others then were read from.
        for (branch, tip) in note.tips where branch != desired.branch && knownTip(of: branch) != tip { return nil }
        if let restless {
            // What is judged now stands beside what was judged before: both must be about the same commits.
            guard note.rules == restless.note.rules, note.tips.allSatisfy({ restless.note.tips[$0] == $1 }) else { return nil }
            note = restless.note
        }
        note.restless = try unfinished(beside: cells, snapshot, restless?.services)
        for cell in cells where broken.contains(cell.key) || isRestless(cell, snapshot.state.service(cell.service.name)) {
            note.restless.insert(cell.service.name)
        }
        var places = ""
        for cell in cells where !note.restless.contains(cell.service.name) {
            guard let lines = placeLines(of: cell, snapshot.state.service(cell.service.name)) else {
                note.restless.insert(cell.service.name)
                continue
            }
            places += lines
        }
        if let restless { note.setPlaces(of: restless.services, places) } else { note.places = places }
        return note
    }

    /// Services that the rules declare no more, or that are only asked about, of which something is still to be carried on.
    private func unfinished(beside cells: [SelectedCell], _ snapshot: LedgerSnapshot, _ services: Set<String>?) throws -> Set<String> {
        var states = [snapshot.state]
        // Calls of hooks and paused syncs are carried on whatever the rules declare.
        if hasHooks || pausesSyncs || seesPauses { states.append(try ledger.load(LedgerScope(services: services)).state) }
        let declared = Set(cells.map(\.service.name))
        return states.reduce(into: []) { names, state in
            for (name, service) in state.services where service.isUnfinished && !declared.contains(name) { names.insert(name) }
        }
    }

    /// The files that the cell is read from; nil when they cannot be told.
    private func placeLines(of cell: SelectedCell, _ state: ServiceState) -> String? {
        // Where nothing was delivered the files are a baseline, whatever they hold.
        guard let held = state.cells[cell.stage.name], !held.adopted, !held.edits.isEmpty else { return "" }
        let release = state.releases[held.version]?.release
            ?? Release(service: cell.service.name, version: held.version, workflow: cell.workflow.name)
        let intent = EditIntent(workflow: cell.workflow, service: cell.service, stage: cell.stage, release: release)
        do {
            var lines = ""
            for path in try desired.places(of: intent) {
                guard let line = RestNote.place(path, of: cell.service.name) else { return nil }
                lines += line
            }
            return lines
        } catch {
            return nil
        }
    }

    /// Whether time, whoever is asked about health, or another repository may move something in this cell.
    private func isRestless(_ cell: SelectedCell, _ state: ServiceState) -> Bool {
        if state.isUnfinished { return true }
        let present = state.cells[cell.stage.name]?.version
        if cell.stage.health?.canBeLookedAt == true, present != nil { return true }
        if let branch = cell.stage.branch, BranchPlace(branch).repository != nil { return true }
        guard cell.stage.autoPromote else { return false }
        let choice = VersionChoice(workflow: cell.workflow, stage: cell.stage, state: state)
        // Where nothing is on record, it depends on what the files hold.
        guard let present else { return !choice.automatic.isEmpty }
        return choice.automatic.contains { version in
            // What is registered and was not loaded may be by a later look.
            let isUnknown = state.releases[version] == nil && state.recentVersions.contains(version)
            return isUnknown || choice.automationMayEnter(version, present: present)
        }
    }
}

extension ServiceState {
    /// Something was begun that a later run carries on.
    fileprivate var isUnfinished: Bool { !open.isEmpty || !owedHooks.isEmpty || !pauses.isEmpty }
}
