import GitKit
import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// Signatures on records and deploy commits.
struct SigningTests {
    private static let ledger = "refs/heads/gradus/ledger/000001"

    @Test(arguments: ["ed25519", "ecdsa", "rsa"])
    func recordsAndDeployCommitsAreSignedAndGitAgrees(_ type: String) throws {
        let yard = try Yard()
        let key = try yard.sshKey("key", type: type)
        yard.variables["GRADUS_SIGNING_KEY"] = key
        try yard("release create web 1.1.0")
        try yard("promote web --to dev")
        try yard.environment.folder.write("signers", "rita@example.com \(try yard.publicKey(key))\n")
        let signers = yard.environment.folder("signers")
        for reference in [Self.ledger, "main~0"] {
            let marks = try yard.git.git(
                "-c", "gpg.ssh.allowedSignersFile=\(signers)", "log", "--format=%G? %GS", reference, "--not", "main~1",
                in: yard.authority)
            #expect(Set(marks.split(separator: "\n")) == ["G rita@example.com"], "\(reference)")
        }
        let report = try #require(try yard("audit verify --signers \(signers) -o json").json)
        #expect(report["result"]?.stringValue == "intact")
        #expect(report["signatures"]?["signers"] == ["rita@example.com": 7])
        #expect(report["signatures"]?["deploy_commits"] == 1)
        try yard.expectSound()
    }

