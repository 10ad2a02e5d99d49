import Forges
import PromotionEngine
import Synchronization
import TestSupport
import Testing
import Web

/// How forges are spoken with when something is wrong.
@Suite struct ClientTests {
    /// Lets the first requests that fit be answered otherwise.
    private static func first(
        _ count: Int, _ method: String, _ answer: ScriptedAnswer
    ) -> @Sendable (ScriptedRequest) -> ScriptedAnswer? {
        let left = Counter(count)
        return { request in request.method == method && left.take() ? answer : nil }
    }

    private static func error(_ work: () throws -> Void) throws -> PromotionError {
        do {
            try work()
        } catch let error as PromotionError {
            return error
        }
        throw TestSupportError("nothing went wrong")
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func aWrongTokenIsNotPermittedAndNotTriedAgain(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind, token: "a-token-that-nobody-knows")
        let error = try Self.error { _ = try scene.port.open(scene.draft()) }
        #expect(error.kind == .notPermitted)
        #expect(error.description.contains("answered 401: Bad credentials"))
        #expect(!"\(error.description)\(error.hint ?? "")".contains("nobody-knows"))
        #expect(error.hint?.contains("GRADUS_TOKEN_FILE") == true)
        #expect(scene.server.requests.count == 1)
        #expect(scene.pauses.all.isEmpty)
    }

    @Test func aMissingPermissionIsNotTriedAgain() throws {
        let scene = try ForgeScene(.github)
        scene.server.disturb { _ in ScriptedAnswer(403, #"{"message":"Resource not accessible by integration"}"#) }
        let error = try Self.error { try scene.port.comment("1", "x") }
        #expect(error.kind == .notPermitted)
        #expect(error.description.contains("Resource not accessible by integration"))
        #expect(scene.server.requests.count == 1)
    }

    @Test func withoutATokenNothingIsSent() throws {
        let scene = try ForgeScene(.gitlab)
        let port = try #require(
            try Forges.forge(for: scene.origin, ForgeConfiguration(kind: .gitlab, url: scene.server.url, repository: "acme/deploy")))
        let error = try Self.error { _ = try port.pullRequest("1") }
        #expect(error.kind == .notPermitted)
        #expect(error.hint?.contains("CI_JOB_TOKEN may not") == true)
        #expect(scene.server.requests.isEmpty)
    }

    @Test func aTokenIsNotSentWithoutEncryption() throws {
        let configuration = ForgeConfiguration(kind: .gitea, token: .init(secret: Secret("forge-token-in-the-open")))
        let port = try #require(try Forges.forge(for: "http://git.example.com/acme/deploy", configuration))
        let error = try Self.error { _ = try port.pullRequest("1") }
        #expect(error.description.contains("not sent to http://git.example.com/api/v1"))
    }

    @Test func aRemoteThatRulesNameOnAnotherHostGetsNoToken() throws {
        let scene = try ForgeScene(.gitea)
        let token = ForgeConfiguration.Token(secret: Secret(ForgeServer.token))
        let configuration = ForgeConfiguration(kind: .gitea, url: scene.server.url, token: token)
        #expect(try Forges.forge(for: "https://evil.example/a/b", named: "https://git.example.com/acme/deploy", configuration) == nil)
        let other = try #require(
            try Forges.forge(for: "https://codeberg.org/a/b", named: "https://git.example.com/acme/deploy", configuration))
        #expect(try Self.error { _ = try other.pullRequest("1") }.kind == .notPermitted)
        #expect(scene.server.requests.isEmpty)
    }

