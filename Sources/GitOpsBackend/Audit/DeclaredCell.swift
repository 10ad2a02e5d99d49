import GitKit
public import PromotionEngine
public import WorkflowModel

/// The fields that the rules declare for one service in one stage, as they stand at the tip of their branch.
public struct DeclaredCell: Sendable, Hashable {
    public let service: String
    public let stage: String
    /// As the rules name it; nil: the target branch.
    public let branch: String?
    public let fields: [FieldEdit]

    public init(service: String, stage: String, branch: String?, fields: [FieldEdit]) {
        self.service = service
        self.stage = stage
        self.branch = branch
        self.fields = fields
    }
}

extension GitDesiredState {
    /// The declared fields of every cell. A cell whose branch or files cannot be read has none to look for.
    public func declaredCells(_ rules: Rules) throws -> [DeclaredCell] {
        var cells: [DeclaredCell] = []
        for workflow in rules.workflows {
            for service in workflow.services {
                for stage in workflow.stages {
                    let fields = try declaredFields(workflow, service, stage)
                    if !fields.isEmpty {
                        cells.append(DeclaredCell(service: service.name, stage: stage.name, branch: stage.branch, fields: fields))
                    }
                }
            }
        }
        return cells
    }

    private func declaredFields(_ workflow: Workflow, _ service: Service, _ stage: Stage) throws -> [FieldEdit] {
        // Of no release anything is asked but where its values stand.
        let placeholder = Release(service: service.name, version: "0", workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: placeholder)
        guard !intent.updates.isEmpty else { return [] }
        do {
            guard let tip = try stage.branch.map({ try tipID(ofBranch: $0) }) ?? currentTip() else { return [] }
            return try observe(intent, known: [], at: tip.hex).fields
        } catch is PromotionError {
            return []
        }
    }
}
