/// What a stage says of its pull requests.
public struct PullRequestPolicy: Sendable, Hashable {
    /// How Gradus merges.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        case merge, squash, rebase
    }

    /// May hold `{service}`, `{version}` and `{stage}`; nil: the subject of the deploy commit.
    public var title: String?
    public var labels: [String]
    /// The forge's names.
    public var reviewers: [String]
    public var assignees: [String]
    public var method: Method
    /// The forge is told of deliveries as deployments.
    public var deployments: Bool

    public init(
        title: String? = nil, labels: [String] = [], reviewers: [String] = [], assignees: [String] = [], method: Method = .merge,
        deployments: Bool = false
    ) {
        self.title = title
        self.labels = labels
        self.reviewers = reviewers
        self.assignees = assignees
        self.method = method
        self.deployments = deployments
    }
}
