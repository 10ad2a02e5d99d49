internal import Expressions
internal import PromotionEngine

/// The API of Gitea and Forgejo, as far as Gradus uses it.
struct GiteaDialect: ForgeDialect {
    static let root = "/api/v1"
    static let paging = (page: "page", length: "limit")

    static func failure(_ words: String) -> JSONValue { ["message": .string(words), "url": "https://forge.example/api/swagger"] }

    static func status(of refusal: TestForge.Refusal.Reason) -> Int {
        switch refusal {
        case .invalid: 422
        case .missing: 404
        case .notNow: 405
        case .headMoved: 409
        }
    }

    func answer(_ call: ForgeCall, _ forge: TestForge) throws -> ForgeReply {
        guard call.path.starts(with: ["repos", forge.owner, forge.name]) else { throw TestForge.Refusal(.missing, "Not Found") }
        let path = Array(call.path.dropFirst(3))
        let number = path.dropFirst().first.flatMap { Int($0) } ?? 0
        switch (call.method, path.first ?? "", path.dropFirst(2).first ?? "") {
        case ("GET", "pulls", "") where path.count == 1:
            let state = call.query["state"] ?? "open"
            let found = try forge.pulls.reversed().filter { state == "all" || ($0.state == .open) == (state == "open") }
            return .list(try found.map { try Self.pull($0, forge) })
        case ("POST", "pulls", "") where path.count == 1:
            let pull = try forge.open(
                title: call.text("title") ?? "", body: call.text("body") ?? "", head: call.text("head") ?? "",
                base: call.text("base") ?? "")
            return ForgeReply(201, try Self.pull(pull, forge))
        case ("GET", "pulls", ""): return ForgeReply(200, try Self.pull(forge.pull(number), forge))
        case ("PATCH", "pulls", ""): return ForgeReply(201, try Self.pull(change(call, number, forge), forge))
        case ("POST", "pulls", "merge"):
            let method = MergeMethod(rawValue: call.text("Do") ?? "") ?? .merge
            let message = call.text("MergeTitleField").map { $0 + (call.text("MergeMessageField").map { "\n\n" + $0 } ?? "") }
            try forge.merge(number, by: "gradus-bot", method, head: call.text("head_commit_id"), message: message)
            return ForgeReply(200)
        case ("GET", "pulls", "reviews"): return .list(try reviews(forge.pull(number)))
        case ("POST", "pulls", "requested_reviewers"):
            let unknown = call.texts("reviewers").filter { !forge.people.contains($0) }
            guard unknown.isEmpty else { throw TestForge.Refusal(.invalid, "reviewer \(unknown[0]) does not exist") }
            let pull = try forge.change(number) { pull in
                pull.requested += call.texts("reviewers")
                pull.requestedTeams += call.texts("team_reviewers")
            }
            return ForgeReply(201, .array(reviews(pull)))
        case ("POST", "issues", "comments"):
            try forge.change(number) { $0.comments.append(call.text("body") ?? "") }
            return ForgeReply(201, ["id": 1, "body": .string(call.text("body") ?? "")])
        case ("POST", "issues", "labels"):
            let names = try (call.body["labels"]?.items ?? []).map { try Self.name(of: $0, forge) }
            return ForgeReply(200, .array(try forge.change(number) { $0.labels += names }.labels.map { Self.label($0, forge) }))
        case ("GET", "labels", ""): return .list(forge.labels.map { Self.label($0, forge) })
        case ("POST", "labels", ""):
            forge.addLabels([call.text("name") ?? ""])
            return ForgeReply(201, Self.label(call.text("name") ?? "", forge))
        default: return try answerOfCommits(call, path, forge)
        }
    }

