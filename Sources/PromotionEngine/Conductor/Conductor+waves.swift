internal import WorkflowModel

/// The targets of a stage that no wave has reached yet: what they hold is on record with each delivery, so that nobody's
/// change of them is written over unseen.
extension Conductor {
    /// What the targets beyond a step hold on a commit. Empty for a stage without waves.
    func unreached(
        beyond step: Int, _ version: String, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState,
        at commit: String
    ) throws -> [FieldEdit] {
        guard stage.hasWaves else { return [] }
        let release = state.releases[version]?.release ?? Release(service: service.name, version: version, workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        let reached = Set(stage.rollout?.targets(upTo: step).map(\.name) ?? [])
        return try intent.updates.filter { update in update.target.map { !reached.contains($0.name) } ?? false }.flatMap { update in
            do {
                return try desired.observe(intent.keeping(update), known: [], at: commit).fields
            } catch let error as PromotionError where error.kind == .usage {
                // Its wave will tell what is wrong with it.
                return []
            }
        }
    }

    /// Throws a conflict that names both sides when a target that the first wave does not reach no longer holds what the
    /// ledger says.
    func refuseConflict(
        beyondFirstStepOf promotion: Promotion, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState,
        at tip: String
    ) throws {
        guard let cell = state.cells[stage.name], !cell.adopted else { return }
        let known = Dictionary(cell.edits.map { ($0.place, $0.new) }, uniquingKeysWith: { $1 })
        for field in try unreached(beyond: 1, promotion.version, workflow, service, stage, state, at: tip) {
            guard let recorded = known[field.place], recorded != field.old else { continue }
            throw PromotionError(
                .conflict, "\(field.file): \(field.field) was changed by someone else",
                causes: ["the ledger says \(recorded ?? "nothing")", "the tip of its branch now holds \(field.old ?? "nothing")"],
                hint: "look at it with `gradus drift --service \(service.name) --stage \(stage.name)` and promote again")
        }
    }

    /// How a rollout ends in which somebody changed what a later wave would write; nil for any other change.
    func rolloutEnding(
        _ outside: [OutsideCommit], _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, at tip: String
    ) throws -> PromotionClosed? {
        guard stage.hasWaves, let verifying = state.verifying(stage.name), let cell = state.cells[stage.name],
            cell.stay.promotion == verifying.id, let step = cell.rollout?.step, !step.isLast
        else { return nil }
        let waiting = try Set(unreached(beyond: step.number, cell.version, workflow, service, stage, state, at: tip).map(\.place))
        guard let change = outside.flatMap(\.edits).first(where: { $0.changes && waiting.contains($0.place) }) else { return nil }
        return PromotionClosed(
            subject: verifying.subject,
            reason: "\(change.file): \(change.field) was changed by someone else from \(change.old ?? "nothing") to \(change.new ?? "nothing") after step \(step)")
    }
}

extension Stage {
    /// Its targets are reached one after the other.
    var hasWaves: Bool {
        if case .waves? = rollout?.steps { true } else { false }
    }
}
