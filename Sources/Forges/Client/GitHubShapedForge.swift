internal import Expressions
internal import PromotionEngine
internal import Web

/// An adapter of a forge whose API has GitHub's shape, as Gitea's and Forgejo's has: a pull request is also an issue, which comments,
/// labels and assignees belong to.
protocol GitHubShapedForge: ForgePort {
    var client: ForgeClient { get }
    var owner: String { get }
    var repository: String { get }
    /// A pull request as one of these forges tells it.
    func pullRequest(_ value: Value, _ task: String) throws -> PullRequest
}

extension GitHubShapedForge {
    var name: String { client.name }

    func path(_ parts: String...) -> [String] { ["repos", owner, repository] + parts }

    func pullRequest(_ number: String) throws -> PullRequest {
        try pullRequest(try read(number), "read pull request \(number)")
    }

    func update(_ number: String, title: String, body: String) throws {
        try change(number, ["title": .string(title), "body": .string(body)], "update pull request \(number)")
    }

    func comment(_ number: String, _ text: String) throws {
        try client.send(.post, path("issues", number, "comments"), ["body": .string(text)], "comment on pull request \(number)")
    }

    func close(_ number: String, comment text: String) throws {
        guard try pullRequest(number).state == .open else { return }
        try comment(number, text)
        try change(number, ["state": "closed"], "close pull request \(number)")
    }

    /// Makes a new pull request, or finds the one that a lost answer was about.
    func create(_ draft: PullRequestDraft, _ task: String) throws -> PullRequest {
        try opening(from: draft.headBranch) {
            let answer = try client.send(
                .post, path("pulls"),
                [
                    "title": .string(draft.title), "body": .string(draft.body), "head": .string(draft.headBranch),
                    "base": .string(draft.baseBranch),
                ], task)
            return try pullRequest(answer.document, task)
        }
    }

    /// Brings the texts and the base of one that is there up to date.
    func change(_ number: String, to draft: PullRequestDraft, _ task: String) throws {
        try change(number, ["title": .string(draft.title), "body": .string(draft.body), "base": .string(draft.baseBranch)], task)
    }

    func read(_ number: String) throws -> Value {
        try client.get(path("pulls", number), "read pull request \(number)")
    }

    func change(_ number: String, _ body: JSONValue, _ task: String) throws {
        try client.send(.patch, path("pulls", number), body, task)
    }

    /// Posts the status, unless `isThere` finds it among the newest ones.
    func post(_ status: ForgeStatus, on commit: String, unless isThere: (_ text: String) throws -> Bool) throws {
        let text = OneLine.cut(status.text)
        guard try !isThere(text) else { return }
        var body: [String: JSONValue] = [
            "state": .string(status.state.rawValue), "context": .string(status.context), "description": .string(text),
        ]
        if let url = status.url { body["target_url"] = .string(url) }
        try client.send(.post, path("statuses", commit), .object(body), "post the status \(status.context) on \(commit)")
    }

    /// Those of the names that the list has not under `key`, in whatever case.
    static func missing(_ wanted: [String], _ present: Value?, _ key: String) -> [String] {
        let there = Set((present?.items ?? []).compactMap { $0[key]?.text?.lowercased() })
        return wanted.filter { !there.contains($0.lowercased()) }
    }
}
