internal import Expressions
internal import PromotionEngine
internal import Web

/// The API of Bitbucket Cloud, version 2.0.
final class BitbucketForge: ForgePort {
    let client: ForgeClient
    let workspace: String
    let slug: String
    static let page = ("pagelen", "50")

    init(_ client: ForgeClient, _ repository: [String]) {
        self.client = client
        workspace = repository[0]
        slug = repository[1]
    }

    var name: String { client.name }

    func path(_ parts: String...) -> [String] { ["repositories", workspace, slug] + parts }

    /// Labels and assignees are unknown to Bitbucket and passed over.
    func open(_ draft: PullRequestDraft) throws -> PullRequest {
        let task = "open a pull request from \(draft.headBranch)"
        if let there = try pulls(from: draft.headBranch, "state = \"OPEN\"").first {
            return try change("\(client.whole(there, ["id"], task))", draft, task)
        }
        var body: [String: JSONValue] = [
            "title": .string(draft.title), "description": .string(draft.body),
            "source": ["branch": ["name": .string(draft.headBranch)]],
            "destination": ["branch": ["name": .string(draft.baseBranch)]], "close_source_branch": false,
        ]
        let reviewers = try draft.reviewers.map(reviewer)
        if !reviewers.isEmpty { body["reviewers"] = .array(reviewers) }
        return try opening(from: draft.headBranch) {
            try pullRequest(try client.send(.post, path("pullrequests"), .object(body), task).document, task)
        }
    }

    func pullRequest(_ number: String) throws -> PullRequest {
        try pullRequest(try read(number), "read pull request \(number)")
    }

    func pullRequest(from branch: String) throws -> PullRequest? {
        let states = ["OPEN", "MERGED", "DECLINED", "SUPERSEDED"].map { "state = \"\($0)\"" }.joined(separator: " OR ")
        let found = try pulls(from: branch, "(\(states))")
        let newest = Newest.pull(found) { $0["state"]?.text == "OPEN" } ended: { $0["updated_on"]?.text ?? "" }
        return try newest.map { try pullRequest($0, "look for a pull request from \(branch)") }
    }

    func update(_ number: String, title: String, body: String) throws {
        let task = "update pull request \(number)"
        // What is left out of the reviewers is taken away.
        let there = Self.reviewers(try read(number))
        try client.send(
            .put, path("pullrequests", number),
            ["title": .string(title), "description": .string(body), "reviewers": .array(there)], task)
    }

    func comment(_ number: String, _ text: String) throws {
        try client.send(
            .post, path("pullrequests", number, "comments"), ["content": ["raw": .string(text)]], "comment on pull request \(number)")
    }

    func close(_ number: String, comment text: String) throws {
        guard try pullRequest(number).state == .open else { return }
        try comment(number, text)
        try client.send(.post, path("pullrequests", number, "decline"), nil, "close pull request \(number)")
    }

    /// Bitbucket keeps the deployments of its own pipelines only.
    func recordDeployment(of commit: String, environment: String, state: ForgeCheck.State, text: String) throws {}

    func read(_ number: String) throws -> Value {
        try client.get(path("pullrequests", number), "read pull request \(number)")
    }

    private func change(_ number: String, _ draft: PullRequestDraft, _ task: String) throws -> PullRequest {
        let there = Self.reviewers(try read(number))
        let wanted = try draft.reviewers.map(reviewer)
        let answer = try client.send(
            .put, path("pullrequests", number),
            [
                "title": .string(draft.title), "description": .string(draft.body),
                "destination": ["branch": ["name": .string(draft.baseBranch)]],
                "reviewers": .array(there + wanted.filter { !there.contains($0) }),
            ], task)
        return try pullRequest(answer.document, task)
    }

    private static func reviewers(_ pull: Value) -> [JSONValue] {
        (pull["reviewers"]?.items ?? []).compactMap { $0["uuid"]?.text }.map { ["uuid": .string($0)] }
    }

    /// By nickname, or by `{uuid}`, which needs no permission to read the workspace.
    private func reviewer(_ name: String) throws -> JSONValue {
        if name.hasPrefix("{") { return ["uuid": .string(name)] }
        let task = "find the user \(name)"
        let members = try client.all(["workspaces", workspace, "members"], query: [Self.page], in: "values", task)
        let member = members.first { $0["user", "nickname"]?.text == name }
        guard let member else { throw client.fault(task, "the workspace \(workspace) has no member of that nickname") }
        return ["uuid": .string(try client.text(member, ["user", "uuid"], task))]
    }

    /// Those from a branch of this repository, newest first.
    private func pulls(from branch: String, _ condition: String) throws -> [Value] {
        // Branch names may hold neither quotes nor backslashes that would end the text: Git refuses the latter.
        let quoted = branch.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        let all = try client.all(
            path("pullrequests"),
            query: [("q", "source.branch.name = \"\(quoted)\" AND \(condition)"), ("sort", "-updated_on"), Self.page], in: "values",
            "look for a pull request from \(branch)")
        return all.filter { $0["source", "repository", "full_name"]?.text == $0["destination", "repository", "full_name"]?.text }
    }

    func pullRequest(_ value: Value, _ task: String) throws -> PullRequest {
        let state: PullRequest.State =
            switch value["state"]?.text {
            case "OPEN": .open
            case "MERGED": .merged
            default: .closed
            }
        let merge = state == .merged ? value["merge_commit", "hash"]?.text : nil
        return PullRequest(
            number: "\(try client.whole(value, ["id"], task))", url: try client.text(value, ["links", "html", "href"], task), state: state,
            head: try whole(try client.text(value, ["source", "commit", "hash"], task)),
            headBranch: try client.text(value, ["source", "branch", "name"], task),
            baseBranch: try client.text(value, ["destination", "branch", "name"], task), mergeCommit: try merge.map(whole),
            endedBy: value["closed_by", "nickname"]?.text)
    }

    /// Pull requests name commits by their first twelve digits.
    private func whole(_ commit: String) throws -> String {
        guard commit.count < 40 else { return commit }
        let task = "read commit \(commit)"
        return try client.text(try client.get(path("commit", commit), task), ["hash"], task)
    }
}
