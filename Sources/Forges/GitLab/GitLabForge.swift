internal import Expressions
internal import PromotionEngine
internal import Web

/// GitLab's REST API, version 4, of gitlab.com and of servers of one's own. A pull request is a merge request there.
final class GitLabForge: ForgePort {
    let client: ForgeClient
    /// The path with all groups, which stands for the project's number.
    private let project: String
    static let page = ("per_page", "100")

    init(_ client: ForgeClient, _ repository: [String]) {
        self.client = client
        project = repository.joined(separator: "/")
    }

    var name: String { client.name }

    func path(_ parts: String...) -> [String] { ["projects", project] + parts }

    func open(_ draft: PullRequestDraft) throws -> PullRequest {
        let task = "open a merge request from \(draft.headBranch)"
        let opened: PullRequest
        if let there = try requests(from: draft.headBranch, state: "opened").first {
            opened = try pullRequest(there, task)
        } else {
            opened = try opening(from: draft.headBranch) {
                let answer = try client.send(
                    .post, path("merge_requests"),
                    [
                        "source_branch": .string(draft.headBranch), "target_branch": .string(draft.baseBranch),
                        "title": .string(draft.title), "description": .string(draft.body), "remove_source_branch": false,
                    ], task)
                return try pullRequest(answer.document, task)
            }
        }
        return try pullRequest(try complete(opened.number, draft, task), task)
    }

    func pullRequest(_ number: String) throws -> PullRequest {
        try pullRequest(try read(number), "read merge request \(number)")
    }

    func pullRequest(from branch: String) throws -> PullRequest? {
        let found = try requests(from: branch, state: "all")
        let newest = Newest.pull(found) { Self.isOpen($0) } ended: { $0["merged_at"]?.text ?? $0["closed_at"]?.text ?? "" }
        return try newest.map { try pullRequest($0, "look for a merge request from \(branch)") }
    }

    func update(_ number: String, title: String, body: String) throws {
        try change(number, ["title": .string(title), "description": .string(body)], "update merge request \(number)")
    }

    func comment(_ number: String, _ text: String) throws {
        try client.send(.post, path("merge_requests", number, "notes"), ["body": .string(text)], "comment on merge request \(number)")
    }

    func close(_ number: String, comment text: String) throws {
        guard try pullRequest(number).state == .open else { return }
        try comment(number, text)
        try change(number, ["state_event": "close"], "close merge request \(number)")
    }

    func read(_ number: String) throws -> Value {
        try client.get(path("merge_requests", number), "read merge request \(number)")
    }

    @discardableResult
    private func change(_ number: String, _ body: [String: JSONValue], _ task: String) throws -> Value {
        try client.send(.put, path("merge_requests", number), .object(body), task).document
    }

    /// Those from a branch of this project, newest first; forks may have branches of the same name.
    private func requests(from branch: String, state: String) throws -> [Value] {
        let all = try client.all(
            path("merge_requests"), query: [("state", state), ("source_branch", branch), ("scope", "all"), Self.page],
            "look for a merge request from \(branch)")
        return all.filter { $0["source_project_id"]?.whole == $0["target_project_id"]?.whole }
    }

    /// Brings texts, labels and people up to date. Those that people added stay.
    private func complete(_ number: String, _ draft: PullRequestDraft, _ task: String) throws -> Value {
        let request = try read(number)
        var changes: [String: JSONValue] = [:]
        if request["title"]?.text != draft.title { changes["title"] = .string(draft.title) }
        if request["description"]?.text ?? "" != draft.body { changes["description"] = .string(draft.body) }
        if request["target_branch"]?.text != draft.baseBranch { changes["target_branch"] = .string(draft.baseBranch) }
        let labels = Set((request["labels"]?.items ?? []).compactMap(\.text))
        let missing = draft.labels.filter { !labels.contains($0) }
        if !missing.isEmpty { changes["add_labels"] = .string(missing.joined(separator: ",")) }
        changes["assignee_ids"] = try ids(draft.assignees, besides: request["assignees"])
        changes["reviewer_ids"] = try ids(draft.reviewers, besides: request["reviewers"])
        return changes.isEmpty ? request : try change(number, changes, task)
    }

    /// The numbers of users, with those who are there already; nil when nobody is missing.
    private func ids(_ names: [String], besides present: Value?) throws -> JSONValue? {
        let there = Set((present?.items ?? []).compactMap { $0["username"]?.text?.lowercased() })
        let missing = names.filter { !there.contains($0.lowercased()) }
        guard !missing.isEmpty else { return nil }
        let known = (present?.items ?? []).compactMap { $0["id"]?.whole }
        let found = try missing.map { name in
            let task = "find the user \(name)"
            let users = try client.get(["users"], query: [("username", name)], task).items
            guard let user = users.first else { throw client.fault(task, "there is no user of that name") }
            return try client.whole(user, ["id"], task)
        }
        return .array((known + found).map(JSONValue.int))
    }

    /// `locked` is what it is while it is being merged.
    private static func isOpen(_ request: Value) -> Bool { ["opened", "locked"].contains(request["state"]?.text ?? "") }

    func pullRequest(_ value: Value, _ task: String) throws -> PullRequest {
        let isMerged = value["state"]?.text == "merged"
        let head = try client.text(value, ["sha"], task)
        // With a fast-forward there is no commit of the merge: the head itself is on the target branch.
        let commit = value["merge_commit_sha"]?.text ?? value["squash_commit_sha"]?.text ?? head
        let merger = value["merge_user", "username"]?.text ?? value["merged_by", "username"]?.text
        return PullRequest(
            number: "\(try client.whole(value, ["iid"], task))", url: try client.text(value, ["web_url"], task),
            state: isMerged ? .merged : Self.isOpen(value) ? .open : .closed, head: head,
            headBranch: try client.text(value, ["source_branch"], task), baseBranch: try client.text(value, ["target_branch"], task),
            mergeCommit: isMerged ? commit : nil, endedBy: isMerged ? merger : value["closed_by", "username"]?.text)
    }
}
