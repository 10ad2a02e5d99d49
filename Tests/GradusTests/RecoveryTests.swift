import PromotionEngine
import TestSupport
import Testing

/// Admitted promotions whose deliverer has died, and what became of their values meanwhile.
///
/// The deliverer dies at a point that only a debug build has; with a release build there is nothing to recover from.
@Suite struct RecoveryTests {
    private let path = Storefront.kustomizationPath("checkout", "dev")
    private let guarded = Storefront(automatic: [], rules: ["dev": ["entry_criteria: [{smoke_tests: pass}]"]])

    /// A promotion that died at the point; nil where the binary has no such points.
    private func interrupted(_ point: String, _ place: Place = .bare) throws -> (Site, id: String)? {
        let site = try Site(place, guarded)
        try site("release create checkout 1.4.2")
        try site("report checkout 1.4.2 smoke_tests=pass")
        let victim = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": point])
        guard victim.code == 137 else { return nil }
        let admitted = try #require(try site.records().last { $0.text("type") == "admitted" })
        return (site, try #require(admitted.text("promotion")))
    }

    @Test func aCommitThatLandedIsFoundByItsTrailer() throws {
        guard let (site, id) = try interrupted("move.after@2") else { return }
        let landed = try site.git.git("rev-parse", "main", in: site.authority)
        let document = try site.json("promote checkout --to dev")
        #expect(document.text("id") == id && document.text("commit") == landed, "\(document)")
        #expect(try site.deployments().count == 1)
    }

    /// By the rules of now it would have written something else: what it did write is what was delivered.
    @Test func aCommitThatLandedBeforeTheRulesChangedIsFound() throws {
        guard let (site, id) = try interrupted("move.after@2") else { return }
        let landed = try site.git.git("rev-parse", "main", in: site.authority)
        let image = "        image: registry.example/{service}\n      - application: environments/dev/"
        let rules = try site.file("workflows/storefront.yaml").replacing(image, with: """
                    image: registry.example/{service}
                  - {yaml: "environments/dev/{service}/extra.yaml", set: {tag: "{version}"}}
                  - application: environments/dev/
            """)
        let files = ["environments/dev/checkout/extra.yaml": "tag: \"1.0.0\"\n", "workflows/storefront.yaml": rules]
        try site.git.commit(files, "rules", to: site.authority)
        try site("reconcile", as: "olga")
        let delivered = try #require(try site.records().last { $0.text("type") == "delivered" })
        #expect(delivered.text("promotion") == id && delivered.text("commit") == landed, "\(delivered)")
        #expect(try !site.types().contains("withdrawn") && site.git.git("rev-parse", "main~1", in: site.authority) == landed)
        try site.expectSoundLedger()
    }

    @Test func reconcileFinishesWhatAnotherBegan() throws {
        guard let (site, id) = try interrupted("move.before@2") else { return }
        let moves = try site.json("reconcile", as: "olga")["moves"]?.items ?? []
        #expect(moves.map { $0.text("id") } == [id])
        #expect(try site.git.message(of: "main", in: site.authority).contains("Promoted-By: rita"))
    }

    @Test func aSquashedCommitIsFoundByItsValues() throws {
        guard let (site, id) = try interrupted("move.after@2") else { return }
        let squashed = try site.git.store("Squashed (#17)\n", tree: "main^{tree}", parent: "main~1", in: site.authority)
        try site.git.git("update-ref", "refs/heads/main", squashed, in: site.authority)
        try site.git.commit(["docs/a.md": "a\n"], "unrelated", to: site.authority)
        let document = try site.json("promote checkout --to dev")
        #expect(document.text("commit") == squashed, "\(document)")
        let delivered = try #require(try site.records().last { $0.text("type") == "delivered" })
        #expect(delivered.text("promotion") == id && delivered["unchanged"] == true)
        #expect(try site.deployments().count == 2)
        try site.expectSoundLedger()
    }

    @Test func aValueThatSomebodyChangedIsAConflictThatNamesBothSides() throws {
        guard let (site, _) = try interrupted("move.before@2") else { return }
        try site.git.commit([path: Storefront.kustomization("checkout", tag: "7.7.7")], "by hand", to: site.authority)
        let result = try site("promote checkout --to dev", exits: 9)
        for part in [path, "1.4.2", "7.7.7", "1.0.0"] { #expect(result.errors.contains(part), "\(result.errors)") }
        #expect(try site.tag("checkout", "dev") == "7.7.7")
        #expect(try site.types().last == "withdrawn")
        // Asked for again, it is decided on what is there now.
        try site("promote checkout --to dev")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
    }

    @Test func anUnrelatedChangeOfTheSameFileIsNoConflict() throws {
        guard let (site, id) = try interrupted("move.before@2") else { return }
        let other = Storefront.kustomization("checkout").replacing("\"2.0\"", with: "\"2.1\"")
        try site.git.commit([path: other], "sidecar", to: site.authority)
        #expect(try site.json("promote checkout --to dev").text("id") == id)
        #expect(try site.file(path) == Storefront.kustomization("checkout", tag: "1.4.2").replacing("\"2.0\"", with: "\"2.1\""))
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func anAdmissionLapsesAndALateCommitIsRecordedAsSuch() throws {
        guard let (site, id) = try interrupted("move.before@2") else { return }
        let late = try #require(try unreferencedDeployCommit(site, id))
        try site("report checkout 1.4.2 smoke_tests=fail")
        // Waiting is no failure, and neither is a refusal of what goes on by itself.
        try site("reconcile", clock: "+11m")
        #expect(try site.types().contains("withdrawn") && site.deployments().isEmpty)
        try site.git.git("update-ref", "refs/heads/main", late, in: site.authority)
        try site("reconcile", clock: "+12m")
        let delivered = try #require(try site.records().last { $0.text("type") == "delivered" })
        #expect(delivered["late"] == true && delivered.text("commit") == late && delivered.text("promotion") == id)
        #expect(try site.deployments().count == 1)
        try site.expectSoundLedger()
    }

    /// The commit that the dead one had made but not yet moved the branch to.
    private func unreferencedDeployCommit(_ site: Site, _ id: String) throws -> String? {
        let objects = try site.git.git("fsck", "--unreachable", "--no-reflogs", in: site.authority).split(separator: "\n")
        for line in objects where line.hasPrefix("unreachable commit ") {
            let commit = String(line.dropFirst("unreachable commit ".count))
            if try site.git.message(of: commit, in: site.authority).contains("Gradus-Promotion: \(id)\n") { return commit }
        }
        return nil
    }
}
