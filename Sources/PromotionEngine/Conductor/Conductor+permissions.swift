internal import WorkflowModel

extension Conductor {
    /// Throws `notPermitted`, after recording it, when `groups.yaml` does not let the person do this.
    ///
    /// False when the race to record it was lost: read again. The same denial by the same rules is recorded once.
    func authorize(
        _ action: Permission.Action, _ workflow: Workflow, _ service: Service, _ stage: Stage?, version: String?,
        _ context: Context, _ snapshot: inout LedgerSnapshot, dryRun: Bool = false
    ) throws -> Bool {
        let people = context.rules.people
        guard let objection = people.objection(to: action, by: initiator.id, service: service, stage: stage?.name) else {
            return true
        }
        let place = stage.map { " in \($0.name)" } ?? ""
        let error = PromotionError(
            .notPermitted, "\(initiator.id) may not \(action.rawValue) \(service.name)\(place): \(objection)",
            hint: "permissions are given in \(people.path ?? "workflows/groups.yaml"), under `permissions:`")
        return try deny(
            action, workflow, service, stage, version: version, because: objection, error, &snapshot, dryRun: dryRun)
    }

    /// Records a denial and throws its error; false when the race was lost.
    func deny(
        _ action: Permission.Action, _ workflow: Workflow, _ service: Service, _ stage: Stage?, version: String?,
        because reason: String, _ error: PromotionError, _ snapshot: inout LedgerSnapshot, dryRun: Bool
    ) throws -> Bool {
        let denied = ActionDenied(
            action: action.rawValue, service: service.name, stage: stage?.name, version: version, workflow: workflow.name,
            reason: reason)
        let denial = Denial(denied, person: initiator.id, rules: draft(.denied(denied)).rules)
        let isKnown = snapshot.state.service(service.name).denials.contains(denial)
        if !dryRun, !isKnown, try append([.denied(denied)], to: &snapshot) == nil { return false }
        throw error
    }
}
