internal import Expressions
internal import PromotionEngine
internal import Synchronization

/// A forge on the loopback interface with real state and a real bare repository; stopped when the value goes away.
package final class ForgeServer: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case github, gitlab, gitea, bitbucket }

    package let kind: Kind
    /// What Gradus' account is known by.
    package static let token = "forge-token-of-the-test"
    package let forge: TestForge
    private let server: ScriptedServer
    private let core: Core

    /// - Parameters:
    ///   - name: owner and name of the repository there.
    ///   - repository: the bare repository.
    package init(_ kind: Kind, _ name: String = "acme/deploy", repository: String, _ git: GitFixture) throws {
        self.kind = kind
        let forge = TestForge(name, repository: repository, git)
        self.forge = forge
        let core = Core(Self.dialect(kind), forge)
        self.core = core
        server = try ScriptedServer { core.answer($0) }
    }

    /// The server's address, as `GRADUS_FORGE_URL` takes it.
    package var url: String { server.url }

    /// All that was asked with the right token, and answered.
    package var exchanges: [ForgeExchange] { core.exchanges }

    /// All requests that reached the server.
    package var requests: [ScriptedRequest] { server.requests }

    /// Answers that come before the server's own; nil lets the server answer.
    package func disturb(_ answer: (@Sendable (ScriptedRequest) -> ScriptedAnswer?)?) { core.disturb(answer) }

    /// Completes answers before they are sent and kept.
    package func complete(_ edit: (@Sendable (ForgeCall, ForgeReply) -> ForgeReply)?) { core.complete(edit) }

    /// The most that one page holds, whatever is asked for.
    package func limitPages(to length: Int) { core.limitPages(to: length) }

    /// What the environment of `gradus` needs to find this forge.
    package var variables: [String: String] {
        ["GRADUS_FORGE": kind.rawValue, "GRADUS_FORGE_URL": url, "GRADUS_FORGE_REPOSITORY": forge.fullName, "GRADUS_TOKEN": Self.token]
    }

    private static func dialect(_ kind: Kind) -> any ForgeDialect {
        switch kind {
        case .github: GitHubDialect()
        case .gitlab: GitLabDialect()
        case .gitea: GiteaDialect()
        case .bitbucket: BitbucketDialect()
        }
    }
}

/// Everything behind the socket.
private final class Core: Sendable {
    private let dialect: any ForgeDialect
    private let forge: TestForge
    private let state = Mutex(State())

    private struct State {
        var exchanges: [ForgeExchange] = []
        var disturbance: (@Sendable (ScriptedRequest) -> ScriptedAnswer?)?
        var completion: (@Sendable (ForgeCall, ForgeReply) -> ForgeReply)?
        var longestPage = 100
    }

    init(_ dialect: any ForgeDialect, _ forge: TestForge) {
        self.dialect = dialect
        self.forge = forge
    }

    var exchanges: [ForgeExchange] { state.withLock { $0.exchanges } }

    func disturb(_ answer: (@Sendable (ScriptedRequest) -> ScriptedAnswer?)?) { state.withLock { $0.disturbance = answer } }

    func complete(_ edit: (@Sendable (ForgeCall, ForgeReply) -> ForgeReply)?) { state.withLock { $0.completion = edit } }

    func limitPages(to length: Int) { state.withLock { $0.longestPage = length } }

    func answer(_ request: ScriptedRequest) -> ScriptedAnswer {
        if let answer = state.withLock({ $0.disturbance })?(request) { return answer }
        let kind = type(of: dialect)
        guard request.header("Authorization") == ["Bearer \(ForgeServer.token)"] else {
            return Self.answer(ForgeReply(401, kind.failure("Bad credentials")))
        }
        guard let call = Self.call(request, root: kind.root) else { return Self.answer(ForgeReply(404, kind.failure("Not Found"))) }
        var reply: ForgeReply
        do {
            reply = paged(try dialect.answer(call, forge), call, request, kind.paging)
        } catch let refusal as TestForge.Refusal {
            reply = ForgeReply(kind.status(of: refusal.reason), kind.failure(refusal.description))
        } catch {
            reply = ForgeReply(500, kind.failure("\(error)"))
        }
        if let completion = state.withLock({ $0.completion }) { reply = completion(call, reply) }
        state.withLock { $0.exchanges.append(ForgeExchange(call: call, reply: reply)) }
        let answer = Self.answer(reply)
        guard call.method == "GET", reply.status == 200 else { return answer }
        let tag = "W/\"\(String(answer.body.utf8.reduce(into: UInt64(7)) { $0 = $0 &* 31 &+ UInt64($1) }, radix: 16))\""
        if request.header("If-None-Match") == [tag] { return ScriptedAnswer(304, headers: [("ETag", tag)]) }
        var tagged = answer
        tagged.headers.append(("ETag", tag))
        return tagged
    }

    /// One page of a list, with the address of the next one: in `Link`, and as Bitbucket gives it.
    private func paged(
        _ reply: ForgeReply, _ call: ForgeCall, _ request: ScriptedRequest, _ names: (page: String, length: String)
    ) -> ForgeReply {
        guard let member = reply.pages, let body = reply.body else { return reply }
        let whole = member.isEmpty ? body : body[member]
        guard case .array(let items) = whole else { return reply }
        let length = min(call.query[names.length].flatMap { Int($0) } ?? 30, state.withLock { $0.longestPage })
        let page = call.query[names.page].flatMap { Int($0) } ?? 1
        let start = (page - 1) * length
        let part = Array(items.dropFirst(start).prefix(length))
        var reply = reply
        let others = request.query.split(separator: "&").filter { !$0.hasPrefix("\(names.page)=") }.joined(separator: "&")
        let next = "http://forge.invalid\(request.path)?\(others)&\(names.page)=\(page + 1)"
        let hasMore = start + length < items.count
        if case .object(var members) = body {
            members[member] = .array(part)
            if hasMore, names.length == "pagelen" { members["next"] = .string(next) }
            reply.body = .object(members)
        } else {
            reply.body = .array(part)
        }
        if hasMore, names.length != "pagelen" { reply.headers.append(("Link", "<\(next)>; rel=\"next\"")) }
        return reply
    }

    private static func answer(_ reply: ForgeReply) -> ScriptedAnswer {
        ScriptedAnswer(
            reply.status, reply.body?.canonicalText ?? "", headers: [("Content-Type", "application/json; charset=utf-8")] + reply.headers)
    }

    /// Nil for a path outside of the API, and for a body that is no JSON.
    private static func call(_ request: ScriptedRequest, root: String) -> ForgeCall? {
        guard request.path.hasPrefix(root + "/") else { return nil }
        let path = request.path.dropFirst(root.count).split(separator: "/").map { decoded($0) }
        var query: [String: String] = [:]
        for pair in request.query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[decoded(parts[0])] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        var body = Value.null
        if !request.body.isEmpty {
            do { body = try JSONReading.value(Array(request.body.utf8)) } catch { return nil }
        }
        return ForgeCall(method: request.method, path: path, query: query, body: body, headers: request.headers)
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
