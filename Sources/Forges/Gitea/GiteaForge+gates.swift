internal import Expressions
internal import PromotionEngine
internal import Web

/// Merging, and what it depends on.
extension GiteaForge {
    func merge(_ number: String, head: String, method: MergeMethod, title: String, message: String) throws -> MergeEnding {
        let task = "merge pull request \(number)"
        var body: [String: JSONValue] = [
            "Do": .string(method.rawValue), "head_commit_id": .string(head), "delete_branch_after_merge": false,
        ]
        if method != .rebase {
            body["MergeTitleField"] = .string(title)
            body["MergeMessageField"] = .string(message)
        }
        return try merging(number, head: head) {
            let answer = try client.repeating {
                try client.send(.post, path("pulls", number, "merge"), .object(body), accepting: [405, 409, 422], task)
            } while: { answer in
                // After a push Gitea looks for conflicts in the background, and says this meanwhile.
                answer.words?.lowercased().firstRange(of: "try again later") != nil
            }
            guard answer.isSuccess else {
                return try ending(of: number, head: head, refusal: answer.words ?? "\(name) answered \(answer.status)")
            }
            return .merged(commit: try pullRequest(number).mergeCommit)
        }
    }

    func reviews(of number: String) throws -> [ForgeReview] {
        Newest.reviews(
            try allReviews(of: number).compactMap { review in
                let verdict: ForgeReview.Verdict? =
                    switch review["state"]?.text {
                    case "APPROVED": .approved
                    case "REQUEST_CHANGES": .changesRequested
                    default: nil
                    }
                guard let verdict, let reviewer = review["user", "login"]?.text else { return nil }
                let isDismissed = review["dismissed"]?.flag == true
                return ForgeReview(reviewer: reviewer, verdict: isDismissed ? .dismissed : verdict, commit: review["commit_id"]?.text)
            })
    }

    /// In the order in which they were given.
    func allReviews(of number: String) throws -> [Value] {
        try client.all(path("pulls", number, "reviews"), query: [Self.page], "read the reviews of pull request \(number)")
            .sorted { ($0["id"]?.whole ?? 0) < ($1["id"]?.whole ?? 0) }
    }

    func checks(of commit: String, base: String) throws -> [ForgeCheck] {
        let task = "read the checks of \(commit)"
        let found = try statuses(of: commit).map { status in
            let state: ForgeCheck.State =
                switch status["status"]?.text {
                // A warning does not stop a merge.
                case "success", "warning": .success
                case "pending", nil: .pending
                default: .failure
                }
            return ForgeCheck(name: try client.text(status, ["context"], task), state: state, url: Self.link(status["target_url"]))
        }
        let branch = try client.find(path("branches", base), "read the required checks of \(base)")
        let isRequired = branch?["enable_status_check"]?.flag == true
        // Required ones may be patterns, which no missing check can be named by.
        let required = (branch?["status_check_contexts"]?.items ?? []).compactMap(\.text).filter { !$0.contains { "*?[{".contains($0) } }
        return Newest.checks(found, required: isRequired ? required : [])
    }

    func post(_ status: ForgeStatus, on commit: String) throws {
        try post(status, on: commit) { text in
            try statuses(of: commit).contains {
                $0["context"]?.text == status.context && $0["status"]?.text == status.state.rawValue && $0["description"]?.text == text
                    && Self.link($0["target_url"]) == status.url
            }
        }
    }

    /// The newest status of each context.
    private func statuses(of commit: String) throws -> [Value] {
        try client.all(
            path("commits", commit, "status"), query: [Self.page], in: "statuses", "read the statuses of \(commit)")
    }

    /// No link is an empty text.
    private static func link(_ value: Value?) -> String? { value?.text.flatMap { $0.isEmpty ? nil : $0 } }
}
