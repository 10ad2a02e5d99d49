internal import WorkflowModel

/// What one pass of `reconcile` left behind.
struct PassEnd {
    /// Whether anything was recorded or delivered.
    let moved: Bool
    /// The services that were looked at; nil: all.
    let services: Set<String>?
    /// What is known at its end for the next look; nil where notes are not kept.
    var note: QuietNote?
}

extension Conductor {
    /// The services to look at although the note says that all was at rest; nil: all of them, because the note does not fit.
    ///
    /// Reads the ledger's end and the branches, and of the files only which of them changed.
    func restless(since note: QuietNote) throws -> (services: Set<String>, now: QuietNote)? {
        var now = note
        now.tips[desired.branch] = try desired.refresh()
        guard try desired.rulesID() == note.rules else { return nil }
        _ = try decidableState(LedgerScope(services: []))
        guard let mark = ledger.mark, let touched = ledger.services(since: note.mark) else { return nil }
        now.mark = mark
        var services = note.restless.union(touched)
        for (branch, old) in note.tips {
            let tip = branch == desired.branch ? now.tips[branch] ?? old : try desired.tip(of: branch)
            now.tips[branch] = tip
            if tip == old { continue }
            guard let files = try desired.changedFiles(from: old, to: tip) else { return nil }
            services.formUnion(note.services(at: files))
        }
        return (services, now)
    }

    /// The note after a pass that moved nothing over some services, or over all (`before` nil).
    func note(
        _ cells: [SelectedCell], _ context: Context, _ snapshot: LedgerSnapshot, broken: Set<String>, before: QuietNote?, of services: Set<String>?
    ) throws -> QuietNote? {
        guard let rules = try desired.rulesID(), let mark = ledger.mark else { return nil }
        var note = before ?? QuietNote(rules: rules, mark: mark, tips: [desired.branch: context.tip], restless: [], places: "")
        note.restless = []
        var places = ""
        for cell in cells {
            let state = snapshot.state.service(cell.service.name)
            if broken.contains(cell.key) || isRestless(cell, state) { note.restless.insert(cell.service.name) }
            if before == nil, let branch = cell.stage.branch, note.tips[branch] == nil { note.tips[branch] = try tip(of: cell.stage, context) }
            // Where nothing was delivered the files are a baseline, whatever they hold.
            guard !broken.contains(cell.key), let held = state.cells[cell.stage.name], !held.adopted else { continue }
            let release = state.releases[held.version]?.release
                ?? Release(service: cell.service.name, version: held.version, workflow: cell.workflow.name)
            let intent = EditIntent(workflow: cell.workflow, service: cell.service, stage: cell.stage, release: release)
            for path in try desired.places(of: intent) {
                let isPlain = path.utf8.allSatisfy { $0 >= 0x20 }
                if isPlain { places += path + "\t" + cell.service.name + "\n" } else { note.restless.insert(cell.service.name) }
            }
        }
        if let services { note.setPlaces(of: services, places) } else { note.places = places }
        return note
    }

    /// Whether time, a probe or another repository may move something in this cell.
    private func isRestless(_ cell: SelectedCell, _ state: ServiceState) -> Bool {
        if !state.open.isEmpty || !state.owedHooks.isEmpty || !state.pauses.isEmpty { return true }
        let present = state.cells[cell.stage.name]?.version
        if cell.stage.health?.canBeLookedAt == true, present != nil { return true }
        if let branch = cell.stage.branch, BranchPlace(branch).repository != nil { return true }
        guard cell.stage.autoPromote else { return false }
        let choice = VersionChoice(workflow: cell.workflow, stage: cell.stage, state: state)
        return choice.automatic.contains { $0 != present || choice.automationMayEnter($0, present: present) }
    }
}
