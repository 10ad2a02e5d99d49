import TestSupport
import Testing

/// Promotions over ssh, on a real server.
@Suite(.serialized, .enabled(if: SSHServer.isThere, "openssh-server is not installed"))
struct SSHTests {
    @Test func thirtyParallelPromotionsLand() throws {
        let services = (1...30).map { "service-\($0)" }
        let yard = try Yard(services: services)
        for service in services { try yard("release create \(service) 1.1.0") }
        let server = try SSHServer(yard)
        yard.repo = server.url()
        yard.variables.merge(server.variables) { $1 }
        let results = try Together.promote(services, yard)
        #expect(results.allSatisfy { $0.code == 0 }, "\(results)")
        for service in services { #expect(try yard.tag(service, "dev") == "1.1.0") }
        yard.repo = yard.authority
        try yard.expectSound()
    }

    @Test func hostKeysAreEnforced() throws {
        let yard = try Yard()
        try yard("release create web 1.1.0")
        let server = try SSHServer(yard)
        yard.repo = server.url()
        yard.variables.merge(server.variables) { $1 }
        let place = "[127.0.0.1]:\(server.port)"
        let other = try yard.publicKey(try yard.sshKey("other")).split(separator: " ").prefix(2).joined(separator: " ")
        let own = try TemporaryFolder.read(yard.environment.folder("home/.ssh/known_hosts")).split(separator: " ").dropFirst().prefix(2)
            .joined(separator: " ")
        let files: [(text: String, says: String?)] = [
            ("", "is in none of"),
            ("\(place) \(other)\n", "not the one in"),
            ("# comment\n*.example.com,\(place) \(own) root@host\n", nil),
            ("!\(place),* \(own)\n", "is in none of"),
            ("127.0.0.1 \(own)\n", "is in none of"),
            ("\(place) \(own)\n@revoked \(place) \(own)\n", "is revoked by"),
        ]
        for (position, file) in files.enumerated() {
            try yard.environment.folder.write("known-\(position)", file.text)
            let known = ["GRADUS_KNOWN_HOSTS": yard.environment.folder("known-\(position)")]
            let result = try yard("status", exits: file.says == nil ? 0 : 1, adding: known)
            if let says = file.says { #expect(result.errors.contains(says), "\(file.text): \(result.errors)") }
        }
        // Hashed names.
        try yard.tool(["ssh-keygen", "-q", "-H", "-f", yard.environment.folder("home/.ssh/known_hosts")])
        try yard("promote web --to dev")
        #expect(try yard.tag("web", "dev") == "1.1.0")
    }

    @Test func aWrongKeyIsNoNetworkFault() throws {
        let yard = try Yard()
        let server = try SSHServer(yard)
        yard.repo = server.url()
        let refused = try yard("status", exits: 4, adding: ["GRADUS_SSH_KEY": try yard.sshKey("stranger")])
        #expect(refused.errors.contains("the server refused") && refused.errors.contains("stranger"))
        #expect(try yard("status", exits: 4, adding: ["GRADUS_SSH_KEY": "/nowhere"]).errors.contains("there is none"))
    }

    @Test func theAgentsKeyIsUsed() throws {
        let yard = try Yard()
        let server = try SSHServer(yard)
        yard.repo = server.url()
        let folder = try TemporaryFolder()
        let agent = try CommandRunner(yard.environment).start(["ssh-agent", "-D", "-a", folder("agent")])
        defer { agent.kill() }
        for _ in 0..<500 where try yard.tool(["sh", "-c", "test -S \(folder("agent")) && echo yes || true"]).isEmpty { continue }
        try yard.tool(["ssh-add", "-q", server.key], adding: ["SSH_AUTH_SOCK": folder("agent")])
        try yard("status", adding: ["SSH_AUTH_SOCK": folder("agent")])
    }

    @Test func aShallowCloneIsNoHindrance() throws {
        let yard = try Yard()
        try yard.git.commit(["more": "history\n"], "more", to: yard.authority)
        try yard("release create web 1.1.0")
        let server = try SSHServer(yard)
        let clone = yard.environment.folder("clone")
        try yard.tool(["git", "clone", "-q", "--depth", "1", server.url(), clone], adding: [
            "GIT_SSH_COMMAND": "ssh -i \(server.key) -o UserKnownHostsFile=\(yard.environment.folder("home/.ssh/known_hosts"))"
        ])
        yard.repo = clone
        yard.variables.merge(server.variables) { $1 }
        try yard("promote web --to dev")
        #expect(try yard.tag("web", "dev") == "1.1.0")
        #expect(try yard.git.git("rev-parse", "--is-shallow-repository", in: clone) == "true")
        yard.repo = yard.authority
        try yard.expectSound()
    }

    @Test func aShallowRepositoryThatDecidesItselfIsWrittenToo() throws {
        let yard = try Yard()
        try yard.git.commit(["more": "history\n"], "more", to: yard.authority)
        let clone = yard.environment.folder("clone")
        try yard.tool(["git", "clone", "-q", "--depth", "1", "file://" + yard.authority, clone])
        try yard.git.git("remote", "remove", "origin", in: clone)
        try yard.tool(["rm", "-rf", clone + "/.git/refs/remotes"])
        yard.repo = clone
        try yard("release create web 1.1.0")
        try yard("promote web --to dev")
        try yard("audit verify")
        let check = try yard.git.attempt("fsck", "--strict", in: clone)
        #expect(check.status == 0, "\(check)")
    }
}
