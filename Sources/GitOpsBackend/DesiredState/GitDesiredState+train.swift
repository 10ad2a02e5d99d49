import GitKit
public import PromotionEngine

extension GitDesiredState {
    public func staged(_ files: [String: FileContent], on commit: String, at: Instant) throws -> String {
        let base = try id(commit)
        let tree = try repository.commit(base).tree
        let changes = try treeChanges(of: EditPlan(base: commit, edits: [], files: files), on: tree)
        return try repository.createCommit(
            tree: try repository.updatingTree(tree, changes), parents: [base], author: Committer.gradus(at: at),
            committer: Committer.gradus(at: at), message: "Between two edits of one file\n"
        ).hex
    }
}

extension [Delivery] {
    /// One group for each commit: a delivery by itself, or those of one train that follow on each other.
    var byCommit: [[Delivery]] {
        reduce(into: []) { groups, delivery in
            if let train = delivery.train?.id, groups.last?.last?.train?.id == train {
                groups[groups.count - 1].append(delivery)
            } else {
                groups.append([delivery])
            }
        }
    }

    /// All their files, each one's laid over those before.
    var files: [String: FileContent] { reduce(into: [:]) { $0.merge($1.plan.files) { _, later in later } } }
}
