import PromotionEngine
import TestSupport
import Testing

/// The local repository as the authority: its files follow its branch, and nobody's changes are lost.
@Suite struct WorkTreeTests {
    private let path = Storefront.kustomizationPath("checkout", "dev")

    private func site() throws -> Site {
        let site = try Site(.workTree, .open(automatic: ["dev"]))
        try site("release create checkout 1.4.2")
        return site
    }

    @Test(arguments: [false, true])
    func localChangesOfThePromotionsFilesRefuseIt(_ staged: Bool) throws {
        let site = try site()
        let mine = Storefront.kustomization("checkout", tag: "0.0.1-mine")
        try site.environment.folder.write("work/" + path, mine)
        if staged { try site.git.git("add", ".", in: site.repo) }
        let result = try site("promote checkout --to dev", exits: 1)
        #expect(result.errors.contains(path) && result.errors.contains("git stash"), "\(result.errors)")
        #expect(try site.deployments().isEmpty && TemporaryFolder.read(site.repo + "/" + path) == mine)
        #expect(try !site.types().contains("admitted"), "refused before admission")
        try site("reconcile", exits: 1)
        #expect(try !site.types().contains("admitted") && TemporaryFolder.read(site.repo + "/" + path) == mine)
        try site.git.git("stash", in: site.repo)
        try site("promote checkout --to dev")
        #expect(try TemporaryFolder.read(site.repo + "/" + path) == Storefront.kustomization("checkout", tag: "1.4.2"))
    }

    @Test func otherLocalChangesStay() throws {
        let site = try site()
        let other = Storefront.kustomizationPath("web", "dev")
        try site.environment.folder.write("work/" + other, "mine\n")
        try site.environment.folder.write("work/new.txt", "mine\n")
        try site("promote checkout --to dev")
        #expect(try TemporaryFolder.read(site.repo + "/" + other) == "mine\n")
        #expect(try site.git.git("status", "--porcelain", in: site.repo) == "M \(other)\n?? new.txt" || site.git.git("status", "--porcelain", in: site.repo) == " M \(other)\n?? new.txt")
    }

    @Test func anotherBranchThatIsCheckedOutIsLeftAlone() throws {
        let site = try site()
        try site.git.git("checkout", "-q", "-b", "feature", in: site.repo)
        try site("promote checkout --to dev --branch main")
        #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty)
        #expect(try TemporaryFolder.read(site.repo + "/" + path) == Storefront.kustomization("checkout"))
        #expect(try site.tag("checkout", "dev") == "1.4.2")
    }

    @Test func theRepositoryIsFoundFromAFolderInside() throws {
        let site = try site()
        let gradus = GradusProcess(site.environment)
        let result = try gradus.run(
            ["promote", "checkout", "--to", "dev"], adding: ["GRADUS_ACTOR": "rita"], in: site.repo + "/environments/dev")
        #expect(result.code == 0, "\(result)")
        #expect(try TemporaryFolder.read(site.repo + "/" + path) == Storefront.kustomization("checkout", tag: "1.4.2"))
    }

    @Test func whatDecidesIsTheBranchAndNotTheFiles() throws {
        let site = try site()
        try site.environment.folder.write("work/workflows/storefront.yaml", "workflow: [broken\n")
        try site("promote checkout --to dev")
        try site("validate", exits: 2)
        #expect(try site.deployments().count == 1)
    }

    /// What a death between moving the branch and writing the files leaves, or one between writing a file and the index.
    @Test(arguments: [false, true])
    func theNextRunCompletesFilesThatStayedBehind(_ isWritten: Bool) throws {
        let site = try site()
        let victim = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": "checkout.before@1"])
        // A release build has no such points and has finished.
        guard victim.code == 137 else { return }
        #expect(try TemporaryFolder.read(site.repo + "/" + path) == Storefront.kustomization("checkout"))
        if isWritten { try site.environment.folder.write("work/" + path, Storefront.kustomization("checkout", tag: "1.4.2")) }
        try site("reconcile")
        #expect(try TemporaryFolder.read(site.repo + "/" + path) == Storefront.kustomization("checkout", tag: "1.4.2"))
        #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty && site.deployments().count == 1)
    }

    @Test func filesThatTheUserPutBackAreLeftAlone() throws {
        let site = try site()
        try site("promote checkout --to dev")
        try site.git.git("checkout", "-q", "HEAD~1", "--", "environments", in: site.repo)
        try site("status")
        try site("reconcile")
        #expect(try TemporaryFolder.read(site.repo + "/" + path) == Storefront.kustomization("checkout"))
    }
}
