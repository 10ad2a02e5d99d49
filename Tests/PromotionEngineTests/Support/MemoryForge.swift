import PromotionEngine
import WorkflowModel

/// A forge in memory, on the branches of a ``MemoryDesiredState``.
final class MemoryForge: ForgePort, ForgeDirectory {
    struct Pull {
        var title: String
        var body: String
        let branch: String
        var state = PullRequest.State.open
        var endedBy: String?
        var comments: [String] = []
        var reviews: [ForgeReview] = []
        /// The branch's commit when it was closed or merged.
        var lastHead: String
    }

    unowned var world: World!
    let name = "GitHub (forge.example)"
    private(set) var pulls: [Pull] = []
    /// By commit and context.
    private(set) var statuses: [String: ForgeStatus] = [:]
    private(set) var deployments: [(commit: String, environment: String, state: ForgeCheck.State)] = []
    var checks: [ForgeCheck] = []
    /// Why nothing is merged.
    var refusal: String?
    /// The merged commit says nothing of the promotion.
    var squashes = false

    func forge(for stage: Stage) throws -> any ForgePort { self }

    /// The state of the status on the newest pull request's head.
    var status: ForgeCheck.State? { pulls.last.flatMap { statuses["\($0.lastHead) gradus/prod"]?.state } }
    var open: [Pull] { pulls.filter { $0.state == .open } }

    func review(_ reviewer: String, _ verdict: ForgeReview.Verdict) {
        pulls[pulls.count - 1].reviews.removeAll { $0.reviewer == reviewer }
        pulls[pulls.count - 1].reviews.append(ForgeReview(reviewer: reviewer, verdict: verdict, commit: head(pulls.count - 1)))
    }

    /// By hand, on the forge's page.
    func closeByHand(by person: String) { end(pulls.count - 1, .closed, by: person) }

    func mergeByHand(by person: String) {
        world.desired.merge(pulls[pulls.count - 1].branch, keepsTrailer: !squashes)
        end(pulls.count - 1, .merged, by: person)
    }

    private func head(_ position: Int) -> String {
        pulls[position].state == .open ? world.desired.branches[pulls[position].branch]?.id ?? pulls[position].lastHead : pulls[position].lastHead
    }

    private func end(_ position: Int, _ state: PullRequest.State, by person: String?) {
        pulls[position].lastHead = head(position)
        pulls[position].state = state
        pulls[position].endedBy = person
    }

    private func position(_ number: String) throws -> Int {
        guard let number = Int(number), pulls.indices.contains(number - 1) else { throw PromotionError(.error, "no pull request \(number)") }
        return number - 1
    }

    private func shown(_ position: Int) -> PullRequest {
        let pull = pulls[position]
        return PullRequest(
            number: "\(position + 1)", url: "https://forge.example/\(position + 1)", state: pull.state, head: head(position),
            headBranch: pull.branch, baseBranch: "main", endedBy: pull.endedBy)
    }

    private func effect<Answer>(_ body: () throws -> Answer) throws -> Answer {
        let answer: Answer? = try world.effect(lost: nil, body)
        return try answer ?? body()
    }

    func open(_ draft: PullRequestDraft) throws -> PullRequest {
        try effect {
            if let position = pulls.lastIndex(where: { $0.branch == draft.headBranch && $0.state == .open }) {
                (pulls[position].title, pulls[position].body) = (draft.title, draft.body)
                return shown(position)
            }
            guard let head = world.desired.branches[draft.headBranch]?.id else { throw PromotionError(.error, "no branch \(draft.headBranch)") }
            pulls.append(Pull(title: draft.title, body: draft.body, branch: draft.headBranch, lastHead: head))
            return shown(pulls.count - 1)
        }
    }

    func pullRequest(_ number: String) throws -> PullRequest { shown(try position(number)) }

    func pullRequest(from branch: String) throws -> PullRequest? {
        let position = pulls.lastIndex { $0.branch == branch && $0.state == .open } ?? pulls.lastIndex { $0.branch == branch }
        return position.map(shown)
    }

    func update(_ number: String, title: String, body: String) throws {
        try effect {
            let position = try position(number)
            (pulls[position].title, pulls[position].body) = (title, body)
        }
    }

    func comment(_ number: String, _ text: String) throws {
        let position = try position(number)
        try effect { pulls[position].comments.append(text) }
    }

    func close(_ number: String, comment: String) throws {
        let position = try position(number)
        try effect {
            guard pulls[position].state == .open else { return }
            pulls[position].comments.append(comment)
            end(position, .closed, by: "gradus")
        }
    }

    func merge(_ number: String, head: String, method: PromotionEngine.MergeMethod, title: String, message: String) throws -> MergeEnding {
        let position = try position(number)
        return try effect {
            if let refusal { return .refused(refusal) }
            guard self.head(position) == head else { return .headMoved }
            world.desired.merge(pulls[position].branch, keepsTrailer: !squashes)
            end(position, .merged, by: "gradus")
            return .merged(commit: nil)
        }
    }

    func reviews(of number: String) throws -> [ForgeReview] { pulls[try position(number)].reviews }
    func checks(of commit: String, base: String) throws -> [ForgeCheck] { checks }

    func post(_ status: ForgeStatus, on commit: String) throws {
        try effect {
            statuses["\(commit) \(status.context)"] = status
            for position in pulls.indices where pulls[position].state == .open { pulls[position].lastHead = head(position) }
        }
    }

    func recordDeployment(of commit: String, environment: String, state: ForgeCheck.State, text: String) throws {
        deployments.append((commit, environment, state))
    }
}
