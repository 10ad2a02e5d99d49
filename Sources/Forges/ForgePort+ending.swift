internal import PromotionEngine

/// What all adapters do alike.
extension ForgePort {
    /// What became of a merge that the forge refused: it may have been done already, or overtaken by a push.
    func ending(of number: String, head: String, refusal words: String) throws -> MergeEnding {
        let now = try pullRequest(number)
        if now.head != head { return .headMoved }
        return now.state == .merged ? .merged(commit: now.mergeCommit) : .refused(words)
    }

    /// Runs a merge. When no answer came, looks whether it was done all the same; else the failure stands.
    func merging(_ number: String, head: String, _ merge: () throws -> MergeEnding) throws -> MergeEnding {
        do {
            return try merge()
        } catch let error as PromotionError where error.kind != .notPermitted {
            let now: PullRequest
            // What the first failure was about says more than that looking failed too.
            do { now = try pullRequest(number) } catch _ { throw error }
            guard now.state == .merged, now.head == head else { throw error }
            return .merged(commit: now.mergeCommit)
        }
    }

    /// Opens by `create`. When no answer came, looks whether it is there all the same; else the failure stands.
    func opening(from branch: String, _ create: () throws -> PullRequest) throws -> PullRequest {
        do {
            return try create()
        } catch let error as PromotionError where error.kind != .notPermitted {
            let found: PullRequest?
            do { found = try pullRequest(from: branch) } catch _ { throw error }
            guard let found, found.state == .open else { throw error }
            return found
        }
    }
}