    private func answerOfCommits(_ call: ForgeCall, _ path: [String], _ forge: TestForge) throws -> ForgeReply {
        let subject = path.dropFirst().first ?? ""
        switch (call.method, path.first ?? "", path.dropFirst(2).first ?? "") {
        case ("GET", "commits", "status"):
            let found = forge.newestStatuses(of: subject)
            return .list(found.map(Self.status), in: "statuses", ["sha": .string(subject), "total_count": .int(found.count)])
        case ("POST", "statuses", ""):
            let state = ForgeCheck.State(rawValue: call.text("state") ?? "") ?? .failure
            forge.post(
                call.text("context") ?? "default", state, on: subject, text: call.text("description") ?? "", url: call.text("target_url"))
            return ForgeReply(201, forge.newestStatuses(of: subject).last.map(Self.status) ?? .null)
        case ("GET", "branches", ""):
            guard let tip = try forge.tip(of: subject) else { throw TestForge.Refusal(.missing, "branch does not exist") }
            return ForgeReply(
                200,
                [
                    "name": .string(subject), "commit": ["id": .string(tip)], "protected": .bool(!forge.requiredChecks.isEmpty),
                    "enable_status_check": .bool(!forge.requiredChecks.isEmpty),
                    "status_check_contexts": .array(forge.requiredChecks.map(JSONValue.string)),
                ])
        default: throw TestForge.Refusal(.missing, "Not Found")
        }
    }

    private func change(_ call: ForgeCall, _ number: Int, _ forge: TestForge) throws -> TestPull {
        if call.text("state") == "closed" { try forge.close(number, by: "gradus-bot") }
        return try forge.change(number) { pull in
            pull.title = call.text("title") ?? pull.title
            pull.body = call.text("body") ?? pull.body
            pull.baseBranch = call.text("base") ?? pull.baseBranch
            if call.body["assignees"] != nil { pull.assignees = call.texts("assignees") }
        }
    }

    private func reviews(_ pull: TestPull) -> [JSONValue] {
        let given = pull.reviews.map { review in
            let state: JSONValue =
                switch review.verdict {
                case .approved, .dismissed: "APPROVED"
                case .changesRequested: "REQUEST_CHANGES"
                case .commented: "COMMENT"
                }
            return [
                "id": .int(review.id), "user": Self.user(review.reviewer), "state": state, "commit_id": .string(review.commit),
                "dismissed": .bool(review.verdict == .dismissed), "stale": .bool(review.commit != pull.head),
            ] as JSONValue
        }
        return given + pull.requested.map { ["id": 0, "user": Self.user($0), "state": "REQUEST_REVIEW", "dismissed": false] }
            + pull.requestedTeams.map { ["id": 0, "user": .null, "team": ["name": .string($0)], "state": "REQUEST_REVIEW"] }
    }

    private static func pull(_ pull: TestPull, _ forge: TestForge) throws -> JSONValue {
        // Without its branch a pull request is told by Gitea's own reference.
        let isThere = try forge.tip(of: pull.headBranch) != nil
        let reference = isThere ? pull.headBranch : "refs/pull/\(pull.number)/head"
        let isMerged = pull.state == .merged
        return [
            "number": .int(pull.number), "state": pull.state == .open ? "open" : "closed", "title": .string(pull.title),
            "body": .string(pull.body), "html_url": .string("https://forge.example/\(forge.fullName)/pulls/\(pull.number)"),
            "head": ["ref": .string(reference), "sha": .string(pull.head), "repo_id": 1, "label": .string(pull.headBranch)],
            "base": ["ref": .string(pull.baseBranch), "repo_id": 1, "label": .string(pull.baseBranch)],
            "labels": .array(pull.labels.map { label($0, forge) }),
            "assignees": pull.assignees.isEmpty ? .null : .array(pull.assignees.map(user)), "merged": .bool(isMerged),
            "merge_commit_sha": isMerged ? .optional(pull.mergeCommit) : .null,
            "merged_by": isMerged ? pull.endedBy.map(user) ?? .null : .null,
            "closed_at": pull.endedAt.map { .string(GitHubDialect.time($0)) } ?? .null,
        ]
    }

    private static func user(_ name: String) -> JSONValue { ["login": .string(name), "id": 1] }

    private static func label(_ name: String, _ forge: TestForge) -> JSONValue {
        ["id": .int((forge.labels.firstIndex(of: name) ?? 0) + 1), "name": .string(name), "color": "6e7781"]
    }

    /// Labels are given by number.
    private static func name(of label: Value, _ forge: TestForge) throws -> String {
        guard let number = label.whole, forge.labels.indices.contains(number - 1) else {
            throw TestForge.Refusal(.missing, "label does not exist")
        }
        return forge.labels[number - 1]
    }

    private static func status(_ status: TestStatus) -> JSONValue {
        [
            "id": .int(status.id), "context": .string(status.context), "status": .string(status.state.rawValue),
            "description": .string(status.text), "target_url": .string(status.url ?? ""),
        ]
    }
}
