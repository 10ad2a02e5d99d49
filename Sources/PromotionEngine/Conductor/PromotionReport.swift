public import WorkflowModel

/// What came of a promotion, as every command shows it (`design.md` section 7, `promote -o json`).
public struct PromotionReport: Sendable {
    public enum Result: String, Sendable {
        case promoted, unchanged, pending, refused, failed, aborted, superseded, planned
        /// A gate could not be evaluated; shown as pending, with exit code 1.
        case errored
    }

    public var id: String?
    public var workflow: String
    public var service: String
    public var version: String
    /// The upstream stages; empty for a first stage.
    public var from: [String]
    public var stage: Stage
    public var phase: Phase
    public var result: Result
    public var commit: String?
    public var planDigest: String
    public var requester: String
    public var gates: [Gate]
    public var edits: [FieldEdit]
    public var downgradeFrom: String?
    /// It puts back what stood before.
    public var isRollback = false
    /// The branch or pull request that waits to be merged, or was.
    public var proposal: Proposal?
    /// How far the release has come in a stage with steps.
    public var rollout: RolloutStep?
    /// Why it went no further, where that was no gate: a conflict, a time-out. Decides the exit code.
    public var problem: PromotionError?
    /// How the verification of what is there stands; nil unless it is being verified.
    public var verification: VerificationStatus?

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Promotion", "id": .optional(id), "workflow": .string(workflow),
            "service": .string(service), "version": .string(version),
            "from": from.isEmpty ? .null : .string(from.joined(separator: ",")), "to": .string(stage.name),
            "phase": .string(phase.rawValue), "result": .string((result == .errored ? .pending : result).rawValue),
            "commit": .optional(commit), "branch": .optional(proposal?.branch), "pull_request": .optional(proposal.flatMap { $0.proposed.url ?? $0.number }), "plan_digest": .string(planDigest),
            "requester": .string(requester), "gates": .array(gates.map(\.json)), "edits": .array(edits.map(\.json)),
            "downgrade_from": .optional(downgradeFrom), "rollout": rollout?.json ?? .null,
            "verification": verification?.json ?? .null,
        ]
    }
}
