import GitKit
public import PromotionEngine
public import WorkflowModel

/// Delivery branches, beside the branch that they are merged into.
extension GitDesiredState: ProposalPort {
    private func target(of stage: Stage) throws -> (authority: any Authority, reference: String) {
        try stage.branch.map { try resolved(BranchPlace($0)) } ?? (authority, location.branch)
    }

    public func targetBranch(of stage: Stage) throws -> String {
        let reference = try target(of: stage).reference
        return reference.hasPrefix("refs/heads/") ? String(reference.dropFirst("refs/heads/".count)) : reference
    }

    public func deliveryBranches() throws -> [String] {
        let heads = "refs/heads/"
        return try authority.references(withPrefix: heads + Conductor.branchPrefix).map { String($0.name.dropFirst(heads.count)) }
    }

    public func proposedHead(of branch: String, for stage: Stage) throws -> ProposedHead? {
        guard let head = try target(of: stage).authority.target(of: "refs/heads/\(branch)") else { return nil }
        let commit = try repository.commit(head)
        return ProposedHead(
            commit: head.hex, parent: commit.parents.first?.hex, promotions: DeployTrailers.promotions(in: commit.message),
            planDigest: DeployTrailers.plan(in: commit.message))
    }

    public func propose(_ delivery: Delivery, on branch: String, over old: String?, tip: String, at: Instant) throws -> String? {
        let base = try id(tip)
        let authority = try target(of: delivery.intent.stage).authority
        let store = authority.repository
        let tree = try repository.commit(base).tree
        let head = try store.createCommit(
            tree: try store.updatingTree(tree, try treeChanges(of: delivery.plan, on: tree, in: store)), parents: [base],
            author: Committer.signature(of: delivery.initiator, at: at), committer: Committer.gradus(at: at),
            message: try message(of: delivery))
        let moved = try authority.replace(
            "refs/heads/\(branch)", from: try old.map(id), to: head, because: "gradus: \(delivery.promotion.id) is proposed")
        FailPoint.pass("propose.after")
        return moved ? head.hex : nil
    }

    public func removeProposal(_ branch: String, at head: String, for stage: Stage) throws {
        // Somebody who moves it now, or has deleted it, wins.
        _ = try target(of: stage).authority.replace("refs/heads/\(branch)", from: try id(head), to: nil, because: "gradus: done")
    }

    public func text(of story: ProposalStory) throws -> (title: String, body: String) {
        let template = try PullRequestText(template: template(PullRequestText.templatePath))
        let stage = story.delivery.intent.stage
        let title = try stage.pullRequest.title.map { text in
            try PlaceholderTemplate(text).expanded { name in
                ["service": story.delivery.promotion.service, "version": story.delivery.promotion.version, "stage": stage.name][name]
            }
        }
        let subject = try message(of: story.delivery).prefix { $0 != "\n" }
        return (DeployMessage.oneLine(title ?? String(subject)), template.body(of: story))
    }

    public func message(of delivery: Delivery) throws -> String {
        try DeployMessage(template: try template(DeployMessage.templatePath) ?? DeployMessage.standard).text(for: delivery)
    }

    /// A template of the target branch; nil where the repository has none.
    private func template(_ path: String) throws -> String? {
        let tree = try repository.commit(try currentTip()).tree
        guard let entry = try repository.entry(at: path, inTree: tree), entry.mode == .blob else { return nil }
        return String(decoding: try repository.blob(entry.id), as: UTF8.self)
    }

    /// The commit of the line of first parents from `tip` that brought `commit`, which a merge may have put beside that line.
    func mainline(bringing commit: ObjectID, from base: ObjectID, to tip: ObjectID) throws -> ObjectID {
        var candidate = tip
        var bringing = tip
        while candidate != base, try repository.isDescendant(candidate, of: commit) {
            bringing = candidate
            if candidate == commit { break }
            guard let parent = try repository.commit(candidate).parents.first, repository.contains(parent) else { break }
            candidate = parent
        }
        return bringing
    }
}
