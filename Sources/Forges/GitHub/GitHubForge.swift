internal import Expressions
internal import PromotionEngine
internal import Web

/// GitHub's REST API, version 2022-11-28, of github.com and of GitHub Enterprise.
final class GitHubForge: GitHubShapedForge {
    let client: ForgeClient
    let owner: String
    let repository: String

    init(_ client: ForgeClient, _ repository: [String]) {
        self.client = client
        owner = repository[0]
        self.repository = repository[1]
    }

    func open(_ draft: PullRequestDraft) throws -> PullRequest {
        let task = "open a pull request from \(draft.headBranch)"
        if let there = try pulls(from: draft.headBranch, state: "open").first {
            let number = "\(try client.whole(there, ["number"], task))"
            try change(number, to: draft, task)
            return try complete(try read(number), draft, task)
        }
        return try complete(try read(try create(draft, task).number), draft, task)
    }

    func pullRequest(from branch: String) throws -> PullRequest? {
        let task = "look for a pull request from \(branch)"
        let found = try pulls(from: branch, state: "all")
        let newest = Newest.pull(found) { $0["state"]?.text == "open" } ended: { $0["closed_at"]?.text ?? "" }
        // A list does not tell who merged.
        return try newest.map { try pullRequest("\(client.whole($0, ["number"], task))") }
    }

    /// Those from a branch of this repository, newest first; forks may have branches of the same name.
    private func pulls(from branch: String, state: String) throws -> [Value] {
        try client.all(
            path("pulls"), query: [("state", state), ("head", "\(owner):\(branch)"), ("per_page", "100")],
            "look for a pull request from \(branch)"
        ).filter { pull in
            // An unknown owner makes GitHub pass over the filter.
            pull["head", "ref"]?.text == branch
                && pull["head", "repo", "full_name"]?.text?.lowercased() == "\(owner)/\(repository)".lowercased()
        }
    }

    /// Adds the labels, assignees and reviewers that are missing. Those that people added or took part as stay.
    private func complete(_ pull: Value, _ draft: PullRequestDraft, _ task: String) throws -> PullRequest {
        let result = try pullRequest(pull, task)
        let labels = Self.missing(draft.labels, pull["labels"], "name")
        if !labels.isEmpty {
            try client.send(.post, path("issues", result.number, "labels"), ["labels": .array(labels.map(JSONValue.string))], "label pull request \(result.number)")
        }
        let assignees = Self.missing(draft.assignees, pull["assignees"], "login")
        if !assignees.isEmpty {
            try client.send(
                .post, path("issues", result.number, "assignees"), ["assignees": .array(assignees.map(JSONValue.string))],
                "assign pull request \(result.number) to \(assignees.joined(separator: ", "))")
        }
        try request(draft.reviewers, for: result.number, pull)
        return result
    }

    /// `ORGANISATION/TEAM` means a team.
    private func request(_ reviewers: [String], for number: String, _ pull: Value) throws {
        let teams = reviewers.filter { $0.contains("/") }.map { String($0.split(separator: "/").last ?? "") }
        var people = Self.missing(reviewers.filter { !$0.contains("/") }, pull["requested_reviewers"], "login")
        let missingTeams = Self.missing(teams, pull["requested_teams"], "slug")
        guard !people.isEmpty || !missingTeams.isEmpty else { return }
        // Who has reviewed is no longer among those who are asked, and would be asked anew; an author cannot be asked.
        let done = Set(try allReviews(of: number).compactMap { $0["user", "login"]?.text?.lowercased() })
        let author = pull["user", "login"]?.text?.lowercased()
        people.removeAll { done.contains($0.lowercased()) || $0.lowercased() == author }
        var body: [String: JSONValue] = [:]
        if !people.isEmpty { body["reviewers"] = .array(people.map(JSONValue.string)) }
        if !missingTeams.isEmpty { body["team_reviewers"] = .array(missingTeams.map(JSONValue.string)) }
        guard !body.isEmpty else { return }
        try client.send(
            .post, path("pulls", number, "requested_reviewers"), .object(body),
            "ask \((people + missingTeams).joined(separator: ", ")) to review pull request \(number)")
    }

    func pullRequest(_ value: Value, _ task: String) throws -> PullRequest {
        let number = "\(try client.whole(value, ["number"], task))"
        let isMerged = value["merged_at"] != nil
        let isOpen = value["state"]?.text == "open"
        var endedBy = value["merged_by", "login"]?.text
        if !isOpen, !isMerged {
            // Who closed it is told of the issue that each pull request also is.
            endedBy = try client.get(path("issues", number), "read pull request \(number)")["closed_by", "login"]?.text
        }
        return PullRequest(
            number: number, url: try client.text(value, ["html_url"], task), state: isMerged ? .merged : isOpen ? .open : .closed,
            head: try client.text(value, ["head", "sha"], task), headBranch: try client.text(value, ["head", "ref"], task),
            baseBranch: try client.text(value, ["base", "ref"], task),
            // While open it is the commit of a trial merge.
            mergeCommit: isMerged ? value["merge_commit_sha"]?.text : nil, endedBy: endedBy)
    }
}
