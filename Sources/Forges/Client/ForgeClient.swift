internal import Expressions
internal import PromotionEngine
internal import Synchronization
internal import Web

/// Speaks with one forge's REST API: what is the same for all of them.
///
/// 1. Reads are repeated after network faults and 502, 503, 504; changes never: who makes one looks afterwards what became of it.
/// 2. A limit of requests is waited out if it ends within a minute, else an error that says when.
/// 3. A page that was read before is asked for only if it changed (`If-None-Match`); such answers are free on GitHub.
/// 4. No redirect is followed, no address of an answer is used: the token goes to the configured server only, and encrypted.
final class ForgeClient: Sendable {
    let kind: ForgeKind
    /// `GitHub (github.com)`.
    let name: String
    private let base: WebAddress
    private let web: WebClient
    private let pause: @Sendable (Double) -> Void
    private let access: ForgeAccess
    private let now: @Sendable () -> Int
    /// Seconds for one attempt of one request.
    private let timeout: Double
    /// Answers by address, with the tags that they came with.
    private let known = Mutex<[String: (tag: String, response: WebResponse)]>([:])

    /// More pages of a list are not read: it would not end.
    private static let mostPages = 100
    private static let mostKnown = 500

    init(
        _ kind: ForgeKind, _ base: WebAddress, shown host: String, _ access: ForgeAccess, _ web: WebConfiguration,
        timeout: Double, now: @escaping @Sendable () -> Int
    ) {
        self.kind = kind
        self.base = base
        self.access = access
        self.web = WebClient(web)
        self.now = now
        self.timeout = timeout
        pause = web.pause
        name = "\(kind.title) (\(host))"
    }

    /// One document. Throws for anything but success.
    ///
    /// - Parameter task: what is being done, as an infinitive, for messages: "read pull request 17".
    func get(_ path: [String], query: [(String, String)] = [], _ task: String) throws -> Value {
        try send(.get, path, query: query, nil, task).document
    }

    /// The same, but nil when there is no such thing, which the server says by one of the statuses.
    func find(_ path: [String], query: [(String, String)] = [], missing: Set<Int> = [404], _ task: String) throws -> Value? {
        let answer = try send(.get, path, query: query, nil, accepting: missing, task)
        return answer.isSuccess ? answer.document : nil
    }

    /// All pages of a list. `member` names the list inside of each page; nil: the page is the list.
    func all(_ path: [String], query: [(String, String)], in member: String? = nil, _ task: String) throws -> [Value] {
        guard let items = try pages(path, query, member, task, atMost: Self.mostPages, isEnough: { _ in false }) else {
            throw fault(task, "the list is longer than \(Self.mostPages) pages")
        }
        return items
    }

    /// What fits on the first page on which anything does; empty when nothing does on so many pages.
    func first(_ path: [String], query: [(String, String)], pages: Int, _ task: String, where fits: (Value) -> Bool) throws -> [Value] {
        let items = try self.pages(path, query, nil, task, atMost: pages) { $0.contains(where: fits) }
        return (items ?? []).filter(fits)
    }

    /// Nil when the list goes on behind the pages allowed.
    private func pages(
        _ path: [String], _ query: [(String, String)], _ member: String?, _ task: String, atMost count: Int,
        isEnough: ([Value]) -> Bool
    ) throws -> [Value]? {
        var place = base.appending(path, query: query)
        var items: [Value] = []
        for _ in 0..<count {
            let answer = try deliver(WebRequest(.get, place), task)
            let page = (member.map { answer.document[$0] ?? .null } ?? answer.document).items
            items += page
            guard !isEnough(page), let next = answer.nextQuery else { return items }
            do throws(WebError) {
                place = try WebAddress(base.appending(path).description + "?" + next)
            } catch {
                throw fault(task, "the next page cannot be asked for: \(error)")
            }
        }
        return nil
    }

    /// Asks for a change, or anything else with an answer of its own. Throws for statuses that are neither success nor accepted.
    @discardableResult
    func send(
        _ method: WebRequest.Method, _ path: [String], query: [(String, String)] = [], _ body: JSONValue?,
        accepting statuses: Set<Int> = [], _ task: String
    ) throws -> ForgeAnswer {
        var request = WebRequest(method, base.appending(path, query: query))
        if let body {
            request.body = Array(body.canonicalText.utf8)
            request.headers.append((name: "Content-Type", value: "application/json"))
        }
        return try deliver(request, task, accepting: statuses)
    }

    /// Waits, as the injected clock of the network does.
    func wait(_ seconds: Double) { pause(seconds) }

