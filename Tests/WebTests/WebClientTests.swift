import Synchronization
import TestSupport
import Testing
import Web

@Suite struct WebClientTests {
    /// Talks to loopback, and notes its pauses instead of taking them.
    private static func client(
        _ pauses: PauseLog = PauseLog(), certificate: String? = nil, proxies: ProxyRules = ProxyRules()
    ) -> WebClient {
        WebClient(
            WebConfiguration(
                allowsPrivateAddresses: true, certificateFile: certificate, connectTimeout: 2, proxies: proxies,
                pause: { pauses.add($0) }, jitter: { 1 }))
    }

    /// A port that nobody listens on any more.
    private static func deafPort() throws -> Int {
        let server = try ScriptedServer { _ in ScriptedAnswer() }
        try server.stop()
        return server.port
    }

    @Test func sendsWhatItWasGivenAndReadsTheAnswer() throws {
        let server = try ScriptedServer { ScriptedAnswer(201, $0.body + "!", headers: [("X-Thing", "7")]) }
        var request = WebRequest.json(.post, try WebAddress(server.url + "/a?b=c"), #"{"x":1}"#)
        request.credentials = .basic(user: "u", Secret("word-of-mouth"))
        let response = try Self.client().send(request)
        #expect(response.status == 201)
        #expect(response.text == #"{"x":1}!"#)
        #expect(response.header("x-thing") == "7")
        let seen = try #require(server.requests.first)
        #expect(seen.method == "POST")
        #expect(seen.target == "/a?b=c")
        #expect(seen.header("Content-Type") == ["application/json"])
        #expect(seen.header("Authorization") == ["Basic dTp3b3JkLW9mLW1vdXRo"])
        #expect(seen.header("User-Agent") == ["gradus"])
    }

    @Test func refusesPrivateAddressesUnlessTheOperatorAllowsThem() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer() }
        let client = WebClient()
        for text in [server.url, "http://localhost:\(server.port)", "http://2130706433:\(server.port)/", "http://[::1]:\(server.port)"] {
            let error = #expect(throws: WebError.self) { try client.send(WebRequest(.get, WebAddress(text))) }
            #expect(error?.code == .refusedAddress)
        }
        #expect(server.requests.isEmpty)
        let allowed = try WebConfiguration(environment: ["GRADUS_ALLOW_PRIVATE_ADDRESSES": "1"])
        #expect(try WebClient(allowed).send(WebRequest(.get, WebAddress(server.url))).status == 200)
    }

    @Test(arguments: [502, 503, 504, 429])
    func triesAgainWhenTheServerIsNotReady(status: Int) throws {
        let count = Mutex(0)
        let server = try ScriptedServer { _ in
            let number = count.withLock { $0 += 1; return $0 }
            return number < 3 ? ScriptedAnswer(status) : ScriptedAnswer(200, "now")
        }
        let pauses = PauseLog()
        let response = try Self.client(pauses).send(WebRequest(.get, try WebAddress(server.url)))
        #expect(response.text == "now")
        #expect(response.attempts == 3)
        #expect(pauses.all == [0.5, 1])
    }

    @Test(arguments: [401, 403, 404, 500])
    func takesOtherAnswersAtOnce(status: Int) throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(status, "no") }
        let response = try Self.client().send(WebRequest(.get, try WebAddress(server.url)))
        #expect(response.status == status)
        #expect(server.requests.count == 1)
    }

    @Test func waitsAsLongAsTheServerAsks() throws {
        let server = try ScriptedServer { _ in ScriptedAnswer(503, headers: [("Retry-After", "7")]) }
        let pauses = PauseLog()
        _ = try Self.client(pauses).send(WebRequest(.get, try WebAddress(server.url), retries: 1))
        #expect(pauses.all == [7.5])
    }

    @Test func repeatsABrokenConnectionOnlyForWhatMayBeSentTwice() throws {
        let server = try ScriptedServer { _ in .hangUp }
        let client = Self.client()
        let address = try WebAddress(server.url)
        let error = #expect(throws: WebError.self) { try client.send(WebRequest(.get, address, retries: 2)) }
        #expect(error?.code == .unreachable)
        #expect(error?.attempts == 3)
        #expect(server.requests.count == 3)
        #expect(throws: WebError.self) { try client.send(WebRequest(.post, address, body: [])) }
        #expect(server.requests.count == 4)
    }

    @Test func limitsTimeAndSize() throws {
        let server = try ScriptedServer { $0.path == "/slow" ? ScriptedAnswer(delay: 5_000) : ScriptedAnswer(200, String(repeating: "x", count: 5_000)) }
        let client = Self.client()
        let slow = #expect(throws: WebError.self) {
            try client.send(WebRequest(.get, WebAddress(server.url + "/slow?token=x"), timeout: 0.2, retries: 0))
        }
        #expect(slow?.code == .timedOut)
        #expect(slow?.subject == server.url + "/slow")
        let large = #expect(throws: WebError.self) { try client.send(WebRequest(.get, WebAddress(server.url), sizeLimit: 4_999)) }
        #expect(large?.code == .tooLarge)
        #expect(try client.send(WebRequest(.get, WebAddress(server.url), sizeLimit: 5_000)).body.count == 5_000)
    }

    @Test func followsRedirectsOnlyWithoutCredentials() throws {
        let server = try ScriptedServer { $0.path == "/old" ? ScriptedAnswer(302, headers: [("Location", "/new")]) : ScriptedAnswer(200, "new") }
        let client = Self.client()
        let old = try WebAddress(server.url + "/old")
        #expect(try client.send(WebRequest(.get, old)).status == 302)
        #expect(try client.send(WebRequest(.get, old, redirects: 1)).text == "new")
        #expect(try client.send(WebRequest(.get, old, credentials: .bearer(Secret("letmein")), redirects: 1)).status == 302)
    }

    @Test func saysThatNobodyListens() throws {
        let port = try Self.deafPort()
        let error = #expect(throws: WebError.self) {
            try Self.client().send(WebRequest(.get, WebAddress("http://127.0.0.1:\(port)/x"), retries: 0))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.description.hasPrefix("cannot GET http://127.0.0.1:\(port)/x: no connection to 127.0.0.1:\(port)") ?? false)
    }

    @Test func trustsTheOperatorsAuthorityAndReadsTheCertificatesEnd() throws {
        let made = try TestCertificate(days: 20)
        let server = try ScriptedServer(certificate: (made.certificate, made.key)) { _ in ScriptedAnswer(200, "safe") }
        let address = try WebAddress(server.url)
        let trusting = Self.client(certificate: made.certificate)
        #expect(try trusting.send(WebRequest(.get, address)).text == "safe")
        let rest = try trusting.certificateEnd(of: address) - now()
        #expect(rest > 19 * 86_400 && rest <= 20 * 86_400)
        let strict = Self.client()
        #expect(#expect(throws: WebError.self) { try strict.send(WebRequest(.get, address, retries: 0)) }?.code == .tls)
        #expect(#expect(throws: WebError.self) { try strict.certificateEnd(of: address) }?.code == .tls)
        let none = Self.client(certificate: "/nonexistent.pem")
        #expect(#expect(throws: WebError.self) { try none.send(WebRequest(.get, address)) }?.code == .configuration)
    }

    @Test func goesThroughTheProxyOfTheEnvironment() throws {
        let proxy = try ScriptedServer { _ in ScriptedAnswer(403) }
        let rules = try ProxyRules(environment: ["http_proxy": proxy.url])
        let error = #expect(throws: WebError.self) {
            try Self.client(proxies: rules).send(WebRequest(.get, WebAddress("http://name.invalid/x"), timeout: 5, retries: 0))
        }
        #expect(error?.message.hasPrefix("the proxy refused") ?? false)
        #expect(proxy.requests.first?.method == "CONNECT")
        #expect(proxy.requests.first?.target == "name.invalid:80")
    }

    @Test func noSecretComesOutOfAnError() throws {
        let port = try Self.deafPort()
        let secret = Secret("canary-in-the-mine")
        let error = #expect(throws: WebError.self) {
            try Self.client().send(
                WebRequest(.get, WebAddress("http://127.0.0.1:\(port)/canary-in-the-mine"), credentials: .bearer(secret), retries: 0))
        }
        #expect(!"\(String(describing: error))".contains("canary"))
    }
}

private final class PauseLog: Sendable {
    private let list = Mutex<[Double]>([])

    var all: [Double] { list.withLock { $0 } }

    func add(_ seconds: Double) { list.withLock { $0.append(seconds) } }
}
