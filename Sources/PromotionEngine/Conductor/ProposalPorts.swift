public import WorkflowModel

/// What stands at the end of a delivery branch.
public struct ProposedHead: Sendable, Hashable {
    public let commit: String
    /// The commit before it; nil for a first one.
    public let parent: String?
    /// The promotions that it says it carries.
    public let promotions: [String]
    /// The digest that its message names.
    public let planDigest: String?

    public init(commit: String, parent: String?, promotions: [String], planDigest: String?) {
        self.commit = commit
        self.parent = parent
        self.promotions = promotions
        self.planDigest = planDigest
    }
}

/// What a pull request tells its readers.
public struct ProposalStory: Sendable {
    public let delivery: Delivery
    public let gates: [Gate]
    /// Subject ids of those whose approvals count.
    public let approvers: [String]
    /// Where evidence came from, each once.
    public let evidence: [String]

    public init(delivery: Delivery, gates: [Gate], approvers: [String], evidence: [String]) {
        self.delivery = delivery
        self.gates = gates
        self.approvers = approvers
        self.evidence = evidence
    }
}

/// The delivery branches `gradus-promote/SERVICE/STAGE`, which are Gradus's own.
public protocol ProposalPort: AnyObject {
    /// The delivery branches that the workflow's own repository has now, without `refs/heads/`.
    func deliveryBranches() throws -> [String]
    /// What stands at the end of a stage's delivery branch now; nil when there is no such branch.
    func proposedHead(of branch: String, for stage: Stage) throws -> ProposedHead?
    /// Commits the delivery on `tip` and makes the branch name that commit, if the branch still is at `old` (nil: does not
    /// exist). Nil when it is not.
    func propose(_ delivery: Delivery, on branch: String, over old: String?, tip: String, at: Instant) throws -> String?
    /// The name of the branch that a stage's proposals are merged into, without `refs/heads/`.
    func targetBranch(of stage: Stage) throws -> String
    /// Deletes the branch if it still is at `head`; one that is gone is as good.
    func removeProposal(_ branch: String, at head: String, for stage: Stage) throws
    /// The title and the text of a pull request, by the repository's template. Throws a usage error when it is none.
    func text(of story: ProposalStory) throws -> (title: String, body: String)
    /// The message of the commit that a delivery is merged with.
    func message(of delivery: Delivery) throws -> String
}

/// Finds the forge that holds a stage's pull requests.
public protocol ForgeDirectory: AnyObject {
    /// Throws a usage error that says what to set, when there is none.
    func forge(for stage: Stage) throws -> any ForgePort
}

/// No forge is known.
public final class NoForge: ForgeDirectory {
    public init() {}

    public func forge(for stage: Stage) throws -> any ForgePort {
        throw PromotionError(
            .usage, "stage '\(stage.name)' is entered by pull request, and no forge is known for this repository",
            hint: "give `origin` a URL of the forge and a token, see docs/pull-requests.md; or say `delivery: branch`")
    }
}

/// Where no branches can be made.
public final class NoProposals: ProposalPort {
    public init() {}

    private func refusal() -> PromotionError {
        PromotionError(.error, "delivery branches cannot be made here", hint: "run the command in the repository that holds the workflow")
    }

    public func deliveryBranches() throws -> [String] { [] }

    public func proposedHead(of branch: String, for stage: Stage) throws -> ProposedHead? { throw refusal() }

    public func propose(_ delivery: Delivery, on branch: String, over old: String?, tip: String, at: Instant) throws -> String? {
        throw refusal()
    }

    public func targetBranch(of stage: Stage) throws -> String { throw refusal() }

    public func removeProposal(_ branch: String, at head: String, for stage: Stage) throws { throw refusal() }

    public func text(of story: ProposalStory) throws -> (title: String, body: String) { throw refusal() }

    public func message(of delivery: Delivery) throws -> String { throw refusal() }
}
