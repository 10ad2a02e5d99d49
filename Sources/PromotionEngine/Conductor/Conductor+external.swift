internal import WorkflowModel

extension Conductor {
    /// The records of changes that were made outside Gradus since the cell's last record; empty when the files hold what
    /// the ledger says. Before them the end of the rollout whose next step one of them is in the way of.
    ///
    /// Idempotent: a recorded change is what the ledger says from then on. Nil when the ledger already knows a later commit
    /// than the tip that was read, so that everything must be read again.
    func externalFacts(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ state: ServiceState
    ) throws -> [Fact]? {
        // Before the cell's first promotion the files are its baseline, not a change.
        guard let cell = state.cells[stage.name], !cell.adopted, !cell.edits.isEmpty else { return [] }
        // The commit of an admitted promotion is found by its trailer when it is delivered, not here.
        if state.undelivered(stage.name)?.phase == .admitted { return [] }
        let release = state.releases[cell.version]?.release
            ?? Release(service: service.name, version: cell.version, workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        let tip = try tip(of: stage, context)
        let observed = try desired.observe(intent, known: state.knownReleases, at: tip)
        if cell.stands(in: observed) { return [] }
        guard try desired.refresh() == context.tip, try self.tip(of: stage, context) == tip else { return nil }
        // An own commit after the last that is on record is a step that nobody has recorded yet. When the branch was moved back
        // by force it is an earlier step that stands again.
        let commits = try desired.changes(of: cell.edits, since: cell.stay.commit, to: tip).filter { outside in
            try !outside.promotions.contains { isOwn($0, state, stage) }
                || !desired.revision(tip, carries: [], of: cell.stay.commit)
        }
        let changes = try commits.map { outside in
            Fact.externalChange(
                ExternalChange(
                    service: service.name, stage: stage.name, workflow: workflow.name,
                    version: try versionHeld(by: intent, state, at: outside.commit), commit: outside.commit, author: outside.author,
                    edits: outside.edits))
        }
        let ending = try rolloutEnding(commits, workflow, service, stage, state, at: tip)
        return (ending.map { [.failed($0)] } ?? []) + changes
    }

    private func isOwn(_ promotion: String, _ state: ServiceState, _ stage: Stage) -> Bool {
        state.open.contains { $0.id == promotion && $0.stage == stage.name }
    }

    /// Records what was changed outside in one cell. False when the state must be read again.
    ///
    /// - Parameter refuses: throws the conflict, which is on record then, when that has ended a rollout.
    func recordExternalChanges(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: inout LedgerSnapshot,
        refuses: Bool = false
    ) throws -> Bool {
        guard let facts = try externalFacts(workflow, service, stage, context, snapshot.state.service(service.name))
        else { return false }
        for case .externalChange(let change) in facts { warnOutside(change) }
        guard try append(facts, to: &snapshot) != nil else { return false }
        if refuses, case .failed(let closed)? = facts.first {
            throw PromotionError(
                .conflict, "\(service.name) \(closed.subject.version) goes no further in \(stage.name): \(closed.reason)",
                hint: "look at it with `gradus drift --service \(service.name) --stage \(stage.name)`; promote again to go on over it")
        }
        return true
    }

    func warnOutside(_ change: ExternalChange) {
        warn("\(change.service) in \(change.stage) was changed outside Gradus by \(change.author) in \(change.commit.prefix(10))")
    }
}

extension ServiceState {
    /// The loaded releases, for recognising versions by their images.
    var knownReleases: [Release] { releases.values.map(\.release).sorted { $0.version < $1.version } }
}

extension Cell {
    /// True when the files hold exactly what the ledger says, or the version that was found before any promotion.
    func stands(in observed: ObservedCell) -> Bool {
        if adopted { return observed.version == version }
        let now = Dictionary(observed.fields.map { ($0.file + "#" + $0.field, $0.old) }, uniquingKeysWith: { $1 })
        // A field that is declared no more says nothing about the version.
        return edits.allSatisfy { edit in now[edit.file + "#" + edit.field].map { $0 == edit.new } ?? true }
    }
}