    @Test func anOpenPGPKeySigns() throws {
        let yard = try Yard()
        // The agent's socket must have a short path.
        let home = try TemporaryFolder()
        yard.variables["GNUPGHOME"] = home.path
        let variables = yard.variables
        try yard.tool(
            ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "Gus <gus@example.com>", "ed25519", "sign", "never"],
            adding: variables)
        defer { do { try yard.tool(["gpgconf", "--kill", "all"], adding: variables) } catch { Issue.record(error) } }
        yard.variables["GRADUS_SIGNING_KEY"] = "gus@example.com"
        try yard("release create web 1.1.0")
        let armoured = try yard.tool(["gpg", "--armor", "--export"], adding: variables)
        try yard.environment.folder.write("gus.asc", armoured + "\n")
        yard.variables["GNUPGHOME"] = nil
        let verified = try yard("audit verify --signers \(yard.environment.folder("gus.asc"))")
        #expect(verified.output.contains("2 records and 0 deploy commits are signed: gus@example.com (2)"))
        let people = People(people: ["rita": .init(id: "rita", gpgKeys: [armoured + "\n"])])
        #expect(try Self.isAuthenticated(yard, 2, people))
    }

    @Test func anUnsignedRecordAnUnknownKeyAndAnotherContentAreNamed() throws {
        let yard = try Yard()
        let (key, other) = (try yard.sshKey("key"), try yard.sshKey("other"))
        try yard.environment.folder.write("signers", "# who signs\nrita@example.com \(try yard.publicKey(key))\n")
        let verify = "audit verify --signers \(yard.environment.folder("signers"))"
        try yard("release create web 1.1.0")
        #expect(try yard(verify, exits: 1).output.contains("record 1 (commit"))
        #expect(try yard(verify, exits: 1).output.contains("is not signed"))

        try yard("release create web 1.2.0", adding: ["GRADUS_SIGNING_KEY": other])
        let unknown = try yard(verify + " --signed-from 3", exits: 1)
        #expect(unknown.output.contains("record 3") && unknown.output.contains("that the signers do not list: SHA256:"))

        // The signature of one commit in another.
        try yard("release create web 1.3.0", adding: ["GRADUS_SIGNING_KEY": key])
        try yard("release create web 1.4.0", adding: ["GRADUS_SIGNING_KEY": key])
        try yard(verify + " --signed-from 4")
        let (older, stored) = try (
            yard.git.git("cat-file", "commit", Self.ledger + "~1", in: yard.authority),
            yard.git.git("cat-file", "commit", Self.ledger, in: yard.authority)
        )
        let forged = stored.replacing(try #require(Self.signature(in: stored)), with: try #require(Self.signature(in: older)))
        #expect(forged != stored)
        try yard.environment.folder.write("forged", forged + "\n")
        let commit = try yard.git.git(
            "hash-object", "-t", "commit", "-w", yard.environment.folder("forged"), in: yard.authority)
        try yard.git.git("update-ref", Self.ledger, commit, in: yard.authority)
        let bad = try yard(verify + " --signed-from 4", exits: 1)
        #expect(bad.output.contains("record 5") && bad.output.contains("was not made of this commit's content"))
    }

    @Test func aKeyThatHeldForATimeOnlyCountsThen() throws {
        let yard = try Yard()
        let key = try yard.sshKey("key")
        yard.variables["GRADUS_SIGNING_KEY"] = key
        try yard("release create web 1.1.0")
        let line = try yard.publicKey(key)
        try yard.environment.folder.write("now", "rita@example.com valid-after=\"20200101Z\" \(line)\n")
        try yard.environment.folder.write("once", "rita@example.com valid-before=\"20200101Z\" \(line)\n")
        try yard("audit verify --signers \(yard.environment.folder("now"))")
        let late = try yard("audit verify --signers \(yard.environment.folder("once"))", exits: 1)
        #expect(late.output.contains("did not count then"))
    }

    @Test func aRecordIsAuthenticatedOnlyByItsOwnPersonsKey() throws {
        let yard = try Yard()
        let (rita, olga) = (try yard.sshKey("rita"), try yard.sshKey("olga"))
        try yard("release create web 1.1.0", adding: ["GRADUS_SIGNING_KEY": rita])
        try yard("release create web 1.2.0", adding: ["GRADUS_SIGNING_KEY": olga])
        try yard("release create web 1.3.0")
        let people = People(people: [
            "rita": .init(id: "rita", sshKeys: [try yard.publicKey(rita)]),
            "olga": .init(id: "olga", sshKeys: [try yard.publicKey(olga)]),
        ])
        #expect(try Self.isAuthenticated(yard, 2, people))
        // Signed, but by somebody else than the record names.
        #expect(try !Self.isAuthenticated(yard, 3, people))
        #expect(try !Self.isAuthenticated(yard, 4, people))
        #expect(try !Self.isAuthenticated(yard, 2, People()))
    }

    @Test func theRepositorysOwnConfigurationDoesNotChooseTheSigner() throws {
        let yard = try Yard()
        try yard.environment.folder.write("evil", "#!/bin/sh\ntouch \(yard.environment.folder("ran"))\n", mode: 0o755)
        for (key, value) in [("gpg.ssh.program", "evil"), ("gpg.program", "evil")] {
            try yard.git.git("config", key, yard.environment.folder(value), in: yard.authority)
        }
        try yard.git.git("config", "commit.gpgsign", "true", in: yard.authority)
        try yard("release create web 1.1.0")
        try yard("release create web 1.2.0", adding: ["GRADUS_SIGNING_KEY": try yard.sshKey("key")])
        #expect(try yard.tool(["ls", yard.environment.folder.path]).contains("ran") == false)
        #expect(try yard.git.git("cat-file", "commit", Self.ledger, in: yard.authority).contains("BEGIN SSH SIGNATURE"))
    }

    @Test func withoutASignatureNothingIsWritten() throws {
        let yard = try Yard()
        let failed = try yard("release create web 1.1.0", exits: 1, adding: ["GRADUS_SIGNING_KEY": yard.environment.folder("no-key")])
        #expect(failed.errors.contains("Could not sign with the key"))
        #expect(try yard.git.references("refs/heads/gradus", in: yard.authority).isEmpty)
    }

    @Test func gitsOwnSettingsAndTheGlobalFileOfTheEnvironmentCount() throws {
        let yard = try Yard()
        let key = try yard.sshKey("key")
        try yard.environment.folder.write(
            "other-config",
            "[user]\n\tname = Olga\n\temail = olga@example.com\n\tsigningkey = \(key).pub\n[commit]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n")
        yard.variables = ["GIT_CONFIG_GLOBAL": yard.environment.folder("other-config")]
        try yard("release create web 1.1.0")
        let record = try #require(try yard("history -o jsonl").lines?.last)
        #expect(record["initiator"]?.stringValue == "olga@example.com")
        #expect(try yard.git.git("cat-file", "commit", Self.ledger, in: yard.authority).contains("BEGIN SSH SIGNATURE"))
    }

    /// The header line with the lines that continue it.
    private static func signature(in commit: String) -> Substring? {
        guard let begin = commit.firstRange(of: "gpgsig "), let end = commit.firstRange(of: "-----END SSH SIGNATURE-----") else { return nil }
        return commit[begin.lowerBound..<end.upperBound]
    }

    private static func isAuthenticated(_ yard: Yard, _ seq: Int, _ people: People) throws -> Bool {
        HermeticEnvironment.hideUserConfiguration()
        let authority = try DirectAuthority(
            try Repository.open(at: yard.authority), name: "origin", role: .embedded, warn: { _ in })
        let ledger = SegmentLedger(authority)
        _ = try ledger.load(LedgerScope())
        return try ledger.isAuthenticated(record: seq, by: "rita", people: people)
    }
}
