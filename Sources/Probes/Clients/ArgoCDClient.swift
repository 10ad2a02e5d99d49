internal import Expressions
internal import PromotionEngine
internal import Web
internal import WorkflowModel

/// Argo CD's REST API (`semantics.md` section 9).
struct ArgoCDClient {
    private let web: WebClient
    private let server: WebAddress
    private let credentials: Credentials?
    private let scope: [(String, String)]

    /// Throws when the server's address is none or its token is not set.
    init(_ source: ArgoCDSource, _ watch: HealthWatch, _ web: WebClient, _ allowance: ProbeAllowance) throws {
        try self.init(
            server: watch.filled(source.server), token: source.tokenEnvironment,
            appNamespace: source.appNamespace.map { watch.filled($0) }, project: source.project.map { watch.filled($0) }, web, allowance)
    }

    /// - Parameter token: the environment variable that holds it.
    init(
        server: String, token: String, appNamespace: String?, project: String?, _ web: WebClient, _ allowance: ProbeAllowance
    ) throws {
        self.web = web
        self.server = try WebAddress(server)
        credentials = try allowance.token(token)
        scope = [("appNamespace", appNamespace), ("project", project)].compactMap { name, value in value.map { (name, $0) } }
    }

    /// Changes an Application by a JSON merge patch.
    func patch(_ name: String, _ patch: String) throws {
        let members = ["patch": JSONValue.string(patch), "patchType": "merge"]
            .merging(scope.map { ($0.0, .string($0.1)) }) { $1 }
        _ = try answer(web.send(request(.patch, name, [], body: JSONValue.object(members).canonicalText)), name)
    }

    /// One Application, refreshed before it is told: what Argo CD compared last may be minutes old.
    func application(_ name: String) throws -> Value {
        try answer(web.send(request(.get, name, [], query: [("refresh", "normal")] + scope)), name)
    }

    /// Asks for a sync; one under way already is as good.
    func sync(_ name: String) throws {
        let response = try web.send(
            request(.post, name, ["sync"], body: "{" + scope.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"))
        if response.status == 400, response.text.contains("another operation is already in progress") { return }
        _ = try answer(response, name)
    }

    /// Non-GET calls carry exactly this content type: Argo CD refuses any other.
    private func request(
        _ method: WebRequest.Method, _ name: String, _ segments: [String], query: [(String, String)] = [], body: String? = nil
    ) -> WebRequest {
        let place = server.appending(["api", "v1", "applications", name] + segments, query: query)
        var request = WebRequest(method, place, credentials: credentials)
        if let body {
            request.headers = [("Content-Type", "application/json")]
            request.body = Array(body.utf8)
        }
        return request
    }

    private func answer(_ response: WebResponse, _ name: String) throws -> Value {
        let document: Value
        do { document = try JSONReading.value(response.body) } catch {
            throw ProbeFault("Argo CD answered \(response.status) and no JSON")
        }
        guard response.isSuccess else {
            let why = document["message"]?.text ?? document["error"]?.text ?? ""
            // Without a project Argo CD hides whether an application exists.
            let hint = response.status == 403 ? "; the application may not exist, or the token may not see it" : ""
            throw ProbeFault("Argo CD answered \(response.status) to \(name): \(why)\(hint)")
        }
        return document
    }
}