    /// Asks up to five times, a second apart, as long as the answer says that it will be another one soon.
    func repeating(_ ask: () throws -> ForgeAnswer, while isSoon: (ForgeAnswer) throws -> Bool) throws -> ForgeAnswer {
        for _ in 1..<5 {
            let answer = try ask()
            guard try isSoon(answer) else { return answer }
            wait(1)
        }
        return try ask()
    }

    private func deliver(_ request: WebRequest, _ task: String, accepting statuses: Set<Int> = []) throws -> ForgeAnswer {
        let request = try prepared(request, task)
        for attempt in 1... {
            let answer = try answer(request, task)
            if answer.isSuccess { return answer }
            guard let seconds = RateLimit.wait(answer, now: now()) else {
                guard statuses.contains(answer.status) else { throw refusal(answer, task) }
                return answer
            }
            guard seconds <= RateLimit.longestWait, attempt < RateLimit.attempts else {
                throw PromotionError(
                    .error, "cannot \(task)",
                    causes: ["\(name) allows no more requests before \(Instant(seconds: now() + seconds)): \(answer.words ?? "rate limit")"],
                    hint: "run the command again after that time")
            }
            pause(Double(seconds))
        }
        throw fault(task, "no attempt is left")
    }

    private func prepared(_ request: WebRequest, _ task: String) throws -> WebRequest {
        // Everyone on the way could read a token; on this machine's own interface nobody is on the way.
        guard base.isSecure || ["127.0.0.1", "::1", "localhost"].contains(base.host) else {
            throw PromotionError(
                .usage, "cannot \(task)", causes: ["the token is not sent to \(base.shown) without encryption"],
                hint: "set GRADUS_FORGE_URL to the address that begins with https://")
        }
        return plain(request, try credentials(task))
    }

    private func plain(_ request: WebRequest, _ credentials: Credentials) -> WebRequest {
        var request = request
        request.timeout = timeout
        request.credentials = credentials
        request.headers += kind.headers
        request.retries = request.method == .get ? 2 : 0
        request.isIdempotent = request.method == .get
        request.waitsWhenLimited = false
        return request
    }

    /// GitHub, GitLab and Gitea take all their tokens as bearers. Bitbucket wants the account of an API token; users that begin with
    /// `x-`, which mean no account, are for Git alone.
    private func credentials(_ task: String) throws -> Credentials {
        switch access {
        case .none:
            throw PromotionError(
                .notPermitted, "cannot \(task)", causes: ["there is no token for \(name)"], hint: kind.tokenHint)
        case .token(let token):
            guard kind == .bitbucket, let user = token.user, !user.hasPrefix("x-") else { return .bearer(token.secret) }
            return .basic(user: user, token.secret)
        case .app(let installation): return .bearer(try token(of: installation))
        }
    }

    private func token(of installation: ForgeAccess.Installation) throws -> Secret {
        if let token = installation.token(now: now()) { return token }
        let task = "get a token for the GitHub App \(installation.app.id)"
        let place = base.appending("app", "installations", installation.app.installation, "access_tokens")
        var request = WebRequest(.post, place, headers: [(name: "Content-Type", value: "application/json")])
        request.body = Array((["repositories": [.string(installation.repository)]] as JSONValue).canonicalText.utf8)
        let answer = try answer(plain(request, .bearer(try installation.app.statement(now: now()))), task)
        guard answer.isSuccess else { throw refusal(answer, task) }
        let token = Secret(try text(answer.document, ["token"], task))
        let end = try text(answer.document, ["expires_at"], task)
        guard let end = Instant(parsing: end) else { throw fault(task, "'\(end)' is no time") }
        installation.keep(token, until: end.seconds)
        return token
    }

    private func answer(_ request: WebRequest, _ task: String) throws -> ForgeAnswer {
        let key = request.address.description
        let before = request.method == .get ? known.withLock { $0[key] } : nil
        var request = request
        if let before { request.headers.append((name: "If-None-Match", value: before.tag)) }
        var response: WebResponse
        do throws(WebError) { response = try web.send(request) } catch {
            let isLate = error.code == .timedOut
            throw PromotionError(isLate ? .timedOut : .error, "cannot \(task)", causes: ["\(name): \(error)"], hint: hint(error))
        }
        if response.status == 304, let before {
            response = before.response
        } else if request.method == .get, response.isSuccess, let tag = response.header("ETag") {
            let stored = (tag: tag, response: response)
            known.withLock { known in
                if known.count >= Self.mostKnown { known = [:] }
                known[key] = stored
            }
        }
        do throws(JSONFault) { return try ForgeAnswer(response) } catch {
            throw fault(task, "the answer is no JSON: \(error)")
        }
    }
}
