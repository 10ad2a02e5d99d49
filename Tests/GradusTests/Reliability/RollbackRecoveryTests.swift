import PromotionEngine
import TestSupport
import Testing

/// Rollbacks whose process has died, and what others did to the values meanwhile.
///
/// The process dies at a point that only a debug build has; with a release build there is nothing to recover from.
@Suite struct RollbackRecoveryTests {
    private let path = Storefront.kustomizationPath("checkout", "dev")

    /// Version 1.4.2 is in dev over the baseline 1.0.0, and its rollback died at the point; nil without such points.
    private func interrupted(_ point: String) throws -> (Site, id: String)? {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        let line = ["rollback", "checkout", "--stage", "dev", "--reason", "broken"]
        guard try site.run(line, adding: ["GRADUS_FAILPOINT": point]).code == 137 else { return nil }
        let admitted = try #require(try site.records().last { $0.text("type") == "admitted" })
        return (site, try #require(admitted.text("promotion")))
    }

    private func changeByHand(_ site: Site) throws {
        try site.git.commit([path: Storefront.kustomization("checkout", tag: "7.7.7")], "by hand", to: site.authority)
    }

    @Test(arguments: ["move.before@2", "move.after@2"])
    func theNextRunFinishesIt(_ point: String) throws {
        guard let (site, id) = try interrupted(point) else { return }
        try site("reconcile")
        #expect(try site.tag("checkout", "dev") == "1.0.0")
        #expect(try site.deployments().count == 2)
        #expect(try site.records().filter { $0.text("type") == "delivered" && $0.text("promotion") == id }.count == 1)
        try site.expectSoundLedger()
    }

    @Test func itsCommitIsFoundBelowALaterChangeByHand() throws {
        guard let (site, id) = try interrupted("move.after@2") else { return }
        let landed = try site.git.git("rev-parse", "main", in: site.authority)
        try changeByHand(site)
        try site("reconcile")
        let delivered = try #require(try site.records().last { $0.text("type") == "delivered" })
        #expect(delivered.text("promotion") == id && delivered.text("commit") == landed, "\(delivered)")
        #expect(try site.types().last == "external-change")
        #expect(try site.tag("checkout", "dev") == "7.7.7")
        try site.expectSoundLedger()
    }

    @Test func onceWithdrawnItHidesNoChangeByHand() throws {
        guard let (site, _) = try interrupted("move.before@2") else { return }
        try changeByHand(site)
        _ = try site.run(["reconcile"])
        try site("reconcile")
        #expect(try site.types().suffix(2) == ["withdrawn", "external-change"])
        #expect(try site.tag("checkout", "dev") == "7.7.7")
    }

    /// After its admission has lapsed: whatever is asked for next is planned anew, and lands.
    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"), arguments: ["retry checkout@dev", "promote checkout --to dev --version 1.4.2"])
    func onceLapsedItIsBegunAgainOrGivesWay(_ line: String) throws {
        guard let (site, id) = try interrupted("move.before@2") else { return }
        try site("reconcile", clock: "+11m")
        #expect(try site.types().last == "withdrawn")
        try site("resume checkout --stage dev", clock: "+11m")
        try site(line, clock: "+11m")
        #expect(try site.tag("checkout", "dev") == (line.hasPrefix("retry") ? "1.0.0" : "1.4.2"))
        #expect(try site.records().filter { $0.text("type") == "delivered" && $0.text("promotion") == id }.isEmpty)
        try site.expectSoundLedger()
    }

    @Test(arguments: ["report checkout 1.4.2 --stage dev --health Healthy --revision", "adopt --stage dev --reason found"])
    func whatLandedAndIsNotOnRecordIsNoBaseline(_ line: String) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let victim = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": "move.after@2"])
        guard victim.code == 137 else { return }
        let tip = try site.git.git("rev-parse", "main", in: site.authority)
        try site(line.hasPrefix("report") ? "\(line) \(tip)" : line)
        try site("reconcile")
        try site("rollback checkout --stage dev --reason broken")
        #expect(try site.tag("checkout", "dev") == "1.0.0")
        try site.expectSoundLedger()
    }
}
