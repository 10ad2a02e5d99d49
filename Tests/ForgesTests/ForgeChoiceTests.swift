import PromotionEngine
import Testing

@testable import Forges

@Suite struct ForgeChoiceTests {
    @Test(arguments: [
        ("https://github.com/acme/deploy.git", "GitHub (github.com)"),
        ("git@github.com:acme/deploy.git", "GitHub (github.com)"),
        ("ssh://git@ssh.github.com:443/acme/deploy", "GitHub (github.com)"),
        ("https://gitlab.com/acme/team/deploy.git", "GitLab (gitlab.com)"),
        ("https://bitbucket.org/acme/deploy", "Bitbucket (bitbucket.org)"),
        ("ssh://git@codeberg.org/acme/deploy.git", "Gitea (codeberg.org)"),
    ])
    func knowsThePublicServicesByTheirHosts(remote: String, name: String) throws {
        #expect(try Forges.forge(for: remote, ForgeConfiguration())?.name == name)
    }

    @Test(arguments: ["https://git.example.com/acme/deploy.git", "/srv/git/deploy.git", "file:///srv/git/acme/deploy.git"])
    func knowsNoForgeOfOtherPlaces(remote: String) throws {
        #expect(try Forges.forge(for: remote, ForgeConfiguration()) == nil)
    }
}
