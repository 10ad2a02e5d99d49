import PromotionEngine
import WorkflowModel

extension MemoryDesiredState: ProposalPort {
    /// A branch of one commit on the target branch.
    struct Branch {
        let id: String
        let base: String
        let edits: [FieldEdit]
        let promotion: String
        let planDigest: String
    }

    func deliveryBranches() throws -> [String] { branches.keys.sorted() }

    func proposedHead(of branch: String, for stage: Stage) throws -> ProposedHead? {
        branches[branch].map { ProposedHead(commit: $0.id, parent: $0.base, promotions: [$0.promotion], planDigest: $0.planDigest) }
    }

    func propose(_ delivery: Delivery, on branch: String, over old: String?, tip: String, at: Instant) throws -> String? {
        try world.effect(lost: nil) {
            guard branches[branch]?.id == old else { return nil }
            proposedCount += 1
            branches[branch] = Branch(
                id: "p\(proposedCount)", base: tip, edits: delivery.plan.edits, promotion: delivery.promotion.id,
                planDigest: delivery.planDigest)
            return "p\(proposedCount)"
        }
    }

    func targetBranch(of stage: Stage) throws -> String { branch }

    func removeProposal(_ branch: String, at head: String, for stage: Stage) throws {
        try world.effect(lost: ()) {
            if branches[branch]?.id == head { branches[branch] = nil }
        }
    }

    func text(of story: ProposalStory) throws -> (title: String, body: String) {
        let gates = story.gates.map { "\($0.id) \($0.verdict.rawValue)" }
        return ("Promote \(story.delivery.promotion.version)", (gates + story.approvers).joined(separator: "\n"))
    }

    func message(of delivery: Delivery) throws -> String { "Promote\n\nGradus-Promotion: \(delivery.promotion.id)\n" }

    /// What a merge of the branch does to the target branch.
    func merge(_ branch: String, keepsTrailer: Bool = true) {
        guard let merged = branches[branch] else { return }
        for edit in merged.edits { commit(edit.file, edit.new ?? "", keepsTrailer ? [merged.promotion] : []) }
    }
}
