internal import Expressions
internal import PromotionEngine

/// GitHub's REST API, as far as Gradus uses it.
struct GitHubDialect: ForgeDialect {
    static let root = "/api/v3"
    static let paging = (page: "page", length: "per_page")

    static func failure(_ words: String) -> JSONValue {
        ["message": .string(words), "documentation_url": "https://docs.github.com/rest"]
    }

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
        case ("GET", "pulls", "") where path.count == 1: return .list(try list(call, forge).map { Self.pull($0, forge, isWhole: false) })
        case ("POST", "pulls", "") where path.count == 1: return try open(call, forge)
        case ("GET", "pulls", ""): return ForgeReply(200, Self.pull(try forge.pull(number), forge))
        case ("PATCH", "pulls", ""): return ForgeReply(200, Self.pull(try change(call, number, forge), forge))
        case ("PUT", "pulls", "merge"): return try merge(call, number, forge)
        case ("GET", "pulls", "reviews"): return .list(try forge.pull(number).reviews.map { Self.review($0, number, forge) })
        case ("POST", "pulls", "requested_reviewers"): return try request(call, number, forge)
        case ("GET", "issues", ""): return ForgeReply(200, Self.issue(try forge.pull(number), forge))
        case ("POST", "issues", "comments"):
            try forge.change(number) { $0.comments.append(call.text("body") ?? "") }
            return ForgeReply(201, ["id": 1, "body": .string(call.text("body") ?? "")])
        case ("POST", "issues", "labels"):
            forge.addLabels(call.texts("labels"))
            return ForgeReply(200, .array(try forge.change(number) { $0.labels += call.texts("labels") }.labels.map(Self.label)))
        case ("POST", "issues", "assignees"):
            return ForgeReply(201, Self.issue(try forge.change(number) { $0.assignees += call.texts("assignees") }, forge, isWhole: false))
        default: return try answerOfCommits(call, path, forge)
        }
    }

    private func answerOfCommits(_ call: ForgeCall, _ path: [String], _ forge: TestForge) throws -> ForgeReply {
        let subject = path.dropFirst().first ?? ""
        switch (call.method, path.first ?? "", path.dropFirst(2).first ?? "") {
        case ("GET", "commits", "status"):
            let found = forge.newestStatuses(of: subject).filter { !$0.isRun }
            return .list(
                found.map(Self.status), in: "statuses", ["state": "pending", "sha": .string(subject), "total_count": .int(found.count)])
        case ("GET", "commits", "check-runs"):
            let found = forge.newestStatuses(of: subject).filter(\.isRun)
            return .list(found.map(Self.run), in: "check_runs", ["total_count": .int(found.count)])
        case ("POST", "statuses", ""):
            let state = ForgeCheck.State(rawValue: call.text("state") ?? "") ?? .failure
            forge.post(
                call.text("context") ?? "default", state, on: subject, text: call.text("description") ?? "", url: call.text("target_url"))
            return ForgeReply(201, forge.newestStatuses(of: subject).last.map(Self.status) ?? .null)
        case ("GET", "branches", ""):
            guard let tip = try forge.tip(of: subject) else { throw TestForge.Refusal(.missing, "Branch not found") }
            let contexts = JSONValue.array(forge.requiredChecks.map(JSONValue.string))
            return ForgeReply(
                200,
                [
                    "name": .string(subject), "commit": ["sha": .string(tip)], "protected": .bool(!forge.requiredChecks.isEmpty),
                    "protection": [
                        "enabled": .bool(!forge.requiredChecks.isEmpty),
                        "required_status_checks": ["enforcement_level": "non_admins", "contexts": contexts],
                    ],
                ])
        case ("GET", "rules", _):
            let checks = JSONValue.array(forge.ruledChecks.map { ["context": .string($0)] })
            return .list([
                ["type": "deletion"], ["type": "required_status_checks", "parameters": ["required_status_checks": checks]],
            ])
        case ("GET", "deployments", ""):
            let found = forge.deployments.filter {
                (call.query["sha"] ?? $0.commit) == $0.commit && (call.query["environment"] ?? $0.environment) == $0.environment
            }
            return .list(found.reversed().map(Self.deployment))
        case ("POST", "deployments", ""):
            let made = forge.deploy(call.text("ref") ?? "", to: call.text("environment") ?? "production", state: nil)
            return ForgeReply(201, Self.deployment(made))
        case ("GET", "deployments", "statuses"):
            let states = forge.deployments.first { "\($0.id)" == subject }?.states ?? []
            return .list(states.enumerated().reversed().map { Self.deploymentStatus($0.offset + 1, $0.element) })
        case ("POST", "deployments", "statuses"):
            let states = try forge.setDeployment(Int(subject) ?? 0, call.text("state") ?? "").states
            return ForgeReply(201, Self.deploymentStatus(states.count, states.last ?? ""))
        default: throw TestForge.Refusal(.missing, "Not Found")
        }
    }

    private func list(_ call: ForgeCall, _ forge: TestForge) throws -> [TestPull] {
        let state = call.query["state"] ?? "open"
        return try forge.pulls.reversed().filter { pull in
            let isWanted = state == "all" || (pull.state == .open) == (state == "open")
            return isWanted && (call.query["head"].map { $0 == "\(forge.owner):\(pull.headBranch)" } ?? true)
        }
    }

    private func open(_ call: ForgeCall, _ forge: TestForge) throws -> ForgeReply {
        let pull = try forge.open(
            title: call.text("title") ?? "", body: call.text("body") ?? "", head: call.text("head") ?? "", base: call.text("base") ?? "")
        return ForgeReply(201, Self.pull(pull, forge))
    }

    private func change(_ call: ForgeCall, _ number: Int, _ forge: TestForge) throws -> TestPull {
        if call.text("state") == "closed" { try forge.close(number, by: "gradus-bot") }
        return try forge.change(number) { pull in
            pull.title = call.text("title") ?? pull.title
            pull.body = call.text("body") ?? pull.body
            pull.baseBranch = call.text("base") ?? pull.baseBranch
        }
    }

    private func merge(_ call: ForgeCall, _ number: Int, _ forge: TestForge) throws -> ForgeReply {
        let method = MergeMethod(rawValue: call.text("merge_method") ?? "merge") ?? .merge
        let message = call.text("commit_title").map { $0 + (call.text("commit_message").map { "\n\n" + $0 } ?? "") }
        let merged = try forge.merge(number, by: "gradus-bot", method, head: call.text("sha"), message: message)
        return ForgeReply(
            200, ["merged": true, "message": "Pull Request successfully merged", "sha": .string(merged.mergeCommit ?? "")])
    }

    private func request(_ call: ForgeCall, _ number: Int, _ forge: TestForge) throws -> ForgeReply {
        let unknown = call.texts("reviewers").filter { !forge.people.contains($0) || $0 == "gradus-bot" }
        guard unknown.isEmpty else {
            throw TestForge.Refusal(.invalid, "Reviews may only be requested from collaborators: \(unknown.joined(separator: ", "))")
        }
        return ForgeReply(
            201,
            Self.pull(
                try forge.change(number) { pull in
                    pull.requested += call.texts("reviewers")
                    pull.requestedTeams += call.texts("team_reviewers")
                }, forge, isWhole: false))
    }
}
