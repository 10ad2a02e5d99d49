import PromotionEngine
import TestSupport
import Testing
import Web

@testable import Forges

@Suite struct ForgeChoiceTests {
    @Test(arguments: [
        ("https://github.com/acme/deploy.git", "GitHub (github.com)"),
        ("git@github.com:acme/deploy.git", "GitHub (github.com)"),
        ("ssh://git@ssh.github.com:443/acme/deploy", "GitHub (github.com)"),
        ("https://gitlab.com/acme/team/deploy.git", "GitLab (gitlab.com)"),
        ("https://user@bitbucket.org/acme/deploy", "Bitbucket (bitbucket.org)"),
        ("ssh://git@codeberg.org/acme/deploy.git", "Gitea (codeberg.org)"),
    ])
    func knowsThePublicServicesByTheirHosts(remote: String, name: String) throws {
        #expect(try Forges.forge(for: remote, ForgeConfiguration())?.name == name)
    }

    @Test(arguments: ["https://git.example.com/acme/deploy.git", "/srv/git/deploy.git", "file:///srv/git/acme/deploy.git"])
    func knowsNoForgeOfOtherPlaces(remote: String) throws {
        #expect(try Forges.forge(for: remote, ForgeConfiguration()) == nil)
    }

    @Test(arguments: [
        (ForgeKind.github, "github.com", "https://api.github.com"), (.github, "acme.ghe.com", "https://api.acme.ghe.com"),
        (.github, "git.example.com", "https://git.example.com/api/v3"), (.gitlab, "gitlab.com", "https://gitlab.com/api/v4"),
        (.gitea, "codeberg.org", "https://codeberg.org/api/v1"), (.bitbucket, "bitbucket.org", "https://api.bitbucket.org/2.0"),
    ])
    func knowsWhereTheAPIIs(kind: ForgeKind, host: String, address: String) {
        #expect(kind.apiAddress(scheme: "https", host: host, port: nil, prefix: "") == address)
    }

    @Test(arguments: [
        ("git@git.example.com:acme/deploy.git", "git.example.com", ["acme", "deploy"]),
        ("ssh://git@git.example.com:2222/acme/deploy", "git.example.com", ["acme", "deploy"]),
        ("https://u:p@Git.Example.com:8443/a/b/c.git/", "git.example.com", ["a", "b", "c"]),
        ("git://127.0.0.1:9418/acme/deploy.git", "127.0.0.1", ["acme", "deploy"]),
        ("https://[::1]:3000/acme/deploy", "::1", ["acme", "deploy"]), ("file:///srv/acme/deploy.git", nil, ["srv", "acme", "deploy"]),
        ("/srv/acme/deploy.git", nil, ["srv", "acme", "deploy"]),
    ])
    func readsRemotes(remote: String, host: String?, components: [String]) {
        let place = RemotePlace(remote)
        #expect(place.host == host)
        #expect(place.components == components)
    }

    @Test func theEnvironmentNamesForgeAndToken() throws {
        let configuration = try ForgeConfiguration(
            environment: ["GRADUS_FORGE": "forgejo", "GRADUS_FORGE_URL": "https://git.example.com", "GRADUS_TOKEN": "forge-word"],
            kind: "gitlab", url: "https://gitlab.example.com")
        #expect(configuration.kind == .gitea)
        #expect(configuration.url == "https://git.example.com")
        #expect(configuration.token?.secret.exposed == "forge-word")
        #expect("\(configuration)".contains("forge-word") == false)
        let own = try ForgeConfiguration(environment: [:], kind: "gitlab", url: "https://gitlab.example.com")
        #expect(own.kind == .gitlab)
        #expect(try Forges.forge(for: "https://github.com/a/b", ForgeConfiguration(environment: ["GRADUS_FORGE": "none"])) == nil)
    }

    @Test(arguments: [
        ["GRADUS_FORGE": "gitbucket"], ["GRADUS_TOKEN": "forge-word", "GRADUS_TOKEN_FILE": "/dev/null"],
    ])
    func refusesSettingsThatMakeNoSense(environment: [String: String]) {
        #expect(throws: PromotionError.self) { try ForgeConfiguration(environment: environment) }
    }

    @Test func anAddressMustBeOne() {
        #expect(throws: PromotionError.self) {
            try Forges.forge(for: "/srv/a/b", ForgeConfiguration(kind: .github, url: "git.example.com"))
        }
        #expect(throws: PromotionError.self) { try Forges.forge(for: "/b", ForgeConfiguration(kind: .github, url: "https://git.example.com")) }
    }

    @Test(arguments: [
        (["GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_API_URL": "https://git.example.com/api/v3"], "GitHub"),
        (
            [
                "GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_SERVER_URL": "https://git.example.com",
                "GITHUB_API_URL": "https://git.example.com/api/v1",
            ], "Gitea"
        ),
        (["CI_SERVER_HOST": "git.example.com", "CI_API_V4_URL": "https://git.example.com/api/v4"], "GitLab"),
    ])
    func takesTheForgeOfTheCISystem(environment: [String: String], title: String) throws {
        let configuration = try ForgeConfiguration(environment: environment)
        #expect(try Forges.forge(for: "https://git.example.com/a/b", configuration)?.name == "\(title) (git.example.com)")
        #expect(try Forges.forge(for: "https://git.example.org/a/b", configuration) == nil)
    }
}
