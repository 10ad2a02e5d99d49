internal import Expressions
internal import PromotionEngine
internal import Web

/// The API of Gitea 1.22 and later and of Forgejo.
final class GiteaForge: GitHubShapedForge {
    let client: ForgeClient
    let owner: String
    let repository: String
    /// As long a page as the server's default settings give.
    static let page = ("limit", "50")

    init(_ client: ForgeClient, _ repository: [String]) {
        self.client = client
        owner = repository[0]
        self.repository = repository[1]
    }

    func open(_ draft: PullRequestDraft) throws -> PullRequest {
        let task = "open a pull request from \(draft.headBranch)"
        let opened: PullRequest
        if let there = try pulls(from: draft.headBranch, state: "open").first {
            opened = try pullRequest(there, task)
            try change(opened.number, to: draft, task)
        } else {
            opened = try create(draft, task)
        }
        return try complete(try read(opened.number), draft, task)
    }

    func pullRequest(from branch: String) throws -> PullRequest? {
        let found = try pulls(from: branch, state: "open")
        let ended = found.isEmpty ? try pulls(from: branch, state: "closed") : []
        let newest = Newest.pull(found + ended) { $0["state"]?.text == "open" } ended: { $0["closed_at"]?.text ?? "" }
        return try newest.map { try pullRequest($0, "look for a pull request from \(branch)") }
    }

    /// Gitea keeps no deployments.
    func recordDeployment(of commit: String, environment: String, state: ForgeCheck.State, text: String) throws {}

    /// Those from a branch of this repository. The list cannot be asked for one branch, so that of the ones which ended, the thousand
    /// that changed last are looked at.
    private func pulls(from branch: String, state: String) throws -> [Value] {
        try client.first(
            path("pulls"), query: [("state", state), ("sort", "recentupdate"), Self.page], pages: 20,
            "look for a pull request from \(branch)"
        ) { pull in
            Self.branch(pull) == branch && pull["head", "repo_id"]?.whole == pull["base", "repo_id"]?.whole
        }
    }

    /// When the branch is gone, `ref` names Gitea's own reference, and the label is the branch.
    private static func branch(_ pull: Value) -> String? {
        let name = pull["head", "ref"]?.text
        return name?.hasPrefix("refs/pull/") == true ? pull["head", "label"]?.text : name
    }

    private func complete(_ pull: Value, _ draft: PullRequestDraft, _ task: String) throws -> PullRequest {
        let result = try pullRequest(pull, task)
        let labels = Self.missing(draft.labels, pull["labels"], "name")
        if !labels.isEmpty {
            let ids = try labels.map { JSONValue.int(try label($0)) }
            try client.send(.post, path("issues", result.number, "labels"), ["labels": .array(ids)], "label pull request \(result.number)")
        }
        let assignees = Self.missing(draft.assignees, pull["assignees"], "login")
        if !assignees.isEmpty {
            // The list is replaced as a whole.
            let there = (pull["assignees"]?.items ?? []).compactMap { $0["login"]?.text }
            try change(
                result.number, ["assignees": .array((there + assignees).map(JSONValue.string))],
                "assign pull request \(result.number) to \(assignees.joined(separator: ", "))")
        }
        try request(draft.reviewers, for: result.number, pull)
        return result
    }

    /// `ORGANISATION/TEAM` means a team.
    private func request(_ reviewers: [String], for number: String, _ pull: Value) throws {
        guard !reviewers.isEmpty else { return }
        // A request that was made or answered is a review of its own; an author cannot be asked.
        let reviews = try allReviews(of: number)
        let taken = reviews.compactMap { $0["user"] } + [pull["user"] ?? .null]
        let people = Self.missing(reviewers.filter { !$0.contains("/") }, .array(taken), "login")
        let names = reviewers.filter { $0.contains("/") }.map { String($0.split(separator: "/").last ?? "") }
        let teams = Self.missing(names, .array(reviews.compactMap { $0["team"] }), "name")
        guard !people.isEmpty || !teams.isEmpty else { return }
        try client.send(
            .post, path("pulls", number, "requested_reviewers"),
            ["reviewers": .array(people.map(JSONValue.string)), "team_reviewers": .array(teams.map(JSONValue.string))],
            "ask \((people + teams).joined(separator: ", ")) to review pull request \(number)")
    }

    /// The id of a label of the repository, made when there is none of that name.
    private func label(_ name: String) throws -> Int {
        let task = "label with \(name)"
        let labels = try client.all(path("labels"), query: [Self.page], task)
        let there = labels.first { $0["name"]?.text == name }
        let label = try there ?? client.send(.post, path("labels"), ["name": .string(name), "color": "#6e7781"], task).document
        return try client.whole(label, ["id"], task)
    }

    func pullRequest(_ value: Value, _ task: String) throws -> PullRequest {
        let isMerged = value["merged"]?.flag == true
        return PullRequest(
            number: "\(try client.whole(value, ["number"], task))", url: try client.text(value, ["html_url"], task),
            state: isMerged ? .merged : value["state"]?.text == "open" ? .open : .closed,
            head: try client.text(value, ["head", "sha"], task),
            headBranch: try Self.branch(value) ?? client.text(value, ["head", "ref"], task),
            baseBranch: try client.text(value, ["base", "ref"], task),
            mergeCommit: isMerged ? value["merge_commit_sha"]?.text : nil, endedBy: value["merged_by", "login"]?.text)
    }
}
