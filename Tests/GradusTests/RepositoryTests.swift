import PromotionEngine
import TestSupport
import Testing

/// Repositories that cannot be used, and those whose rules must not be bypassed.
@Suite struct RepositoryTests {
    private let environment: HermeticEnvironment
    private let git: GitFixture
    private let gradus: GradusProcess

    init() throws {
        environment = try HermeticEnvironment()
        git = GitFixture(environment)
        gradus = GradusProcess(environment)
    }

    private func expectError(_ repo: String, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        for command in [["matrix"], ["release", "create", "checkout", "1.4.2"], ["validate"]] {
            let result = try gradus.run(command + ["--repo", repo, "--actor", "rita"])
            #expect(result.code == 1, "\(command): \(result)", sourceLocation: sourceLocation)
            #expect(result.output.isEmpty && result.errors.contains("Error: ") && result.errors.contains("Hint: "), "\(result)", sourceLocation: sourceLocation)
            for part in parts { #expect(result.errors.contains(part), "\(result.errors)", sourceLocation: sourceLocation) }
        }
    }

    @Test func noRepositoryIsToldClearly() throws {
        try environment.folder.write("plain/file", "")
        try expectError(environment.folder("plain"), environment.folder("plain"))
        try expectError(environment.folder("nowhere"), "nowhere")
        try expectError("file://" + environment.folder("nowhere"), "nowhere")
        try expectError("git://127.0.0.1:1/nowhere.git", "127.0.0.1")
    }

    @Test func anEmptyRepositoryIsToldClearly() throws {
        try git.git("init", "-q", "--bare", environment.folder("empty.git"), in: environment.folder.path)
        try git.git("init", "-q", environment.folder("empty"), in: environment.folder.path)
        try expectError(environment.folder("empty.git"), "no branch 'main'")
        try expectError(environment.folder("empty"), "no branch 'main'")
    }

    @Test func anEmptyServedRepositoryIsToldClearly() throws {
        try git.git("init", "-q", "--bare", environment.folder("empty.git"), in: environment.folder.path)
        let daemon = try GitDaemon(environment)
        try expectError(daemon.url("empty.git"), "empty.git")
        try expectError(daemon.url("missing.git"), "missing.git")
    }

    @Test func aMissingTargetBranchIsToldClearly() throws {
        let site = try Site(.cloneOfBare)
        let result = try site("matrix --branch production", exits: 1)
        #expect(result.errors.contains("no branch 'production'"), "\(result.errors)")
        try site.git.git("symbolic-ref", "HEAD", "refs/heads/gone", in: site.authority)
        #expect(try site("matrix", exits: 1).errors.contains("no branch 'gone'"))
        try site("matrix --branch main")
    }

    @Test func aTargetBranchBesideTheDefaultOneIsPromotedTo() throws {
        let site = try Site()
        try site.git.git("branch", "release", "main", in: site.authority)
        try site("release create checkout 1.4.2 --branch release")
        try site("reconcile --branch release")
        #expect(try site.git.commits("release", in: site.authority).count == 2 && site.deployments().isEmpty)
    }

    @Test func theBranchOfTheConfigurationDecidesOnlyFromTheTarget() throws {
        let site = try Site(.cloneOfBare, Storefront(more: [".gradus/config.yaml": "branch: release\n"]))
        try site.git.git("branch", "release", "main", in: site.authority)
        try site("release create checkout 1.4.2")
        try site("reconcile")
        #expect(try site.git.commits("release", in: site.authority).count == 2 && site.deployments().isEmpty)
    }

    @Test func aRepositoryWithoutWorkflowsIsAnInvalidFile() throws {
        let work = try git.makeWorkTree("work", ["README.md": "hello\n"])
        let result = try gradus.run(["matrix", "--repo", work, "--actor", "rita"])
        #expect(result.code == 2 && result.errors.contains("workflows/"), "\(result)")
    }

    @Test(arguments: ["pre-receive", "update", "post-receive", "post-update"])
    func aHookOfAPathRemoteIsNotBypassed(_ hook: String) throws {
        let site = try Site(.cloneOfBare)
        try site.environment.folder.write("origin.git/hooks/\(hook)", "#!/bin/sh\nexit 0\n", mode: 0o755)
        try expectRefusal(site, naming: hook)
        try site.environment.folder.write("origin.git/hooks/\(hook)", "#!/bin/sh\nexit 0\n", mode: 0o644)
        try site("release create checkout 1.4.2")
    }

    @Test(arguments: ["receive.denyNonFastForwards", "receive.denyDeletes", "receive.denyCurrentBranch"])
    func aReceiveSettingOfAPathRemoteIsNotBypassed(_ setting: String) throws {
        let site = try Site(.cloneOfBare)
        try site.git.git("config", setting, "true", in: site.authority)
        try expectRefusal(site, naming: setting.lowercased())
    }

    @Test func hooksElsewhereAreFound() throws {
        let site = try Site(.cloneOfBare)
        try site.environment.folder.write("hooks/update", "#!/bin/sh\nexit 0\n", mode: 0o755)
        try site.git.git("config", "core.hooksPath", site.environment.folder("hooks"), in: site.authority)
        try expectRefusal(site, naming: "update hook")
    }

    private func expectRefusal(_ site: Site, naming part: String) throws {
        let result = try site("release create checkout 1.4.2", exits: 1)
        let errors = result.errors.lowercased()
        #expect(errors.contains(part.lowercased()) && errors.contains("git://"), "\(result.errors)")
        #expect(try site.git.references("refs/heads/gradus", in: site.authority).isEmpty)
    }

    @Test func aServersOwnHookDecidesOverTheWire() throws {
        let site = try Site(.gitURL, .open())
        try site("release create checkout 1.4.2")
        try site.environment.folder.write(
            "origin.git/hooks/update", "#!/bin/sh\ncase $1 in refs/heads/main) echo 'branch is protected' >&2; exit 1;; esac\n", mode: 0o755)
        let result = try site("promote checkout --to dev", exits: 1)
        #expect(result.errors.contains("refused"), "\(result.errors)")
        #expect(try site.deployments().isEmpty)
        try site.environment.folder.write("origin.git/hooks/update", "", mode: 0o644)
        try site("promote checkout --to dev")
        #expect(try site.deployments().count == 1)
        try site.expectSoundLedger()
    }

    /// The ledger's branch is not checked out, so evidence may be posted, but the branch that is must not fall behind.
    @Test func theCheckedOutBranchOfAnotherWorkTreeIsNotMoved() throws {
        let site = try Site(.workTree, .open())
        let clone = try site.git.clone(site.authority, "clone")
        for command in [["release", "create", "checkout", "1.4.2"], ["promote", "checkout", "--to", "dev"]] {
            let result = try GradusProcess(site.environment).run(command + ["--repo", clone, "--actor", "rita"])
            if command[0] == "promote" { #expect(result.code == 1 && result.errors.contains("checked out"), "\(result)") }
        }
        #expect(try site.deployments().isEmpty && site.git.git("status", "--porcelain", in: site.authority).isEmpty)
        try site("promote checkout --to dev")
        #expect(try site.deployments().count == 1)
    }
}
