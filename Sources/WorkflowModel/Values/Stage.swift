/// One position in a workflow: an environment with its updates, criteria and approvals.
public struct Stage: Sendable, Hashable {
    public enum Class: String, Sendable, Hashable, CaseIterable {
        case development, test, staging, production
    }

    /// How a promotion reaches the target branch.
    public enum Delivery: String, Sendable, Hashable, CaseIterable {
        case commit, branch
        case pullRequest = "pull_request"
    }

    /// Which of several waiting versions goes first.
    public enum Queue: String, Sendable, Hashable, CaseIterable {
        /// The newest that may; what waits is superseded.
        case latest
        /// Each in order of registration.
        case all
        /// Whichever was asked for first; nothing takes its place.
        case manual
    }

    public enum FailurePolicy: String, Sendable, Hashable, CaseIterable {
        case none, hold, rollback
    }

    public var name: String
    /// The folder of the environment's overlay inside the repository, without a trailing slash; `.` for the top.
    public var environment: String
    /// The branch that holds the environment's files, or that of another repository, see ``BranchPlace``; nil: the target
    /// branch.
    public var branch: String?
    public var stageClass: Class
    /// A registered release, or one that passed upstream, enters by itself when allowed.
    public var autoPromote: Bool
    /// The names of the stages that this one comes after; empty for a first stage.
    public var after: [String]
    /// What must hold to enter this stage.
    public var entryCriteria: [Criterion]
    /// What must hold to leave this stage, by each outgoing edge.
    public var exitCriteria: [Criterion]
    /// Each must hold to enter this stage.
    public var approvals: [ApprovalRule]
    public var updates: [Update]
    public var delivery: Delivery
    /// Nil where the stage declares no health source: delivered is then as good as verified.
    public var health: HealthPolicy?
    public var onFailure: FailurePolicy
    /// How a rollback reaches the branch, however promotions do.
    public var rollbackDelivery: Delivery = .commit
    /// Promoting into a stage without updates is allowed and only recorded.
    public var recordOnly: Bool
    public var queue: Queue
    /// Counts where `delivery` is `.pullRequest`.
    public var pullRequest: PullRequestPolicy
    /// Whether those who loosened the stage's rules need another person's approval; nil: in production.
    public var rulesSettled: Bool?
    /// Nil where a release reaches all of the stage with its deploy commit.
    public var rollout: RolloutPlan?
    public var hooks: [Hook]
    /// Where the stage's name stands, for diagnostics. Not part of the stage's identity.
    public var location: Located

    public init(
        name: String, environment: String? = nil, branch: String? = nil, stageClass: Class = .development,
        autoPromote: Bool = false, after: [String] = [], entryCriteria: [Criterion] = [],
        exitCriteria: [Criterion] = [], approvals: [ApprovalRule] = [], updates: [Update] = [],
        delivery: Delivery = .commit, health: HealthPolicy? = nil, onFailure: FailurePolicy = .none,
        recordOnly: Bool = false, queue: Queue = .latest, rulesSettled: Bool? = nil,
        pullRequest: PullRequestPolicy = PullRequestPolicy(), rollout: RolloutPlan? = nil, hooks: [Hook] = [],
        location: Located = Located()
    ) {
        self.name = name
        self.environment = environment ?? "environments/\(name)"
        self.branch = branch
        self.stageClass = stageClass
        self.autoPromote = autoPromote
        self.after = after
        self.entryCriteria = entryCriteria
        self.exitCriteria = exitCriteria
        self.approvals = approvals
        self.updates = updates
        self.delivery = delivery
        self.health = health
        self.onFailure = onFailure
        self.recordOnly = recordOnly
        self.queue = queue
        self.pullRequest = pullRequest
        self.rulesSettled = rulesSettled
        self.rollout = rollout
        self.hooks = hooks
        self.location = location
    }
}

/// Where in its file a declared thing stands.
///
/// All places are equal and hash alike, so that moving a line changes no rule.
public struct Located: Sendable, Hashable {
    /// One-based; 0 when unknown.
    public var line: Int
    public var column: Int

    public init(line: Int = 0, column: Int = 0) {
        self.line = line
        self.column = column
    }

    public static func == (lhs: Located, rhs: Located) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}
