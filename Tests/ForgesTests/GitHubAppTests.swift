import Expressions
import Forges
import PromotionEngine
import Synchronization
import TestSupport
import Testing
import Web

@Suite struct GitHubAppTests {
    /// What the environment of an App holds, with a key that was just made.
    private static func environment(_ place: HermeticEnvironment, url: String) throws -> [String: String] {
        let made = try CommandRunner(place).run(["openssl", "genrsa", "-out", place.folder("app.pem"), "2048"])
        try #require(made.status == 0, "\(made.errors)")
        return [
            "GRADUS_FORGE": "github", "GRADUS_FORGE_URL": url, "GRADUS_FORGE_REPOSITORY": "acme/deploy", "GRADUS_GITHUB_APP_ID": "4711",
            "GRADUS_GITHUB_APP_INSTALLATION": "77", "GRADUS_GITHUB_APP_KEY_FILE": place.folder("app.pem"),
            "GRADUS_TOKEN": "token-that-an-app-replaces",
        ]
    }

    private static func port(_ scene: ForgeScene, _ place: HermeticEnvironment, now: Int) throws -> any ForgePort {
        var configuration = try ForgeConfiguration(environment: environment(place, url: scene.server.url))
        configuration.now = { now }
        return try #require(try Forges.forge(for: scene.origin, configuration))
    }

    @Test func asksForATokenOfTheInstallationAndUsesItUntilItEnds() throws {
        let scene = try ForgeScene(.github)
        let place = try HermeticEnvironment()
        let port = try Self.port(scene, place, now: 1_790_000_000)
        _ = try scene.port.open(scene.draft())
        let asked = Mutex<[ScriptedRequest]>([])
        scene.server.disturb { request in
            guard request.path == "/api/v3/app/installations/77/access_tokens" else { return nil }
            asked.withLock { $0.append(request) }
            return ScriptedAnswer(201, #"{"token":"\#(ForgeServer.token)","expires_at":"2026-09-21T15:13:20Z"}"#)
        }
        #expect(try port.pullRequest("1").number == "1")
        #expect(try port.reviews(of: "1") == [])
        let requests = asked.withLock { $0 }
        #expect(requests.count == 1)
        #expect(requests.first?.body == #"{"repositories":["deploy"]}"#)
        let statement = try #require(requests.first?.header("Authorization").first?.split(separator: " ").last.map(String.init))
        try Self.verify(statement, place)
    }

    @Test func asksAgainBeforeTheTokenEnds() throws {
        let scene = try ForgeScene(.github)
        _ = try scene.port.open(scene.draft())
        // Four minutes before the end of the tokens that it is given.
        let port = try Self.port(scene, try HermeticEnvironment(), now: 1_790_003_360)
        let count = Mutex(0)
        scene.server.disturb { request in
            guard request.path.hasSuffix("/access_tokens") else { return nil }
            count.withLock { $0 += 1 }
            return ScriptedAnswer(201, #"{"token":"\#(ForgeServer.token)","expires_at":"2026-09-21T15:13:20Z"}"#)
        }
        _ = try port.pullRequest("1")
        _ = try port.pullRequest("1")
        #expect(count.withLock { $0 } == 2)
    }

    @Test func tellsWhatIsMissingOrWrong() throws {
        let place = try HermeticEnvironment()
        var environment = try Self.environment(place, url: "http://127.0.0.1:9")
        environment["GRADUS_GITHUB_APP_INSTALLATION"] = "../../user"
        #expect(throws: PromotionError.self) { try ForgeConfiguration(environment: environment) }
        environment["GRADUS_GITHUB_APP_INSTALLATION"] = nil
        #expect(throws: PromotionError.self) { try ForgeConfiguration(environment: environment) }
        environment["GRADUS_GITHUB_APP_INSTALLATION"] = "77"
        try place.folder.write("app.pem", "no key at all\n")
        let port = try #require(try Forges.forge(for: "/srv/acme/deploy", ForgeConfiguration(environment: environment)))
        let error = #expect(throws: PromotionError.self) { try port.pullRequest("1") }
        #expect(error?.kind == .usage)
        #expect(error?.description.contains("no key at all") == false)
    }

    /// The statement's claims, and its signature as openssl sees it.
    private static func verify(_ statement: String, _ place: HermeticEnvironment) throws {
        let parts = statement.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        func decoded(_ part: String) throws -> String {
            let padded = String(part.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }) + String(repeating: "=", count: (4 - part.count % 4) % 4)
            try place.folder.write("part", padded)
            let run = try CommandRunner(place).run(["openssl", "base64", "-d", "-A", "-in", place.folder("part"), "-out", place.folder("part.bin")])
            try #require(run.status == 0)
            return place.folder("part.bin")
        }
        #expect(try TemporaryFolder.read(decoded(parts[0])) == #"{"alg":"RS256","typ":"JWT"}"#)
        #expect(try TemporaryFolder.read(decoded(parts[1])) == #"{"exp":1790000540,"iat":1789999940,"iss":"4711"}"#)
        try place.folder.write("signed", parts[0] + "." + parts[1])
        let signature = try decoded(parts[2])
        let runner = CommandRunner(place)
        _ = try runner.run(["openssl", "rsa", "-in", place.folder("app.pem"), "-pubout", "-out", place.folder("public.pem")])
        let judged = try runner.run([
            "openssl", "dgst", "-sha256", "-verify", place.folder("public.pem"), "-signature", signature, place.folder("signed"),
        ])
        #expect(judged.line == "Verified OK", "\(judged.errors)")
    }
}
