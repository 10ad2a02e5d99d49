internal import Expressions
internal import PromotionEngine
internal import Web

/// Merging, and what it depends on.
extension GitLabForge {
    func merge(_ number: String, head: String, method: MergeMethod, title: String, message: String) throws -> MergeEnding {
        let task = "merge merge request \(number)"
        if method == .rebase {
            // Whether commits are rebased is a setting of the project, not of a merge.
            let way = try client.get(path(), task)["merge_method"]?.text ?? "merge"
            guard way != "merge" else {
                return .refused("the project merges with merge commits; set its merge method to fast-forward or semi-linear")
            }
        }
        let text = title + (message.isEmpty ? "" : "\n\n" + message)
        var body: [String: JSONValue] = [
            "sha": .string(head), "squash": .bool(method == .squash), "should_remove_source_branch": false,
        ]
        if method == .squash { body["squash_commit_message"] = .string(text) }
        if method == .merge { body["merge_commit_message"] = .string(text) }
        return try merging(number, head: head) {
            // 405: not now; 406 and 422: a conflict; 409: the head is another one.
            let answer = try client.repeating {
                try client.send(.put, path("merge_requests", number, "merge"), .object(body), accepting: [405, 406, 409, 422], task)
            } while: { answer in
                // After a push GitLab looks for conflicts in the background.
                try !answer.isSuccess && Self.passing.contains(mergeStatus(number) ?? "")
            }
            guard answer.isSuccess else {
                return try ending(of: number, head: head, refusal: try refusalWords(answer, number))
            }
            let merged = try pullRequest(answer.document, task)
            guard merged.state == .merged else { return .refused(answer.document["merge_error"]?.text ?? "it is not merged yet") }
            return .merged(commit: merged.mergeCommit)
        }
    }

    /// Values of `detailed_merge_status` that pass by themselves (docs.gitlab.com, "Merge status").
    private static let passing: Set<String> = ["checking", "unchecked", "preparing", "approvals_syncing"]

    private func mergeStatus(_ number: String) throws -> String? { try read(number)["detailed_merge_status"]?.text }

    /// The answer says no more than "Method Not Allowed"; why stands in the merge request.
    private func refusalWords(_ answer: ForgeAnswer, _ number: String) throws -> String {
        let words = answer.words ?? "\(name) answered \(answer.status)"
        guard let status = try mergeStatus(number) else { return words }
        return "\(words) (\(String(status.map { $0 == "_" ? " " : $0 })))"
    }

    /// Approvals are of the merge request: GitLab does not say of which commit.
    func reviews(of number: String) throws -> [ForgeReview] {
        let task = "read the reviews of merge request \(number)"
        let approvals = try client.get(path("merge_requests", number, "approvals"), task)["approved_by"]?.items ?? []
        let approved = approvals.compactMap { $0["user", "username"]?.text }
        // Versions before 13.9 tell nothing of reviewers.
        let reviewers = try client.find(path("merge_requests", number, "reviewers"), query: [Self.page], task)?.items ?? []
        let opposed = reviewers.filter { $0["state"]?.text == "requested_changes" }.compactMap { $0["user", "username"]?.text }
        return Newest.reviews(
            approved.map { ForgeReview(reviewer: $0, verdict: .approved, commit: nil) }
                + opposed.map { ForgeReview(reviewer: $0, verdict: .changesRequested, commit: nil) })
    }

    func checks(of commit: String, base: String) throws -> [ForgeCheck] {
        let task = "read the checks of \(commit)"
        let found = try statuses(of: commit).sorted { ($0["id"]?.whole ?? 0) < ($1["id"]?.whole ?? 0) }.map { status in
            let mayFail = status["allow_failure"]?.flag == true
            let state = Self.state(status["status"]?.text, mayFail: mayFail)
            return ForgeCheck(name: try client.text(status, ["name"], task), state: state, url: status["target_url"]?.text)
        }
        // Jobs have no required names; a pipeline may be required as a whole.
        let project = try client.get(path(), "read the required checks of \(base)")
        let isRequired = project["only_allow_merge_if_pipeline_succeeds"]?.flag == true
        let own = found.filter { !$0.name.hasPrefix("gradus/") }
        return Newest.checks(found, required: isRequired && own.isEmpty ? ["pipeline"] : [])
    }

    func post(_ status: ForgeStatus, on commit: String) throws {
        let text = OneLine.cut(status.text, to: 255)
        let wanted = status.state == .failure ? "failed" : status.state.rawValue
        let there = try statuses(of: commit).last { $0["name"]?.text == status.context }
        let isSame = there?["status"]?.text == wanted && there?["description"]?.text == text && there?["target_url"]?.text == status.url
        guard !isSame else { return }
        var body: [String: JSONValue] = [
            "state": .string(wanted), "name": .string(status.context), "description": .string(text),
        ]
        if let url = status.url { body["target_url"] = .string(url) }
        let task = "post the status \(status.context) on \(commit)"
        let answer = try client.send(.post, path("statuses", commit), .object(body), accepting: [400], task)
        // GitLab does not change the text of a status that stays in its state.
        let isRepetition = there?["status"]?.text == wanted && (answer.words ?? "").firstRange(of: "Cannot transition status") != nil
        guard answer.isSuccess || isRepetition else { throw client.refusal(answer, task) }
    }

    func recordDeployment(of commit: String, environment: String, state: ForgeCheck.State, text: String) throws {
        let task = "record the deployment of \(commit) to \(environment)"
        let wanted =
            switch state {
            case .pending: "running"
            case .success: "success"
            case .failure: "failed"
            }
        let there = try client.all(
            path("deployments"), query: [("environment", environment), ("order_by", "id"), ("sort", "desc"), Self.page], task
        ).first { $0["sha"]?.text == commit }
        guard let there else {
            let branch = try client.text(try client.get(path(), task), ["default_branch"], task)
            try client.send(
                .post, path("deployments"),
                [
                    "environment": .string(environment), "sha": .string(commit), "ref": .string(branch), "tag": false,
                    "status": .string(wanted),
                ], task)
            return
        }
        guard there["status"]?.text != wanted else { return }
        try client.send(.put, path("deployments", "\(try client.whole(there, ["id"], task))"), ["status": .string(wanted)], task)
    }

    /// The newest of each name.
    private func statuses(of commit: String) throws -> [Value] {
        try client.all(
            path("repository", "commits", commit, "statuses"), query: [Self.page], "read the statuses of \(commit)")
    }

    /// What waits for a person (`manual`) and what was left out (`skipped`) stops no pipeline.
    private static func state(_ text: String?, mayFail: Bool) -> ForgeCheck.State {
        switch text {
        case "success", "skipped", "manual": .success
        case "failed", "canceled": mayFail ? .success : .failure
        default: .pending
        }
    }
}