    @Test(arguments: [
        (403, [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1790000020")], 20.0),
        (403, [("Retry-After", "7")], 7.0), (429, [("RateLimit-Reset", "1790000009")], 9.0), (429, [], 60.0),
        (403, [("X-Body", "You have exceeded a secondary rate limit.")], 60.0),
    ])
    func waitsAsLongAsTheServerAsks(status: Int, headers: [(String, String)], seconds: Double) throws {
        let scene = try ForgeScene(.github)
        _ = try scene.port.open(scene.draft())
        let words = headers.first { $0.0 == "X-Body" }?.1 ?? "API rate limit exceeded"
        scene.server.disturb(Self.first(1, "POST", ScriptedAnswer(status, #"{"message":"\#(words)"}"#, headers: headers)))
        try scene.port.comment("1", "x")
        #expect(scene.pauses.all == [seconds])
        #expect(try scene.forge.pull(1).comments == ["x"])
    }

    @Test func tellsWhenALongLimitEndsInsteadOfWaiting() throws {
        let scene = try ForgeScene(.github)
        scene.server.disturb { _ in
            ScriptedAnswer(403, "{}", headers: [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1790003600")])
        }
        let error = try Self.error { _ = try scene.port.pullRequest("1") }
        #expect(error.description.contains("allows no more requests before 2026-09-21T15:13:20Z"))
        #expect(scene.pauses.all.isEmpty)
    }

    @Test func givesUpOnALimitThatDoesNotEnd() throws {
        let scene = try ForgeScene(.gitlab)
        scene.server.disturb { _ in ScriptedAnswer(429, "Retry later\n", headers: [("Retry-After", "5")]) }
        #expect(throws: PromotionError.self) { try scene.port.pullRequest("1") }
        #expect(scene.pauses.all == [5, 5])
    }

    @Test func readsAreRepeatedWhenTheServerIsNotReady() throws {
        let scene = try ForgeScene(.gitea)
        let opened = try scene.port.open(scene.draft())
        scene.server.disturb(Self.first(2, "GET", ScriptedAnswer(502, "<html>Bad gateway</html>")))
        #expect(try scene.port.pullRequest("1") == opened)
        #expect(scene.pauses.all.count == 2)
    }

    @Test(arguments: [ScriptedAnswer(502, "<html>Bad gateway</html>"), .hangUp])
    func changesAreNot(answer: ScriptedAnswer) throws {
        let scene = try ForgeScene(.github)
        _ = try scene.port.open(scene.draft())
        let before = scene.server.requests.count
        scene.server.disturb(Self.first(1, "POST", answer))
        let error = try Self.error { try scene.port.comment("1", "x") }
        #expect(error.kind == .error)
        #expect(scene.server.requests.count == before + 1)
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func anOpeningWithoutAnAnswerIsLookedUp(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let (forge, isFirst) = (scene.forge, Counter(1))
        scene.server.disturb { request in
            guard request.method == "POST", isFirst.take() else { return nil }
            do { try forge.openByHand("Deploy web 2", head: ForgeScene.branch, base: "main") } catch { return ScriptedAnswer(500, "\(error)") }
            return .hangUp
        }
        let opened = try scene.port.open(scene.draft())
        #expect(opened.number == "1")
        #expect(try scene.forge.pulls.count == 1)
    }

    @Test(arguments: ForgeServer.Kind.allCases)
    func aMergeWithoutAnAnswerIsLookedUp(kind: ForgeServer.Kind) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        let (forge, isFirst) = (scene.forge, Counter(1))
        scene.server.disturb { request in
            guard request.path.hasSuffix("/merge"), isFirst.take() else { return nil }
            do { try forge.merge(1, by: "gradus-bot") } catch { return ScriptedAnswer(500, "\(error)") }
            return .hangUp
        }
        let ending = try scene.port.merge("1", head: opened.head, method: .merge, title: "t", message: "m")
        #expect(ending == .merged(commit: try scene.forge.tip(of: "main")))
    }

    @Test(arguments: [
        (ForgeServer.Kind.github, 405, #"{"message":"Base branch was modified. Review and try the merge again."}"#),
        (.gitea, 405, #"{"message":"Please try again later"}"#),
    ])
    func aMergeThatMustWaitAMomentWaits(kind: ForgeServer.Kind, status: Int, body: String) throws {
        let scene = try ForgeScene(kind)
        let opened = try scene.port.open(scene.draft())
        scene.server.disturb(Self.first(2, kind == .github ? "PUT" : "POST", ScriptedAnswer(status, body)))
        let ending = try scene.port.merge("1", head: opened.head, method: .squash, title: "t", message: "m")
        #expect(ending == .merged(commit: try scene.forge.tip(of: "main")))
        #expect(scene.pauses.all == [1, 1])
    }

    @Test func gitLabIsGivenTimeToLookForConflicts() throws {
        let scene = try ForgeScene(.gitlab)
        let opened = try scene.port.open(scene.draft())
        let (merges, looks) = (Counter(1), Counter(1))
        scene.server.disturb { request in
            if request.method == "PUT", merges.take() { return ScriptedAnswer(405, #"{"message":"405 Method Not Allowed"}"#) }
            return request.method == "GET" && looks.take() ? ScriptedAnswer(200, #"{"detailed_merge_status":"checking"}"#) : nil
        }
        let ending = try scene.port.merge("1", head: opened.head, method: .merge, title: "t", message: "m")
        #expect(ending == .merged(commit: try scene.forge.tip(of: "main")))
        #expect(scene.pauses.all == [1])
    }

    @Test func bitbucketsLongMergesAreAwaited() throws {
        let scene = try ForgeScene(.bitbucket)
        let opened = try scene.port.open(scene.draft())
        let (forge, looks) = (scene.forge, Counter(2))
        scene.server.disturb { request in
            if request.path.hasSuffix("/merge/task-status/{7}") || request.path.hasSuffix("/merge/task-status/%7B7%7D") {
                if looks.take() { return ScriptedAnswer(200, #"{"task_status":"PENDING"}"#) }
                do { try forge.merge(1, by: "gradus-bot") } catch { return ScriptedAnswer(500, "\(error)") }
                return ScriptedAnswer(200, #"{"task_status":"SUCCESS"}"#)
            }
            guard request.path.hasSuffix("/merge") else { return nil }
            return ScriptedAnswer(202, headers: [("Location", "https://forge.invalid\(request.path)/task-status/{7}")])
        }
        let ending = try scene.port.merge("1", head: opened.head, method: .merge, title: "t", message: "m")
        let tip = try #require(try scene.forge.tip(of: "main"))
        #expect(ending == .merged(commit: tip))
        #expect(scene.pauses.all == [1, 1])
    }

    @Test func bitbucketTakesTheAccountOfAnAPIToken() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(404, #"{"error":{"message":"none"}}"#) }
        for (user, scheme) in [("rita@example.com", "Basic"), ("x-token-auth", "Bearer")] {
            let token = ForgeConfiguration.Token(user: user, secret: Secret("forge-word-of-rita"))
            let configuration = ForgeConfiguration(kind: .bitbucket, url: server.url, repository: "acme/deploy", token: token)
            let port = try #require(try Forges.forge(for: "/srv/deploy", configuration))
            #expect(throws: PromotionError.self) { try port.pullRequest("1") }
            #expect(server.requests.last?.header("Authorization").first?.hasPrefix(scheme + " ") == true)
        }
    }

    @Test func aSilentServerIsNotWaitedForLongerThanAllowed() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(200, "{}", delay: 60_000) }
        var configuration = ForgeConfiguration(
            kind: .gitea, url: server.url, repository: "acme/deploy", token: .init(secret: Secret(ForgeServer.token)),
            web: WebConfiguration(pause: { _ in }))
        configuration.timeout = 0.1
        let port = try #require(try Forges.forge(for: "/srv/deploy", configuration))
        let error = try Self.error { _ = try port.pullRequest("1") }
        #expect(error.kind == .timedOut)
        #expect(error.hint == "run the command again when the server can be reached")
    }

    @Test func whatDidNotChangeIsNotSentAgain() throws {
        let scene = try ForgeScene(.github)
        let opened = try scene.port.open(scene.draft())
        #expect(try scene.port.pullRequest("1") == opened)
        #expect(try scene.port.pullRequest("1") == opened)
        let last = try #require(scene.server.requests.last)
        #expect(!last.header("If-None-Match").isEmpty)
        let head = try scene.pushBranch("tag: 3\n")
        #expect(try scene.port.pullRequest("1").head == head)
    }

    @Test func aRedirectIsNotFollowed() throws {
        let other = try ScriptedServer { _ in ScriptedAnswer(200, "{}") }
        let scene = try ForgeScene(.github)
        let place = other.url + "/api/v3/repositories/1?token=x"
        scene.server.disturb { _ in ScriptedAnswer(301, "{}", headers: [("Location", place)]) }
        let error = try Self.error { _ = try scene.port.pullRequest("1") }
        #expect(other.requests.isEmpty)
        #expect(error.description.contains("it points to \(other.url)/api/v3/repositories/1"))
        #expect(error.hint?.contains("git remote set-url") == true)
    }

    @Test func whatTheServerRepeatsOfTheTokenIsHidden() throws {
        let scene = try ForgeScene(.gitlab)
        scene.server.disturb { request in
            ScriptedAnswer(400, #"{"message":{"base":["bad header \#(request.header("Authorization")[0])"]}}"#)
        }
        let error = try Self.error { _ = try scene.port.pullRequest("1") }
        #expect(error.description.contains("base bad header Bearer *****"))
    }

    @Test func anAnswerOfAnotherKindIsAnError() throws {
        let scene = try ForgeScene(.gitea)
        scene.server.disturb { _ in ScriptedAnswer(200, "<html>Sign in</html>") }
        #expect(try Self.error { _ = try scene.port.pullRequest("1") }.description.contains("the answer is no JSON"))
        scene.server.disturb { _ in ScriptedAnswer(200, #"{"number":1}"#) }
        #expect(try Self.error { _ = try scene.port.pullRequest("1") }.description.contains("the answer has no `html_url`"))
    }
}

/// Counts down, on any thread.
private final class Counter: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Whether there was one left.
    func take() -> Bool {
        left.withLock { left in
            left -= 1
            return left >= 0
        }
    }
}
