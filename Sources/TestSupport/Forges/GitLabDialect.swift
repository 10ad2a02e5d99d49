internal import Expressions
internal import PromotionEngine

/// GitLab's REST API, as far as Gradus uses it.
struct GitLabDialect: ForgeDialect {
    static let root = "/api/v4"
    static let paging = (page: "page", length: "per_page")

    static func failure(_ words: String) -> JSONValue { ["message": .string(words)] }

    static func status(of refusal: TestForge.Refusal.Reason) -> Int {
        switch refusal {
        case .invalid: 409
        case .missing: 404
        case .notNow: 405
        case .headMoved: 409
        }
    }

    func answer(_ call: ForgeCall, _ forge: TestForge) throws -> ForgeReply {
        if call.path == ["users"] {
            let name = call.query["username"] ?? ""
            return .list(forge.people.contains(name) ? [Self.user(name, forge)] : [])
        }
        guard call.path.starts(with: ["projects", forge.fullName]) else { throw TestForge.Refusal(.missing, "404 Project Not Found") }
        let path = Array(call.path.dropFirst(2))
        let number = path.dropFirst().first.flatMap { Int($0) } ?? 0
        switch (call.method, path.first ?? "", path.dropFirst(2).first ?? "") {
        case ("GET", "", ""): return ForgeReply(200, Self.project(forge))
        case ("GET", "merge_requests", "") where path.count == 1:
            let state = call.query["state"] ?? "all"
            let found = try forge.pulls.reversed().filter { pull in
                (state == "all" || (pull.state == .open) == (state == "opened"))
                    && (call.query["source_branch"].map { $0 == pull.headBranch } ?? true)
            }
            return .list(found.map { Self.request($0, forge) })
        case ("POST", "merge_requests", "") where path.count == 1:
            let pull = try forge.open(
                title: call.text("title") ?? "", body: call.text("description") ?? "", head: call.text("source_branch") ?? "",
                base: call.text("target_branch") ?? "")
            return ForgeReply(201, Self.request(pull, forge))
        case ("GET", "merge_requests", ""): return ForgeReply(200, Self.request(try forge.pull(number), forge))
        case ("PUT", "merge_requests", ""): return ForgeReply(200, Self.request(try change(call, number, forge), forge))
        case ("PUT", "merge_requests", "merge"):
            let isSquash = call.body["squash"]?.flag == true
            let message = isSquash ? call.text("squash_commit_message") : call.text("merge_commit_message")
            let merged = try forge.merge(
                number, by: "gradus-bot", isSquash ? .squash : .merge, head: call.text("sha"), message: message)
            return ForgeReply(200, Self.request(merged, forge))
        case ("POST", "merge_requests", "notes"):
            try forge.change(number) { $0.comments.append(call.text("body") ?? "") }
            return ForgeReply(201, ["id": 1, "body": .string(call.text("body") ?? "")])
        case ("GET", "merge_requests", "approvals"):
            let approved = Self.standing(try forge.pull(number)).filter { $0.verdict == .approved }
            return ForgeReply(200, ["approved_by": .array(approved.map { ["user": Self.user($0.reviewer, forge)] })])
        case ("GET", "merge_requests", "reviewers"):
            let pull = try forge.pull(number)
            return .list(
                Self.standing(pull).map { ["user": Self.user($0.reviewer, forge), "state": Self.state(of: $0)] }
                    + pull.requested.map { ["user": Self.user($0, forge), "state": "unreviewed"] })
        default: return try answerOfCommits(call, path, forge)
        }
    }

    private func answerOfCommits(_ call: ForgeCall, _ path: [String], _ forge: TestForge) throws -> ForgeReply {
        let subject = path.dropFirst().first ?? ""
        switch (call.method, path.first ?? "", path.last ?? "") {
        case ("GET", "repository", "statuses") where path.count == 4:
            return .list(forge.newestStatuses(of: path[2]).map(Self.status))
        case ("POST", "statuses", _):
            let text = call.text("state") ?? ""
            let state: ForgeCheck.State = text == "success" ? .success : text == "failed" ? .failure : .pending
            let name = call.text("name") ?? call.text("context") ?? "default"
            let there = forge.newestStatuses(of: subject).first { $0.context == name }
            if there?.state == .pending, state == .pending {
                return ForgeReply(400, Self.failure("Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via \"enqueue\")"))
            }
            forge.post(name, state, on: subject, text: call.text("description") ?? "", url: call.text("target_url"))
            return ForgeReply(201, forge.newestStatuses(of: subject).last.map(Self.status) ?? .null)
        case ("GET", "deployments", _):
            let found = forge.deployments.filter { (call.query["environment"] ?? $0.environment) == $0.environment }
            return .list(found.reversed().map(Self.deployment))
        case ("POST", "deployments", _):
            let made = forge.deploy(call.text("sha") ?? "", to: call.text("environment") ?? "", state: call.text("status"))
            return ForgeReply(201, Self.deployment(made))
        case ("PUT", "deployments", _):
            return ForgeReply(200, Self.deployment(try forge.setDeployment(Int(subject) ?? 0, call.text("status") ?? "")))
        default: throw TestForge.Refusal(.missing, "404 Not Found")
        }
    }

