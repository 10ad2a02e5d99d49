import PromotionEngine
import TestSupport
import Testing

/// The ledger keeps every word for good: what carries a password does not get there.
@Suite struct PasswordTests {
    private static let url = "https://bot:s3cr3tpw@ci.example/1"

    /// On one repository, in whose ledger nothing is added.
    @Test func aTextWithAPasswordIsRefused() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let lines: [([String], String)] = [
            (["release", "create", "checkout", "1.4.3", "--ci-url", Self.url], "--ci-url holds a password; leave it out"),
            (["release", "create", "checkout", "1.4.3", "--ci-url=\(Self.url)", "--dry-run"], "--ci-url holds a password; leave it out"),
            (["release", "create", "checkout", "1.4.3", "--image", "https://bot:s3cr3tpw@registry/x:1"], "--image holds a password"),
            (["release", "create", "checkout", "1.4.3", "--commit", Self.url], "--commit holds a password"),
            (["release", "create", "checkout", "1.4.3", "--author", Self.url], "--author holds a password"),
            (["release", "create", "checkout", "1.4.3", "--irreversible", "see \(Self.url)"], "--irreversible holds a password"),
            (["release", "create", "checkout", "1.4.3", "--chart", "shop=\(Self.url)"], "--chart holds a password"),
            (["report", "checkout", "1.4.2", "test_pass_rate=100", "--ci-url", Self.url], "--ci-url holds a password"),
            (["report", "checkout", "1.4.2", "note=\(Self.url)"], "'note' holds a password"),
            (["report", "checkout", "1.4.2", "note=https://s3cr3tpw@ci.example/"], "'note' holds a user name in a URL, which may be a token"),
            (["promote", "checkout", "--to", "dev", "--reason", "as in \(Self.url)."], "--reason holds a password"),
            (["promote", "checkout", "--to", "dev", "--ticket", "jira://bot:s3cr3tpw@CHG-1"], "--ticket holds a password"),
            (["promote", "checkout", "--to", "dev", "--reason", "bot%3As3cr3tpw at ssh://bot%3As3cr3tpw@host/"], "--reason holds a password"),
            (["hold", "add", "--service", "checkout", "--stage", "dev", "--reason", Self.url], "--reason holds a password"),
            (["freeze", "add", "--all", "--reason=\(Self.url)", "--start", "2026-01-01", "--until", "2030-01-01"], "--reason holds a password"),
            (["adopt", "--reason", Self.url], "--reason holds a password"),
            (["hold", "list", "--actor", Self.url], "--actor holds a password"),
        ]
        for (line, message) in lines {
            let result = try site.run(line)
            #expect(result.code == 2 && result.errors.contains(message), "\(line): \(result)")
            #expect(!(result.output + result.errors).contains("s3cr3tpw"), "\(line): \(result)")
        }
        #expect(try site.types() == ["segment.opened", "release.registered"])
    }

    @Test func aURLThatNamesAnAccountIsTaken() throws {
        let site = try Site(.bare, .open())
        let reason = "see ssh://git@git.example:22/shop, mail olga@example.org, https://ci.example/@olga?at=1:2@3"
        #expect(try site.run(["release", "create", "checkout", "1.4.2", "--irreversible", reason]).code == 0)
        #expect(try site.run(["release", "show", "checkout", "1.4.2", "-o", "json"]).json?.text("irreversible") != nil)
    }

    /// Nobody typed it, so nobody could leave it out.
    @Test func theCIsOwnURLIsRecordedWithoutItsUser() throws {
        let site = try Site(.bare, .open())
        let result = try site.run(["release", "create", "checkout", "1.4.2"], adding: ["BUILD_URL": Self.url])
        #expect(result.code == 0, "\(result)")
        #expect(try site.records().last?.text("ci_url") == "https://ci.example/1")
    }
}
