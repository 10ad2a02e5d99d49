import GitKit
import PromotionEngine
import WorkflowModel

extension GitDesiredState {
    /// The tip of a branch now, or at the moment that is looked back to; nil when there is no such branch.
    func target(ofBranch name: String) throws -> ObjectID? {
        let (authority, reference) = try resolved(BranchPlace(name))
        guard let tip = try authority.target(of: reference) else { return nil }
        guard let moment else { return tip }
        return try commit(before: moment, from: tip, name)
    }

    /// The newest commit on the branch's own line that was committed at `moment` or before.
    ///
    /// The line is that of first parents: what a merge brought was not on the branch before the merge.
    private func commit(before moment: Instant, from tip: ObjectID, _ branch: String) throws -> ObjectID {
        var current = try repository.commit(tip)
        while current.committer.seconds > Int64(moment.seconds) {
            guard let parent = current.parents.first else {
                throw PromotionError(
                    .usage, "at \(moment) the branch '\(branch)' had no commit yet",
                    hint: "its first commit is of \(Instant(seconds: Int(current.committer.seconds)))")
            }
            current = try repository.commit(parent)
        }
        return current.id
    }
}
