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

    /// The newest commit on the branch's own line that was there at `moment`.
    ///
    /// The line is that of first parents: what a merge brought was not on the branch before the merge. The walk ends at the
    /// newest commit that a record of then names as delivered, since it and all below it stood there already; on a branch that
    /// nothing was delivered to, or not since the last few hundred deliveries, at its root.
    private func commit(before moment: Instant, from tip: ObjectID, _ branch: String) throws -> ObjectID {
        var newestFirst: [BranchStep] = []
        var current: ObjectID? = tip
        var isCertain = false
        while let id = current, !isCertain {
            let step = BranchStep(try repository.commit(id))
            newestFirst.append(step)
            isCertain = landings.stood(step, at: moment)
            current = step.commit.parents.first
        }
        let line = Array(newestFirst.reversed())
        let times = landings.times(line)
        // The times never go back.
        let later = times.firstIndex { $0 > moment } ?? times.count
        guard later > 0 || isCertain else {
            throw PromotionError(
                .usage, "at \(moment) the branch '\(branch)' had no commit yet", hint: "its first commit is of \(times[0])")
        }
        return line[max(0, later - 1)].commit.id
    }
}
