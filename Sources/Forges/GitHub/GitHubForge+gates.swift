internal import Expressions
internal import PromotionEngine
internal import Web

/// Merging, and what it depends on.
extension GitHubForge {
    func merge(_ number: String, head: String, method: MergeMethod, title: String, message: String) throws -> MergeEnding {
        let task = "merge pull request \(number)"
        var body: [String: JSONValue] = ["sha": .string(head), "merge_method": .string(method.rawValue)]
        // A rebase keeps the messages of the commits.
        if method != .rebase {
            body["commit_title"] = .string(title)
            body["commit_message"] = .string(message)
        }
        return try merging(number, head: head) {
            // 405: not now; 409: the head is another one; 422: a rule of the repository.
            let answer = try client.repeating {
                try client.send(.put, path("pulls", number, "merge"), .object(body), accepting: [405, 409, 422], task)
            } while: { answer in
                // Another merge moved the base at the same moment.
                answer.words?.lowercased().firstRange(of: "try the merge again") != nil && answer.status == 405
            }
            guard answer.isSuccess else {
                return try ending(of: number, head: head, refusal: answer.words ?? "\(name) answered \(answer.status)")
            }
            return .merged(commit: try client.text(answer.document, ["sha"], task))
        }
    }

    func reviews(of number: String) throws -> [ForgeReview] {
        Newest.reviews(
            try allReviews(of: number).compactMap { review in
                let verdict: ForgeReview.Verdict? =
                    switch review["state"]?.text {
                    case "APPROVED": .approved
                    case "CHANGES_REQUESTED": .changesRequested
                    case "DISMISSED": .dismissed
                    default: nil
                    }
                // The account of a reviewer may be gone.
                guard let verdict, let reviewer = review["user", "login"]?.text else { return nil }
                return ForgeReview(reviewer: reviewer, verdict: verdict, commit: review["commit_id"]?.text)
            })
    }

    /// In the order in which they were given.
    func allReviews(of number: String) throws -> [Value] {
        try client.all(path("pulls", number, "reviews"), query: [("per_page", "100")], "read the reviews of pull request \(number)")
    }

    func checks(of commit: String, base: String) throws -> [ForgeCheck] {
        let task = "read the checks of \(commit)"
        let statuses = try statuses(of: commit).map { status in
            ForgeCheck(
                name: try client.text(status, ["context"], task), state: Self.state(status["state"]?.text),
                url: status["target_url"]?.text)
        }
        let runs = try client.all(
            path("commits", commit, "check-runs"), query: [("filter", "latest"), ("per_page", "100")], in: "check_runs", task
        ).sorted { ($0["id"]?.whole ?? 0) < ($1["id"]?.whole ?? 0) }.map { run in
            ForgeCheck(name: try client.text(run, ["name"], task), state: Self.state(of: run), url: run["html_url"]?.text)
        }
        return Newest.checks(statuses + runs, required: try requiredChecks(of: base))
    }

    func post(_ status: ForgeStatus, on commit: String) throws {
        try post(status, on: commit) { text in
            try statuses(of: commit).contains {
                $0["context"]?.text == status.context && $0["state"]?.text == status.state.rawValue && $0["description"]?.text == text
                    && $0["target_url"]?.text == status.url
            }
        }
    }

    func recordDeployment(of commit: String, environment: String, state: ForgeCheck.State, text: String) throws {
        let task = "record the deployment of \(commit) to \(environment)"
        let there = try client.all(
            path("deployments"), query: [("sha", commit), ("environment", environment), ("per_page", "100")], task
        ).first { $0["task"]?.text == "deploy" }
        // Gradus has decided already: GitHub shall neither merge nor wait for checks.
        let deployment = try there ?? client.send(
            .post, path("deployments"),
            [
                "ref": .string(commit), "environment": .string(environment), "auto_merge": false, "required_contexts": [],
                "description": .string(OneLine.cut(text)),
            ], task
        ).document
        let id = "\(try client.whole(deployment, ["id"], task))"
        let wanted = state == .pending ? "in_progress" : state.rawValue
        let told = try client.all(path("deployments", id, "statuses"), query: [("per_page", "100")], task)
        let newest = told.max { ($0["id"]?.whole ?? 0) < ($1["id"]?.whole ?? 0) }
        guard newest?["state"]?.text != wanted else { return }
        try client.send(
            .post, path("deployments", id, "statuses"), ["state": .string(wanted), "description": .string(OneLine.cut(text))], task)
    }

    /// The newest status of each context.
    private func statuses(of commit: String) throws -> [Value] {
        try client.all(
            path("commits", commit, "status"), query: [("per_page", "100")], in: "statuses", "read the statuses of \(commit)")
    }

    /// What branch protection requires, which everyone may read who may read the branch.
    private func requiredChecks(of branch: String) throws -> [String] {
        let task = "read the required checks of \(branch)"
        let protection = try client.find(path("branches", branch), task)?["protection"]
        let required = protection?["required_status_checks", "contexts"]?.items.compactMap(\.text) ?? []
        // Rule sets require checks of their own; older GitHub Enterprise has none (404), nor have private repositories of free plans (403).
        let rules = try client.find(path("rules", "branches", branch), query: [("per_page", "100")], missing: [403, 404], task)?.items ?? []
        let ruled = rules.filter { $0["type"]?.text == "required_status_checks" }
            .flatMap { $0["parameters", "required_status_checks"]?.items ?? [] }.compactMap { $0["context"]?.text }
        return required + ruled
    }

    private static func state(_ text: String?) -> ForgeCheck.State {
        switch text {
        case "success": .success
        case "pending", nil: .pending
        default: .failure
        }
    }

    /// Neutral and skipped runs let a merge through, as on GitHub ("About status checks").
    private static func state(of run: Value) -> ForgeCheck.State {
        guard run["status"]?.text == "completed" else { return .pending }
        return ["success", "neutral", "skipped"].contains(run["conclusion"]?.text ?? "") ? .success : .failure
    }
}
