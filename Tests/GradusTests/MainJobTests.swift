import PromotionEngine
import TestSupport
import Testing

/// A release goes from registration to production, wherever the repository is.
@Suite struct MainJobTests {
    @Test(arguments: Place.allCases)
    func oneCommitPerStageAndNothingTheSecondTime(_ place: Place) throws {
        let site = try Site(place)
        try site("validate")
        try promote(site, isFirst: true)
        #expect(try site.deployments().count == 4)
        try expectExactFiles(site)
        let again = try promote(site, isFirst: false)
        #expect(again.text("result") == "unchanged")
        #expect(try site.deployments().count == 4, "the second run made commits")

        let matrix = try site.json("matrix")
        let row = try #require(matrix["services"]?.items.first { $0.text("service") == "checkout" })
        for stage in Storefront.stages { #expect(row["cells"]?[stage]?.text("version") == "1.4.2") }
        try site.expectSoundLedger()
        if place == .workTree { try expectFilesFollow(site) }
        if place == .cloneOfBare || place == .cloneOfDaemon {
            #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty)
            #expect(try site.git.commits("HEAD", in: site.repo).count == 1, "the clone's branch was touched")
            #expect(try site.git.references("refs/heads/gradus", in: site.repo).isEmpty)
        }
    }

    @discardableResult
    private func promote(_ site: Site, isFirst: Bool) throws -> JSONValue {
        try site("release create checkout 1.4.2 --image registry.example/checkout:1.4.2")
        try site("reconcile")
        let missing = try site.json("promote checkout --to qa", exits: isFirst ? 8 : 0)
        if isFirst {
            #expect(missing.text("result") == "pending")
            try site("report checkout 1.4.2 test_pass_rate=97 security_scan=pass")
            let failing = try site.json("promote checkout --to qa", exits: 6)
            #expect(failing.text("result") == "refused")
            let gate = failing.gate("dev.exit.test_pass_rate")
            #expect(gate?.text("value") == "97" && gate?.text("threshold") == ">= 100" && gate?.text("source") != nil, "\(failing)")
            try site("report checkout 1.4.2 test_pass_rate=100 security_scan=pass")
        }
        try site.json("promote checkout --to qa")
        try site.json("promote checkout --to staging")
        let waiting = try site.json("promote checkout --to prod", exits: isFirst ? 8 : 0)
        if isFirst {
            #expect(waiting.gate("approval")?.text("clear_with") == "gradus approve checkout@prod")
            try site("approve checkout@prod", as: "olga")
        }
        return try site.json("promote checkout --to prod")
    }

    private func expectExactFiles(_ site: Site) throws {
        for stage in Storefront.stages {
            #expect(
                try site.file(Storefront.kustomizationPath("checkout", stage)) == Storefront.kustomization("checkout", tag: "1.4.2"))
            #expect(
                try site.file(Storefront.applicationPath("checkout", stage))
                    == Storefront.application("checkout", stage, version: "1.4.2"))
            #expect(try site.file(Storefront.kustomizationPath("web", stage)) == Storefront.kustomization("web"))
        }
        for commit in try site.deployments() {
            let changed = try site.git.git("diff-tree", "--no-commit-id", "--name-only", "-r", commit, in: site.authority)
            #expect(changed.split(separator: "\n").count == 2, "\(changed)")
        }
    }

    /// The local repository is the authority, so its files are what was promoted.
    private func expectFilesFollow(_ site: Site) throws {
        #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty)
        #expect(
            try TemporaryFolder.read(site.repo + "/" + Storefront.kustomizationPath("checkout", "prod"))
                == Storefront.kustomization("checkout", tag: "1.4.2"))
    }

    @Test func deployCommitsCarryTrailersThatGitReads() throws {
        let site = try Site()
        try promote(site, isFirst: true)
        let message = try site.git.message(of: "main", in: site.authority)
        try site.environment.folder.write("message", message)
        let trailers = try site.git.git(
            "interpret-trailers", "--parse", site.environment.folder("message"), in: site.authority)
        let found = Dictionary(
            trailers.split(separator: "\n").map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (String(parts[0]), String(parts[1].dropFirst()))
            }, uniquingKeysWith: { $0 + "," + $1 })
        #expect(found["Gradus-Promotion"]?.hasPrefix("checkout-prod-") == true)
        #expect(found["Gradus-Release"] == "checkout 1.4.2")
        #expect(found["Gradus-Stage"] == "staging -> prod")
        #expect(found["Promoted-By"] == "rita")
        #expect(found["Approved-By"] == "olga")
        #expect(found["Gradus-Plan"]?.count == 64)
        #expect(try site.git.git("log", "-1", "--format=%an|%cn", "main", in: site.authority) == "rita|Gradus")
    }

    @Test func theChainHoldsByTheTextOfGitLogAlone() throws {
        let site = try Site()
        try promote(site, isFirst: true)
        let log = try site.git.git(
            "log", "--reverse", "-z", "--format=%B", "refs/heads/gradus/ledger/000001", in: site.authority)
        var claimed = [String(repeating: "0", count: 64)]
        var names: [String] = []
        for message in log.split(separator: "\0") {
            let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
            let record = try #require(lines.first { $0.hasPrefix("{") })
            let name = ".record-\(names.count + 10_000)"
            try site.environment.folder.write(name, claimed[claimed.count - 1] + record)
            names.append(name)
            let trailer = try #require(lines.first { $0.hasPrefix("Gradus-Hash: ") })
            claimed.append(String(trailer.dropFirst("Gradus-Hash: ".count)))
            #expect(lines.contains("Gradus-Seq: \(names.count)") && lines.contains("[skip ci]"))
        }
        let sums = try CommandRunner(site.environment).run(["sha256sum"] + names, in: site.environment.folder.path)
        #expect(sums.output.split(separator: "\n").map { $0.prefix(64) } == claimed.dropFirst().map { $0[...] })
        #expect(names.count == (try site.records().count))
        #expect(try site.records().map { $0.text("hash") } == claimed.dropFirst().map { $0 })
    }
}
