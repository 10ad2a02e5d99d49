internal import Expressions
internal import PromotionEngine

/// The API of Bitbucket Cloud, as far as Gradus uses it.
struct BitbucketDialect: ForgeDialect {
    static let root = "/2.0"
    static let paging = (page: "page", length: "pagelen")

    static func failure(_ words: String) -> JSONValue { ["type": "error", "error": ["message": .string(words)]] }

    static func status(of refusal: TestForge.Refusal.Reason) -> Int {
        switch refusal {
        case .invalid: 400
        case .missing: 404
        case .notNow, .headMoved: 409
        }
    }

    func answer(_ call: ForgeCall, _ forge: TestForge) throws -> ForgeReply {
        if call.path == ["workspaces", forge.owner, "members"] {
            return .list(forge.people.map { ["type": "workspace_membership", "user": Self.user($0)] }, in: "values")
        }
        guard call.path.starts(with: ["repositories", forge.owner, forge.name]) else { throw TestForge.Refusal(.missing, "Not found") }
        let path = Array(call.path.dropFirst(3))
        let number = path.dropFirst().first.flatMap { Int($0) } ?? 0
        switch (call.method, path.first ?? "", path.dropFirst(2).first ?? "") {
        case ("GET", "pullrequests", "") where path.count == 1:
            return .list(try list(call.query["q"] ?? "", forge).map { Self.pull($0, forge) }, in: "values")
        case ("POST", "pullrequests", "") where path.count == 1:
            let pull = try forge.open(
                title: call.text("title") ?? "", body: call.text("description") ?? "", head: call.text("source", "branch", "name") ?? "",
                base: call.text("destination", "branch", "name") ?? "")
            return ForgeReply(201, Self.pull(try forge.change(pull.number) { $0.requested = Self.reviewers(call) ?? [] }, forge))
        case ("GET", "pullrequests", ""): return ForgeReply(200, Self.pull(try forge.pull(number), forge))
        case ("PUT", "pullrequests", ""):
            let changed = try forge.change(number) { pull in
                pull.title = call.text("title") ?? pull.title
                pull.body = call.text("description") ?? pull.body
                pull.baseBranch = call.text("destination", "branch", "name") ?? pull.baseBranch
                pull.requested = Self.reviewers(call) ?? pull.requested
            }
            return ForgeReply(200, Self.pull(changed, forge))
        case ("POST", "pullrequests", "comments"):
            try forge.change(number) { $0.comments.append(call.text("content", "raw") ?? "") }
            return ForgeReply(201, ["id": 1, "content": ["raw": .string(call.text("content", "raw") ?? "")]])
        case ("POST", "pullrequests", "decline"):
            try forge.close(number, by: "gradus-bot")
            return ForgeReply(200, Self.pull(try forge.pull(number), forge))
        case ("POST", "pullrequests", "merge"):
            let method: MergeMethod =
                switch call.text("merge_strategy") {
                case "squash": .squash
                case "rebase_fast_forward": .rebase
                default: .merge
                }
            return ForgeReply(200, Self.pull(try forge.merge(number, by: "gradus-bot", method, message: call.text("message")), forge))
        default: return try answerOfCommits(call, path, forge)
        }
    }

    private func answerOfCommits(_ call: ForgeCall, _ path: [String], _ forge: TestForge) throws -> ForgeReply {
        guard path.first == "commit", path.count >= 2 else { throw TestForge.Refusal(.missing, "Not found") }
        switch (call.method, path.count) {
        case ("GET", 2):
            let whole = try forge.git.attempt("rev-parse", "--verify", "--quiet", "\(path[1])^{commit}", in: forge.repository)
            guard whole.status == 0 else { throw TestForge.Refusal(.missing, "Commit not found") }
            return ForgeReply(200, ["type": "commit", "hash": .string(whole.line)])
        case ("GET", 3): return .list(forge.newestStatuses(of: path[1]).map(Self.status), in: "values")
        default:
            let text = call.text("state") ?? ""
            let state: ForgeCheck.State = text == "SUCCESSFUL" ? .success : text == "INPROGRESS" ? .pending : .failure
            guard let key = call.text("key"), key.count <= 40, let url = call.text("url") else {
                throw TestForge.Refusal(.invalid, "Bad request")
            }
            forge.post(call.text("name") ?? key, state, on: path[1], text: call.text("description") ?? "", url: url)
            return ForgeReply(201, forge.newestStatuses(of: path[1]).last.map(Self.status) ?? .null)
        }
    }

