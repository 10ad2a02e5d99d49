import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// The resolved view: per service and stage the files and values that a promotion edits.
struct ResolvedText {
    let validation: Validation

    var text: String {
        validation.rules.workflows.flatMap { workflow in
            ["\(workflow.path): workflow '\(workflow.name)'"]
                + EdgeText.edges(of: workflow).map { "  \($0.text)" }
                + workflow.services.flatMap { lines($0, workflow) }
        }.joined(separator: "\n")
    }

    private func lines(_ service: Service, _ workflow: Workflow) -> [String] {
        let owner = service.owner.map { ", owned by \($0)" } ?? ""
        var lines = ["  \(service.name)\(owner)"]
        for stage in workflow.stages {
            let cell = fields(service, stage)
            if cell.isEmpty { lines.append("    \(stage.name): \(stage.recordOnly ? "only recorded" : "no update")") }
            for field in cell {
                let branch = field.branch.map { "\($0):" } ?? ""
                lines.append("    \(stage.name): \(branch)\(field.file): \(field.field) (now \(field.value ?? "absent"))")
            }
        }
        return lines
    }

    private func fields(_ service: Service, _ stage: Stage) -> [ResolvedField] {
        byCell["\(service.name)@\(stage.name)"] ?? []
    }

    private let byCell: [String: [ResolvedField]]

    init(_ validation: Validation) {
        self.validation = validation
        byCell = Dictionary(grouping: validation.fields) { "\($0.service)@\($0.stage)" }
    }

    var json: JSONValue {
        .array(
            validation.rules.workflows.flatMap { workflow in
                workflow.services.flatMap { service in
                    workflow.stages.map { stage in
                        [
                            "workflow": .string(workflow.name), "service": .string(service.name),
                            "owner": .optional(service.owner), "stage": .string(stage.name),
                            "branch": .optional(stage.branch), "record_only": .bool(stage.recordOnly),
                            "edits": .array(
                                fields(service, stage).map { field in
                                    ["file": .string(field.file), "field": .string(field.field), "value": .optional(field.value)]
                                }),
                        ] as JSONValue
                    }
                }
            })
    }
}
