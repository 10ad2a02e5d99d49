import Expressions

/// Operations of forges without a published description that tests could use: their parameters as the documentation lists them.
///
/// GitLab: docs.gitlab.com/api, pages "Merge requests", "Merge request approvals", "Commits", "Deployments", "Projects", "Users",
/// "Notes". Bitbucket: developer.atlassian.com/cloud/bitbucket/rest, "Pullrequests", "Commit statuses", "Commits", "Workspaces".
enum Documented {
    static let gitlab = Description([
        operation("GET /projects/{id}", query: ["statistics": "boolean"], answers: 200),
        operation("GET /users", query: ["username": "string"], answers: 200),
        operation(
            "GET /projects/{id}/merge_requests",
            query: ["state": "string", "source_branch": "string", "scope": "string", "page": "integer", "per_page": "integer"], answers: 200),
        operation(
            "POST /projects/{id}/merge_requests",
            body: [
                "source_branch": "string", "target_branch": "string", "title": "string", "description": "string",
                "remove_source_branch": "boolean", "labels": "string", "assignee_ids": "array", "reviewer_ids": "array", "squash": "boolean",
            ], required: ["source_branch", "target_branch", "title"], answers: 201, 409),
        operation("GET /projects/{id}/merge_requests/{iid}", answers: 200, 404),
        operation(
            "PUT /projects/{id}/merge_requests/{iid}",
            body: [
                "title": "string", "description": "string", "target_branch": "string", "add_labels": "string", "assignee_ids": "array",
                "reviewer_ids": "array", "state_event": "string",
            ], answers: 200),
        operation(
            "PUT /projects/{id}/merge_requests/{iid}/merge",
            body: [
                "sha": "string", "squash": "boolean", "squash_commit_message": "string", "merge_commit_message": "string",
                "should_remove_source_branch": "boolean",
            ], answers: 200, 401, 405, 409, 422),
        operation("POST /projects/{id}/merge_requests/{iid}/notes", body: ["body": "string"], required: ["body"], answers: 201),
        operation("GET /projects/{id}/merge_requests/{iid}/approvals", answers: 200),
        operation(
            "GET /projects/{id}/merge_requests/{iid}/reviewers", query: ["page": "integer", "per_page": "integer"], answers: 200),
        operation(
            "GET /projects/{id}/repository/commits/{sha}/statuses", query: ["page": "integer", "per_page": "integer"], answers: 200),
        operation(
            "POST /projects/{id}/statuses/{sha}",
            body: ["state": "string", "name": "string", "context": "string", "description": "string", "target_url": "string", "ref": "string"],
            required: ["state"], answers: 201, 400),
        operation(
            "GET /projects/{id}/deployments",
            query: ["environment": "string", "order_by": "string", "sort": "string", "page": "integer", "per_page": "integer"],
            answers: 200),
        operation(
            "POST /projects/{id}/deployments",
            body: ["environment": "string", "sha": "string", "ref": "string", "tag": "boolean", "status": "string"],
            required: ["environment", "sha", "ref", "tag", "status"], answers: 201),
        operation("PUT /projects/{id}/deployments/{id}", body: ["status": "string"], required: ["status"], answers: 200),
    ])

    static let bitbucket = Description([
        operation(
            "GET /repositories/{workspace}/{slug}/pullrequests",
            query: ["q": "string", "sort": "string", "state": "string", "page": "integer", "pagelen": "integer"], answers: 200),
        operation(
            "POST /repositories/{workspace}/{slug}/pullrequests",
            body: [
                "title": "string", "description": "string", "source": "object", "destination": "object", "reviewers": "array",
                "close_source_branch": "boolean",
            ], required: ["title", "source"], answers: 201, 400),
        operation("GET /repositories/{workspace}/{slug}/pullrequests/{id}", answers: 200, 404),
        operation(
            "PUT /repositories/{workspace}/{slug}/pullrequests/{id}",
            body: ["title": "string", "description": "string", "destination": "object", "reviewers": "array"], answers: 200),
        operation(
            "POST /repositories/{workspace}/{slug}/pullrequests/{id}/comments", body: ["content": "object"], required: ["content"],
            answers: 201),
        operation("POST /repositories/{workspace}/{slug}/pullrequests/{id}/decline", answers: 200),
        operation(
            "POST /repositories/{workspace}/{slug}/pullrequests/{id}/merge",
            body: ["type": "string", "message": "string", "close_source_branch": "boolean", "merge_strategy": "string"],
            required: ["type"], answers: 200, 202, 409),
        operation("GET /repositories/{workspace}/{slug}/commit/{commit}", answers: 200, 404),
        operation(
            "GET /repositories/{workspace}/{slug}/commit/{commit}/statuses", query: ["page": "integer", "pagelen": "integer"],
            answers: 200),
        operation(
            "POST /repositories/{workspace}/{slug}/commit/{commit}/statuses/build",
            body: ["key": "string", "name": "string", "state": "string", "description": "string", "url": "string"],
            required: ["key", "state", "url"], answers: 201),
        operation("GET /workspaces/{workspace}/members", query: ["page": "integer", "pagelen": "integer"], answers: 200),
    ])

    /// GitHub's rule sets are younger than the description that is used here (docs.github.com, "Get rules for a branch").
    static let githubRules = Description([
        operation(
            "GET /repos/{owner}/{repo}/rules/branches/{branch}", query: ["per_page": "integer", "page": "integer"], answers: 200, 404)
    ])

    private static func operation(
        _ line: String, query: [String: String] = [:], body: [String: String]? = nil, required: [String] = [], answers: Int...
    ) -> Description.Operation {
        let parts = line.split(separator: " ")
        let types = { (names: [String: String]) in names.mapValues { Value.map(["type": .string($0)]) } }
        let schema = body.map { members in
            Value.map([
                "type": .string("object"), "properties": .map(types(members)), "required": .array(required.map(Value.string)),
                "additionalProperties": .bool(false),
            ])
        }
        return Description.Operation(
            method: String(parts[0]), path: parts[1].split(separator: "/").map(String.init), query: types(query), body: schema,
            isBodyRequired: !required.isEmpty,
            answers: Dictionary(uniqueKeysWithValues: answers.map { ("\($0)", Value?.none) }))
    }
}
