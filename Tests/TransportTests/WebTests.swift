import PromotionEngine
import TestSupport
import Testing

/// Promotions over https, on a real server.
@Suite(.serialized, .enabled(if: WebServer.isThere, "apache2-bin is not installed"))
struct WebTests {
    @Test func thirtyParallelPromotionsLandAndTheTokenIsNowhere() throws {
        let services = (1...30).map { "service-\($0)" }
        let yard = try Yard(services: services)
        try yard.git.git("config", "http.receivepack", "true", in: yard.authority)
        let server = try WebServer(yard)
        try register(services, yard)
        yard.repo = server.url()
        yard.variables.merge(server.variables) { $1 }
        let canary = try Canary(yard, WebServer.token)
        let results = try Together.promote(services, yard, watching: canary)
        for service in services { #expect(try yard.tag(service, "dev") == "1.1.0") }
        #expect(results.allSatisfy { $0.code == 0 }, "\(results)")
        try canary.expectSilence(in: results, yard)
        yard.repo = yard.authority
        try yard.expectSound()
    }

    /// What is wrong, the exit code, and what is said of it. Afterwards the same command goes through.
    private static let faults: [(name: String, below: String, variables: [String: String], code: Int32, says: String)] = [
        ("wrong token", "git", ["GRADUS_TOKEN": "another-token"], 4, "the server refused GRADUS_TOKEN"),
        ("no token", "git", ["GRADUS_TOKEN": ""], 4, "there are none for localhost"),
        ("bad gateway", "down", [:], 1, "502"),
        ("silence", "hanging", ["GRADUS_NETWORK_TIMEOUT": "1s"], 1, "nothing for 1 seconds"),
        ("unknown authority", "git", ["GIT_SSL_CAINFO": "/etc/ssl/certs/ca-certificates.crt"], 1, "certificate"),
        ("no such repository", "git/nowhere", [:], 1, "there is no such repository"),
    ]

    @Test func eachFaultIsClearAndThePromotionGoesOnAfterwards() throws {
        let (yard, server) = try served()
        for fault in Self.faults {
            yard.repo = server.url(below: fault.below)
            let failed = try yard("promote web --to dev", exits: fault.code, adding: fault.variables)
            #expect(failed.errors.contains(fault.says), "\(fault.name): \(failed.errors)")
            #expect(failed.errors.contains("Hint: "), "\(fault.name)")
        }
        yard.repo = server.url(port: server.expiredPort)
        #expect(try yard("promote web --to dev", exits: 1).errors.contains("expired"))
        yard.repo = server.url()
        try yard("promote web --to dev")
        #expect(try yard.tag("web", "dev") == "1.1.0")
    }

    @Test func aPassingFaultIsTriedAgain() throws {
        let (yard, server) = try served()
        yard.repo = server.url(below: "flaky")
        try yard("promote web --to dev")
        #expect(try yard.tag("web", "dev") == "1.1.0")
    }

    @Test func aPushThatTheServerRefusesIsToldAndFinishedLater() throws {
        let (yard, server) = try served()
        yard.repo = server.url()
        let hook = "origin.git/hooks/pre-receive"
        let script = "#!/bin/sh\nwhile read old new ref; do [ $ref = refs/heads/main ] && { echo 'main is protected' >&2; exit 1; }; done; exit 0\n"
        try yard.environment.folder.write(hook, script, mode: 0o755)
        let refused = try yard("promote web --to dev", exits: 1)
        #expect(refused.errors.contains("the server refused: pre-receive hook declined"), "\(refused.errors)")
        try yard.environment.folder.write(hook, "#!/bin/sh\n", mode: 0o644)
        try yard("reconcile")
        #expect(try yard.tag("web", "dev") == "1.1.0")
    }

    @Test func aHelperOfTheUserIsAskedOnceAndTold() throws {
        let (yard, server) = try served()
        yard.repo = server.url()
        let log = yard.environment.folder("helper.log")
        try yard.environment.folder.write(
            "helper", "#!/bin/sh\necho $1 >> \(log)\ncat > /dev/null\n[ $1 = get ] && printf 'username=\(WebServer.user)\\npassword=\(WebServer.token)\\n'\nexit 0\n",
            mode: 0o755)
        try yard.tool(["git", "config", "--global", "credential.https://localhost:\(server.port).helper", yard.environment.folder("helper")])
        try yard("promote web --to dev", adding: ["GRADUS_TOKEN": ""])
        #expect(try TemporaryFolder.read(log) == "get\nstore\n")
    }

    @Test func aTokenComesFromAFileOrTheOriginAndNeverFromTheCommandLine() throws {
        let (yard, server) = try served()
        try yard.environment.folder.write("token", WebServer.token + "\n")
        yard.repo = server.url()
        let fromFile = ["GRADUS_TOKEN": "", "GRADUS_TOKEN_FILE": yard.environment.folder("token")]
        try yard("status", adding: fromFile)
        #expect(try yard("status", exits: 2, adding: ["GRADUS_TOKEN_FILE": yard.environment.folder("token")]).errors.contains("both set"))

        let secret = server.url().replacing("https://", with: "https://\(WebServer.user):\(WebServer.token)@")
        yard.repo = secret
        let refused = try yard("status", exits: 2, adding: ["GRADUS_TOKEN": ""])
        #expect(refused.errors.contains("holds a password or token"))
        #expect(!(refused.errors + refused.output).contains(WebServer.token))

        // A clone as CI systems make it: shallow, with the token in its origin.
        let clone = yard.environment.folder("clone")
        try yard.tool(["git", "-c", "http.sslCAInfo=\(server.certificate)", "clone", "-q", "--depth", "1", secret, clone])
        yard.repo = clone
        try yard("promote web --to dev", adding: ["GRADUS_TOKEN": ""])
        #expect(try yard.tag("web", "dev") == "1.1.0")
        #expect(try yard.tool(["sh", "-c", "grep -rl \(WebServer.token) \(yard.environment.folder("cache")) || true"]).isEmpty)
        yard.repo = yard.authority
        try yard.expectSound()
    }

    private func served() throws -> (Yard, WebServer) {
        let yard = try Yard()
        try yard.git.git("config", "http.receivepack", "true", in: yard.authority)
        let server = try WebServer(yard)
        try yard("release create web 1.1.0")
        yard.variables.merge(server.variables) { $1 }
        return (yard, server)
    }

    private func register(_ services: [String], _ yard: Yard) throws {
        for service in services { try yard("release create \(service) 1.1.0") }
    }
}
