internal import PromotionEngine

/// The documents of GitHub's answers: what is told of a pull request, without the members that say nothing of it.
extension GitHubDialect {
    /// - Parameter isWhole: with the members that lists leave out.
    static func pull(_ pull: TestPull, _ forge: TestForge, isWhole: Bool = true) -> JSONValue {
        let isOpen = pull.state == .open
        let ended: JSONValue = pull.endedAt.map { .string(time($0)) } ?? .null
        var members: [String: JSONValue] = [
            "number": .int(pull.number), "state": isOpen ? "open" : "closed", "title": .string(pull.title), "body": .string(pull.body),
            "html_url": .string("https://forge.example/\(forge.fullName)/pull/\(pull.number)"), "user": user("gradus-bot"),
            "head": end(pull.headBranch, pull.head, forge), "base": end(pull.baseBranch, pull.head, forge),
            "labels": .array(pull.labels.map(label)), "assignees": .array(pull.assignees.map(user)),
            "requested_reviewers": .array(pull.requested.map(user)),
            "requested_teams": .array(pull.requestedTeams.map { ["slug": .string($0), "name": .string($0)] }),
            "closed_at": ended, "merged_at": pull.state == .merged ? ended : .null,
            // While open GitHub names the commit of a trial merge.
            "merge_commit_sha": .string(pull.mergeCommit ?? String(repeating: "e", count: 40)), "draft": false, "locked": false,
        ]
        if isWhole {
            members["merged"] = .bool(pull.state == .merged)
            members["merged_by"] = pull.state == .merged ? pull.endedBy.map(user) ?? .null : .null
            members["mergeable"] = isOpen ? true : .null
            members["mergeable_state"] = isOpen ? "clean" : "unknown"
        }
        return .object(members)
    }

    private static func end(_ branch: String, _ commit: String, _ forge: TestForge) -> JSONValue {
        [
            "ref": .string(branch), "sha": .string(commit), "label": .string("\(forge.owner):\(branch)"),
            "repo": ["name": .string(forge.name), "full_name": .string(forge.fullName)], "user": user(forge.owner),
        ]
    }

    static func user(_ name: String) -> JSONValue { ["login": .string(name), "id": 1, "type": "User"] }

    static func label(_ name: String) -> JSONValue { ["name": .string(name), "color": "ededed", "id": 1] }

    static func review(_ review: TestPull.Review, _ number: Int, _ forge: TestForge) -> JSONValue {
        let state: JSONValue =
            switch review.verdict {
            case .approved: "APPROVED"
            case .changesRequested: "CHANGES_REQUESTED"
            case .commented: "COMMENTED"
            case .dismissed: "DISMISSED"
            }
        return [
            "id": .int(review.id), "user": user(review.reviewer), "state": state, "commit_id": .string(review.commit), "body": "",
            "html_url": .string("https://forge.example/\(forge.fullName)/pull/\(number)#review-\(review.id)"),
        ]
    }

    /// - Parameter isWhole: with who closed it, which answers to changes leave out.
    static func issue(_ pull: TestPull, _ forge: TestForge, isWhole: Bool = true) -> JSONValue {
        var members: [String: JSONValue] = [
            "number": .int(pull.number), "state": pull.state == .open ? "open" : "closed", "title": .string(pull.title),
            "assignees": .array(pull.assignees.map(user)), "labels": .array(pull.labels.map(label)),
        ]
        if isWhole { members["closed_by"] = pull.state == .open ? .null : pull.endedBy.map(user) ?? .null }
        return .object(members)
    }

    static func status(_ status: TestStatus) -> JSONValue {
        [
            "id": .int(status.id), "context": .string(status.context), "state": .string(status.state.rawValue),
            "description": .string(status.text), "target_url": .optional(status.url),
        ]
    }

    static func run(_ status: TestStatus) -> JSONValue {
        [
            "id": .int(status.id), "name": .string(status.context), "head_sha": .string(status.commit),
            "status": status.state == .pending ? "in_progress" : "completed",
            "conclusion": status.state == .pending ? .null : .string(status.state.rawValue), "html_url": .optional(status.url),
        ]
    }

    static func deployment(_ deployment: TestDeployment) -> JSONValue {
        [
            "id": .int(deployment.id), "sha": .string(deployment.commit), "ref": .string(deployment.commit), "task": "deploy",
            "environment": .string(deployment.environment),
        ]
    }

    static func deploymentStatus(_ id: Int, _ state: String) -> JSONValue { ["id": .int(id), "state": .string(state)] }

    static func time(_ count: Int) -> String { Instant(seconds: 1_790_000_000 + count).description }
}
