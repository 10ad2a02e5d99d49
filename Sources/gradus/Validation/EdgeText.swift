import PromotionEngine
import WorkflowModel

/// One edge of a workflow in words: automatic or manual, approvals, criteria.
struct EdgeText {
    let workflow: String
    let from: [String]
    let stage: Stage
    let criteria: [String]

    static func edges(of workflow: Workflow) -> [EdgeText] {
        workflow.stages.map { stage in
            let upstream = workflow.upstream(of: stage)
            let exits = upstream.flatMap { before in before.exitCriteria.map { "\(before.name).exit.\($0.key) \($0.threshold)" } }
            let entries = stage.entryCriteria.map { "\(stage.name).entry.\($0.key) \($0.threshold)" }
            return EdgeText(workflow: workflow.name, from: upstream.map(\.name), stage: stage, criteria: exits + entries)
        }
    }

    var text: String {
        let start = from.isEmpty ? "(release)" : from.joined(separator: " + ")
        let mode = stage.autoPromote ? "automatic" : "manual"
        let approvals = stage.approvals.isEmpty ? "no approval" : "approval by " + stage.approvals.map(\.summary).joined(separator: " AND ")
        let gates = criteria.isEmpty ? "no criteria" : criteria.joined(separator: ", ")
        return "\(start) -> \(stage.name): \(mode); \(approvals); \(gates)"
    }

    var json: JSONValue {
        [
            "workflow": .string(workflow), "from": .array(from.map(JSONValue.string)), "to": .string(stage.name),
            "automatic": .bool(stage.autoPromote), "approvals": .array(stage.approvals.map { .string($0.summary) }),
            "criteria": .array(criteria.map(JSONValue.string)),
        ]
    }
}
