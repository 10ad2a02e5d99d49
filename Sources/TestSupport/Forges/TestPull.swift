package import PromotionEngine

/// A pull request as a test's forge keeps it.
package struct TestPull: Sendable {
    package struct Review: Sendable {
        package enum Verdict: Sendable { case approved, changesRequested, commented, dismissed }

        package let id: Int
        package let reviewer: String
        package var verdict: Verdict
        /// The head at that time.
        package let commit: String
    }

    package let number: Int
    package var title: String
    package var body: String
    package let headBranch: String
    package var baseBranch: String
    package var state: PullRequest.State = .open
    /// The newest commit of its branch; that of its end when it has ended.
    package var head: String
    /// The commit on the base branch; that of a fast-forward is the head.
    package var mergeCommit: String?
    package var method: MergeMethod?
    package var endedBy: String?
    /// Counts the changes of the forge: a later end has a higher number.
    package var endedAt: Int?
    package var labels: [String] = []
    package var assignees: [String] = []
    /// Who was asked to review and has not.
    package var requested: [String] = []
    package var requestedTeams: [String] = []
    package var reviews: [Review] = []
    package var comments: [String] = []
}

/// A status or check run that a test's forge keeps.
package struct TestStatus: Sendable {
    package let id: Int
    package let commit: String
    package let context: String
    package var state: ForgeCheck.State
    package var text: String
    package var url: String?
    /// GitHub's other form.
    package var isRun = false
}

/// A deployment that a test's forge keeps, with its states, newest last.
package struct TestDeployment: Sendable {
    package let id: Int
    package let commit: String
    package let environment: String
    package var states: [String]
}
