import PromotionEngine
import TestSupport
import Testing

/// The disaster drill: the origin is gone, and what is left is a backup and somebody's clone.
@Suite struct BackupTests {
    private func site() throws -> Site {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        return site
    }

    private func restore(_ site: Site, _ more: String...) throws -> GradusResult {
        let folder = site.environment.folder
        return try GradusProcess(site.environment).run(
            ["restore", folder("site.bundle"), "--repo", folder("restored.git"), "-o", "json"] + more)
    }

    private func verify(_ site: Site, _ place: String) throws -> JSONValue {
        let result = try GradusProcess(site.environment).run(["audit", "verify", "-o", "json", "--repo", place])
        #expect(result.code == 0, "\(result)")
        return try #require(result.json)
    }

    @Test func whatWasLostComesBackFromABackupAndAClone() throws {
        let site = try site()
        let (folder, git) = (site.environment.folder, site.git)
        let before = try git.references("refs", in: site.authority)
        try site("backup \(folder("site.bundle"))")
        #expect(try git.references("refs", in: site.authority) == before, "a backup writes nothing")
        // Life goes on, somebody clones, life goes on; then the origin is lost.
        try site("promote checkout --to qa")
        try git.git("clone", "-q", "--mirror", site.authority, folder("mirror.git"), in: folder.path)
        try site("promote checkout --to staging")
        let last = try #require(try site.records().last?["seq"])
        try git.git("update-ref", "-d", "refs/heads/gradus/ledger/000001", in: site.authority)

        let report = try #require(try restore(site, "--mirror", folder("mirror.git")).json)
        let differences = try #require(report["differences"]?.items)
        #expect(differences.map { $0.text("relation") } == ["ahead", "ahead"], "\(report)")
        #expect(differences[0].text("meaning") == "the mirror knows 4 records more" && differences[1].text("meaning") == "the mirror knows 1 commit more")
        let verified = try verify(site, folder("restored.git"))
        #expect(verified["records"] == report["records"] && report["records"] == .int(10) && last == .int(14))
        #expect(try git.attempt("fsck", "--strict", "--no-dangling", in: folder("restored.git")).output.isEmpty)
        // The work goes on there.
        let promoted = try GradusProcess(site.environment).run(
            ["promote", "checkout", "--to", "staging", "--actor", "rita", "--repo", folder("restored.git")])
        #expect(promoted.code == 0, "\(promoted)")
    }

    @Test func aBackupAloneIsTheWholeRepositoryAndGitReadsIt() throws {
        let site = try site()
        let (folder, git) = (site.environment.folder, site.git)
        try site("backup \(folder("site.bundle"))")
        let report = try restore(site)
        #expect(report.code == 0 && report.json?["differences"]?.items.isEmpty == true, "\(report)")
        for reference in try git.references("refs/heads", in: site.authority) {
            let was = try git.git("rev-parse", reference, in: site.authority)
            #expect(try git.git("rev-parse", reference, in: folder("restored.git")) == was)
        }
        #expect(try git.references("refs/gradus", in: folder("restored.git")).isEmpty)
        try git.git("clone", "-q", folder("site.bundle"), folder("plain"), in: folder.path)
        #expect(try TemporaryFolder.read(folder("plain/" + Storefront.kustomizationPath("checkout", "dev"))).contains("1.4.2"))
        try site("backup \(folder("site.bundle"))", exits: 2)
        #expect(try restore(site).code == 2, "nothing is written over")
    }

    @Test func whatPartsWaysIsNamedAndTheBackupsIsKept() throws {
        let site = try site()
        let folder = site.environment.folder
        _ = try site.git.makeBareClone(of: site.authority, "mirror.git")
        try site("report checkout 1.4.2 test_pass_rate=100")
        try site("backup \(folder("site.bundle"))")
        _ = try GradusProcess(site.environment).run(
            ["report", "checkout", "1.4.2", "test_pass_rate=0", "--actor", "sam", "--repo", folder("mirror.git")])
        let report = try restore(site, "--mirror", folder("mirror.git"))
        #expect(report.code == 3 && report.json?["differences"]?[0]?.text("relation") == "diverged", "\(report)")
        #expect(report.json?["differences"]?[0]?.text("taken") == "backup")
        _ = try verify(site, folder("restored.git"))
    }

    enum Damage: String, CaseIterable, Sendable {
        case cut, flipped, header, otherReference, empty, noBundle
    }

    @Test(arguments: Damage.allCases)
    func aDamagedBackupIsRefusedAndLeavesNothing(_ damage: Damage) throws {
        let site = try site()
        let folder = site.environment.folder
        try site("backup \(folder("whole.bundle"))")
        let edit = switch damage {
        case .cut: "head -c 2000 whole.bundle > site.bundle"
        case .flipped: "cp whole.bundle site.bundle && printf '\\377\\000\\377' | dd of=site.bundle bs=1 seek=1500 conv=notrunc 2>/dev/null"
        case .header: "sed '1s/v2/v9/' whole.bundle > site.bundle"
        case .otherReference: "sed '1,/^$/s#refs/heads/main#refs/heads/mein#' whole.bundle > site.bundle"
        case .empty: ": > site.bundle"
        case .noBundle: "seq 1 200000 > site.bundle"
        }
        _ = try CommandRunner(site.environment).run(["/bin/sh", "-c", "cd \(folder.path) && \(edit)"])
        let refused = try restore(site)
        #expect(refused.code == 1 && refused.json?.text("kind") == "Error", "\(damage): \(refused)")
        #expect(try CommandRunner(site.environment).run(["/bin/sh", "-c", "ls -d \(folder.path)/restored.git*"]).output.isEmpty)
    }

    @Test func aBrokenLedgerIsNotBackedUp() throws {
        let site = try site()
        try site.git.rewrite("refs/heads/gradus/ledger/000001", in: site.authority) { position, message in position == 2 ? nil : message }
        let refused = try site("backup \(site.environment.folder("site.bundle"))", exits: 1)
        #expect(refused.errors.contains("gradus audit verify"))
    }
}