    private func change(_ call: ForgeCall, _ number: Int, _ forge: TestForge) throws -> TestPull {
        if call.text("state_event") == "close" { try forge.close(number, by: "gradus-bot") }
        let people = forge.people
        func names(_ key: String) -> [String]? {
            call.body[key].map { $0.items.compactMap(\.whole).filter { people.indices.contains($0 - 1) }.map { people[$0 - 1] } }
        }
        let (assignees, reviewers) = (names("assignee_ids"), names("reviewer_ids"))
        return try forge.change(number) { pull in
            pull.title = call.text("title") ?? pull.title
            pull.body = call.text("description") ?? pull.body
            pull.baseBranch = call.text("target_branch") ?? pull.baseBranch
            pull.labels += (call.text("add_labels") ?? "").split(separator: ",").map(String.init)
            pull.assignees = assignees ?? pull.assignees
            pull.requested = reviewers ?? pull.requested
        }
    }

    /// The last review of each.
    private static func standing(_ pull: TestPull) -> [TestPull.Review] {
        var found: [String: TestPull.Review] = [:]
        for review in pull.reviews { found[review.reviewer] = review }
        return found.values.sorted { $0.id < $1.id }
    }

    private static func state(of review: TestPull.Review) -> JSONValue {
        switch review.verdict {
        case .approved: "approved"
        case .changesRequested: "requested_changes"
        case .commented: "reviewed"
        case .dismissed: "unapproved"
        }
    }

    private static func project(_ forge: TestForge) -> JSONValue {
        [
            "id": 7, "path_with_namespace": .string(forge.fullName), "default_branch": "main", "merge_method": "merge",
            "only_allow_merge_if_pipeline_succeeds": .bool(!forge.requiredChecks.isEmpty),
        ]
    }

    private static func user(_ name: String, _ forge: TestForge) -> JSONValue {
        ["id": .int((forge.people.firstIndex(of: name) ?? 98) + 1), "username": .string(name), "name": .string(name), "state": "active"]
    }

    private static func request(_ pull: TestPull, _ forge: TestForge) -> JSONValue {
        let isMerged = pull.state == .merged
        let ended: JSONValue = pull.endedAt.map { .string(GitHubDialect.time($0)) } ?? .null
        let ender = pull.endedBy.map { user($0, forge) } ?? .null
        return [
            "iid": .int(pull.number), "id": .int(1_000 + pull.number), "project_id": 7, "source_project_id": 7, "target_project_id": 7,
            "state": pull.state == .open ? "opened" : isMerged ? "merged" : "closed", "title": .string(pull.title),
            "description": .string(pull.body), "sha": .string(pull.head), "source_branch": .string(pull.headBranch),
            "target_branch": .string(pull.baseBranch), "labels": .array(pull.labels.map(JSONValue.string)),
            "web_url": .string("https://forge.example/\(forge.fullName)/-/merge_requests/\(pull.number)"),
            "assignees": .array(pull.assignees.map { user($0, forge) }), "reviewers": .array(pull.requested.map { user($0, forge) }),
            "merge_commit_sha": isMerged && pull.method == .merge ? .optional(pull.mergeCommit) : .null,
            "squash_commit_sha": isMerged && pull.method == .squash ? .optional(pull.mergeCommit) : .null,
            "merge_user": isMerged ? ender : .null, "merged_by": isMerged ? ender : .null, "merged_at": isMerged ? ended : .null,
            "closed_by": pull.state == .closed ? ender : .null, "closed_at": pull.state == .closed ? ended : .null,
            "detailed_merge_status": pull.state == .open ? "mergeable" : "not_open", "draft": false,
        ]
    }

    private static func status(_ status: TestStatus) -> JSONValue {
        [
            "id": .int(status.id), "sha": .string(status.commit), "name": .string(status.context), "allow_failure": false,
            "status": status.state == .failure ? "failed" : .string(status.state.rawValue), "description": .string(status.text),
            "target_url": .optional(status.url),
        ]
    }

    private static func deployment(_ deployment: TestDeployment) -> JSONValue {
        [
            "id": .int(deployment.id), "iid": .int(deployment.id), "sha": .string(deployment.commit), "ref": "main",
            "status": .string(deployment.states.last ?? "created"), "environment": ["name": .string(deployment.environment)],
        ]
    }
}
