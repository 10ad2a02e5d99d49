/// A pull request (GitLab: merge request), as its forge tells it.
public struct PullRequest: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case open, merged, closed
    }

    /// The number that people know it by; the forge's own short form, such as `17`.
    public let number: String
    /// Where people read it.
    public let url: String
    public let state: State
    /// The newest commit of its branch, in hexadecimal.
    public let head: String
    /// The branch that it comes from, without `refs/heads/`.
    public let headBranch: String
    /// The branch that it is to be merged into.
    public let baseBranch: String
    /// The commit on the base branch that it was merged with, whatever way; nil while open, and where the forge does not say.
    public let mergeCommit: String?
    /// The forge's name of who merged or closed it; nil where the forge does not say.
    public let endedBy: String?

    public init(
        number: String, url: String, state: State, head: String, headBranch: String, baseBranch: String,
        mergeCommit: String? = nil, endedBy: String? = nil
    ) {
        self.number = number
        self.url = url
        self.state = state
        self.head = head
        self.headBranch = headBranch
        self.baseBranch = baseBranch
        self.mergeCommit = mergeCommit
        self.endedBy = endedBy
    }
}

/// What a pull request is opened with.
public struct PullRequestDraft: Sendable, Hashable {
    public var title: String
    /// Markdown.
    public var body: String
    public var headBranch: String
    public var baseBranch: String
    public var labels: [String]
    /// The forge's names.
    public var assignees: [String]
    public var reviewers: [String]

    public init(
        title: String, body: String, headBranch: String, baseBranch: String, labels: [String] = [], assignees: [String] = [],
        reviewers: [String] = []
    ) {
        self.title = title
        self.body = body
        self.headBranch = headBranch
        self.baseBranch = baseBranch
        self.labels = labels
        self.assignees = assignees
        self.reviewers = reviewers
    }
}

/// The standing opinion of one reviewer: the last one that approves, asks for changes or was dismissed.
public struct ForgeReview: Sendable, Hashable {
    public enum Verdict: String, Sendable, Hashable {
        case approved
        case changesRequested = "changes_requested"
        case dismissed
    }

    /// The forge's name of the reviewer.
    public let reviewer: String
    public let verdict: Verdict
    /// The commit that was looked at, in hexadecimal; nil where the forge does not say.
    public let commit: String?

    public init(reviewer: String, verdict: Verdict, commit: String?) {
        self.reviewer = reviewer
        self.verdict = verdict
        self.commit = commit
    }
}

/// One status or check run of a commit, or a required one that nobody posted yet.
public struct ForgeCheck: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case pending, success, failure
    }

    public let name: String
    public let state: State
    /// Where people read it.
    public let url: String?

    public init(name: String, state: State, url: String? = nil) {
        self.name = name
        self.state = state
        self.url = url
    }
}

/// A commit status that Gradus posts.
public struct ForgeStatus: Sendable, Hashable {
    /// `gradus/<stage>`.
    public let context: String
    public let state: ForgeCheck.State
    /// One line for people, of at most 140 characters.
    public let text: String
    /// Where people read more.
    public let url: String?

    public init(context: String, state: ForgeCheck.State, text: String, url: String? = nil) {
        self.context = context
        self.state = state
        self.text = text
        self.url = url
    }
}

public enum MergeMethod: String, Sendable, Hashable, CaseIterable {
    case merge, squash, rebase
}

/// How an attempt to merge ended.
public enum MergeEnding: Sendable, Hashable {
    /// Merged; the commit on the base branch where the forge names it.
    case merged(commit: String?)
    /// The branch is no longer at the commit that was decided on.
    case headMoved
    /// The forge does not allow it now: a conflict, a missing review, a protected branch. Its own words.
    case refused(String)
}

/// The service that holds the repository's pull requests.
///
/// Calls block until the forge answered or its time was over, and throw `PromotionError`: `.notPermitted` when the token is not
/// accepted or may not, `.timedOut` when there was no answer in time, `.error` with the forge's own words else.
public protocol ForgePort: AnyObject {
    /// What people call it, with its host: `GitHub (github.com)`.
    var name: String { get }
    /// Opens a pull request; the one that is open from this branch already, brought up to date, where there is one.
    func open(_ draft: PullRequestDraft) throws -> PullRequest
    func pullRequest(_ number: String) throws -> PullRequest
    /// The open one from a branch; else the one that ended last; nil when there never was one.
    func pullRequest(from branch: String) throws -> PullRequest?
    func update(_ number: String, title: String, body: String) throws
    func comment(_ number: String, _ text: String) throws
    /// Closes without merging. One that is closed already stays so.
    func close(_ number: String, comment: String) throws
    /// Merges only if the branch is still at `head`.
    func merge(_ number: String, head: String, method: MergeMethod, title: String, message: String) throws -> MergeEnding
    /// The standing reviews, one of each reviewer, in order of their names.
    func reviews(of number: String) throws -> [ForgeReview]
    /// All statuses and check runs of a commit, the newest of each name, in order of their names; required ones that are
    /// missing are pending.
    func checks(of commit: String, base: String) throws -> [ForgeCheck]
    /// Posts a status; the same again changes nothing.
    func post(_ status: ForgeStatus, on commit: String) throws
    /// Tells the forge of a deployment where it keeps such; nothing elsewhere.
    func recordDeployment(of commit: String, environment: String, state: ForgeCheck.State, text: String) throws
}
