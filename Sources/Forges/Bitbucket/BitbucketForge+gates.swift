internal import Expressions
internal import PromotionEngine
internal import Web

/// Merging, and what it depends on.
extension BitbucketForge {
    private static let mostPolls = 30

    /// Bitbucket merges whatever the head is then, so it is looked at just before; a push in between is merged too.
    func merge(_ number: String, head: String, method: MergeMethod, title: String, message: String) throws -> MergeEnding {
        let task = "merge pull request \(number)"
        let before = try pullRequest(number)
        guard before.head == head else { return .headMoved }
        guard before.state == .open else { return try ending(of: number, head: head, refusal: "it is closed") }
        let strategy =
            switch method {
            case .merge: "merge_commit"
            case .squash: "squash"
            case .rebase: "rebase_fast_forward"
            }
        return try merging(number, head: head) {
            let answer = try client.send(
                .post, path("pullrequests", number, "merge"),
                [
                    "type": "pullrequest_merge_parameters", "merge_strategy": .string(strategy), "close_source_branch": false,
                    "message": .string(title + (message.isEmpty ? "" : "\n\n" + message)),
                ], accepting: [400, 409], task)
            guard answer.isSuccess else {
                return try ending(of: number, head: head, refusal: answer.words ?? "\(name) answered \(answer.status)")
            }
            if answer.status == 202 { try awaitMerge(number, answer, task) }
            return try ending(of: number, head: head, refusal: "it is not merged yet")
        }
    }

    /// A long merge is done in the background; `Location` names its task.
    private func awaitMerge(_ number: String, _ answer: ForgeAnswer, _ task: String) throws {
        guard let id = answer.header("Location")?.split(separator: "/").last.map(String.init) else { return }
        for _ in 0..<Self.mostPolls {
            let state = try client.get(path("pullrequests", number, "merge", "task-status", id), task)["task_status"]?.text
            guard state == "PENDING" else { return }
            client.wait(1)
        }
    }

    /// An approval is of the pull request: Bitbucket does not say of which commit.
    func reviews(of number: String) throws -> [ForgeReview] {
        Newest.reviews(
            (try read(number)["participants"]?.items ?? []).compactMap { participant in
                guard let reviewer = participant["user", "nickname"]?.text else { return nil }
                if participant["state"]?.text == "changes_requested" {
                    return ForgeReview(reviewer: reviewer, verdict: .changesRequested, commit: nil)
                }
                let isApproved = participant["approved"]?.flag == true
                return isApproved ? ForgeReview(reviewer: reviewer, verdict: .approved, commit: nil) : nil
            })
    }

    /// Required builds have no names, only a number, which an administrator alone may read: none are added.
    func checks(of commit: String, base: String) throws -> [ForgeCheck] {
        let task = "read the checks of \(commit)"
        let found = try statuses(of: commit).map { status in
            let state: ForgeCheck.State =
                switch status["state"]?.text {
                case "SUCCESSFUL": .success
                case "INPROGRESS": .pending
                default: .failure
                }
            return ForgeCheck(
                name: try status["name"]?.text ?? client.text(status, ["key"], task), state: state, url: status["url"]?.text)
        }
        return Newest.checks(found, required: [])
    }

    func post(_ status: ForgeStatus, on commit: String) throws {
        let task = "post the status \(status.context) on \(commit)"
        let text = OneLine.cut(status.text)
        let wanted =
            switch status.state {
            case .pending: "INPROGRESS"
            case .success: "SUCCESSFUL"
            case .failure: "FAILED"
            }
        // An address is compulsory.
        let url = status.url ?? "https://bitbucket.org/\(workspace)/\(slug)/commits/\(commit)"
        let isThere = try statuses(of: commit).contains {
            $0["name"]?.text == status.context && $0["state"]?.text == wanted && $0["description"]?.text == text && $0["url"]?.text == url
        }
        guard !isThere else { return }
        try client.send(
            .post, path("commit", commit, "statuses", "build"),
            [
                "key": .string(Self.key(status.context)), "name": .string(status.context), "state": .string(wanted),
                "description": .string(text), "url": .string(url),
            ], task)
    }

    private func statuses(of commit: String) throws -> [Value] {
        try client.all(
            path("commit", commit, "statuses"), query: [Self.page], in: "values", "read the statuses of \(commit)")
    }

    /// At most forty characters; of longer ones the beginning, with a number that tells them apart (FNV-1a).
    private static func key(_ context: String) -> String {
        guard context.utf8.count > 40 else { return context }
        let hash = context.utf8.reduce(into: UInt64(0xCBF2_9CE4_8422_2325)) { hash, byte in
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return "\(context.prefix(20))-\(String(hash, radix: 16))"
    }
}
