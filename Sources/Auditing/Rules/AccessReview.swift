public import WorkflowModel

/// Who may do what by given rules, resolved to people.
public enum AccessReview {
    /// Rows by workflow, stage and action; services of a workflow that differ, by owner for instance, have rows of their own.
    public static func rows(_ rules: Rules) -> [AccessRow] {
        rules.workflows.flatMap { workflow in
            workflow.stages.flatMap { stage in
                rows(rules.people, workflow, stage)
            }
        }
    }

    private static func rows(_ people: People, _ workflow: Workflow, _ stage: Stage) -> [AccessRow] {
        let services = workflow.services.isEmpty ? [Service(name: "*")] : workflow.services
        return Permission.Action.allCases.flatMap { action -> [AccessRow] in
            let each = services.map { service -> (service: String, granted: [String], people: [String]) in
                let granted = granted(action, people, service, stage)
                return (service.name, granted, resolved(granted, people, owner: service.owner))
            }
            guard let first = each.first else { return [] }
            if each.allSatisfy({ $0.people == first.people && $0.granted == first.granted }) {
                return [AccessRow(workflow: workflow.name, stage: stage.name, service: nil, action: action.rawValue, granted: first.granted, people: first.people)]
            }
            return each.map {
                AccessRow(workflow: workflow.name, stage: stage.name, service: $0.service, action: action.rawValue, granted: $0.granted, people: $0.people)
            }
        }
    }

    /// As the rules name them; `*` is everyone. Whose approvals count is said by the stage, who may give one by permissions.
    private static func granted(_ action: Permission.Action, _ people: People, _ service: Service, _ stage: Stage) -> [String] {
        if action == .approve {
            let named = stage.approvals.flatMap { $0.from + $0.required }
            let anyone = stage.approvals.contains { $0.from.isEmpty && $0.required.isEmpty }
            return stage.approvals.isEmpty ? [] : anyone ? ["*"] : unique(named)
        }
        guard let permissions = people.permissions else {
            return action == .breakGlass || action == .yank || action == .pseudonymise ? [] : ["*"]
        }
        return unique(permissions.filter { permission in
            permission.actions.contains(action) && permission.services.contains { NamePattern($0).fits(service.name) }
                && permission.stages.contains { NamePattern($0).fits(stage.name) }
        }.flatMap(\.groups))
    }

    private static func resolved(_ granted: [String], _ people: People, owner: String?) -> [String] {
        if granted.contains("*") { return ["*"] }
        return Set(granted.flatMap { people.members(of: $0, owner: owner) }).sorted()
    }

    private static func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