    /// Reads `source.branch.name = "x" AND state = "OPEN"`, the one form of query that Gradus sends.
    private func list(_ query: String, _ forge: TestForge) throws -> [TestPull] {
        let parts = query.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
        let branch = parts.count > 1 ? parts[1] : ""
        let states = stride(from: 3, to: parts.count, by: 2).map { parts[$0] }
        return try forge.pulls.filter { $0.headBranch == branch && states.contains(Self.state($0.state)) }
            .sorted { ($0.endedAt ?? .max) > ($1.endedAt ?? .max) }
    }

    private static func reviewers(_ call: ForgeCall) -> [String]? {
        call.body["reviewers"].map { $0.items.compactMap { $0["uuid"]?.text }.map { String($0.dropFirst().dropLast()) } }
    }

    private static func state(_ state: PullRequest.State) -> String {
        switch state {
        case .open: "OPEN"
        case .merged: "MERGED"
        case .closed: "DECLINED"
        }
    }

    private static func user(_ name: String) -> JSONValue {
        ["type": "user", "nickname": .string(name), "display_name": .string(name), "uuid": .string("{\(name)}")]
    }

    private static func end(_ branch: String, _ commit: String, _ forge: TestForge) -> JSONValue {
        [
            "branch": ["name": .string(branch)], "commit": ["type": "commit", "hash": .string(String(commit.prefix(12)))],
            "repository": ["type": "repository", "full_name": .string(forge.fullName)],
        ]
    }

    private static func pull(_ pull: TestPull, _ forge: TestForge) -> JSONValue {
        var standing: [String: TestPull.Review] = [:]
        for review in pull.reviews { standing[review.reviewer] = review }
        let given = standing.values.sorted { $0.reviewer < $1.reviewer }.map { review in
            let state: JSONValue =
                switch review.verdict {
                case .approved: "approved"
                case .changesRequested: "changes_requested"
                case .commented, .dismissed: .null
                }
            return [
                "type": "participant", "user": user(review.reviewer), "approved": .bool(review.verdict == .approved), "state": state,
            ] as JSONValue
        }
        return [
            "type": "pullrequest", "id": .int(pull.number), "title": .string(pull.title), "description": .string(pull.body),
            "state": .string(state(pull.state)), "source": end(pull.headBranch, pull.head, forge),
            "destination": end(pull.baseBranch, pull.head, forge), "reviewers": .array(pull.requested.map(user)),
            "participants": .array(given), "closed_by": pull.endedBy.map(user) ?? .null,
            "merge_commit": pull.state == .merged
                ? ["type": "commit", "hash": .string(String((pull.mergeCommit ?? "").prefix(12)))] : .null,
            "updated_on": .string(GitHubDialect.time(pull.endedAt ?? 0)),
            "links": ["html": ["href": .string("https://forge.example/\(forge.fullName)/pull-requests/\(pull.number)")]],
        ]
    }

    private static func status(_ status: TestStatus) -> JSONValue {
        let state: JSONValue =
            switch status.state {
            case .pending: "INPROGRESS"
            case .success: "SUCCESSFUL"
            case .failure: "FAILED"
            }
        return [
            "type": "build", "key": .string(String(status.context.prefix(40))), "name": .string(status.context), "state": state,
            "description": .string(status.text), "url": .string(status.url ?? "https://forge.example"),
        ]
    }
}
