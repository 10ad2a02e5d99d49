import PromotionEngine
import TestSupport
import Testing

/// A rollback, by a person or after a failure, whose process dies at every place before and after an effect.
///
/// The points are in debug builds only; with a release build nothing dies, and nothing is to be finished.
@Suite struct RollbackCrashTests {
    /// The effects of a rollback: its admission, the move of the branch, its delivery; in a work tree also the files.
    private static func points(_ place: Place) -> [String] {
        (place == .workTree ? ["checkout"] : []).flatMap { ["\($0).before@1", "\($0).after@1"] }
            + (1...3).flatMap { ["move.before@\($0)", "move.after@\($0)"] }
    }

    @Test(arguments: [Place.bare, .workTree])
    func byHandIsFinishedByTheSameCommand(_ place: Place) throws {
        let site = try Site(place, .open())
        let line = ["rollback", "checkout", "--stage", "dev", "--reason", "broken"]
        for (round, point) in Self.points(place).enumerated() {
            try site("release create checkout 1.0.\(round + 1)")
            try site("promote checkout --to dev")
            if try site.run(line, adding: ["GRADUS_FAILPOINT": point]).code != 137 { return }
            let again = try site.run(line)
            #expect(again.code == 0, "\(point): \(again)")
            try expectRolledBack(site, rounds: round + 1, point)
            if place == .workTree { #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty, "\(point)") }
            try site("resume checkout --stage dev")
        }
        try site.expectSoundLedger()
    }

    @Test(arguments: [Place.bare, .cloneOfBare])
    func afterAFailureIsFinishedByTheNextReconcile(_ place: Place) throws {
        let site = try Site(place, Storefront(automatic: [], rules: ["dev": ["health: report", "on_failure: rollback"]]))
        for (round, point) in Self.points(place).enumerated() {
            let version = "1.0.\(round + 1)"
            try site("release create checkout \(version)")
            try site("promote checkout --to dev --version \(version)")
            let revision = try site.git.git("rev-parse", "main", in: site.authority)
            try site("report checkout \(version) --stage dev --health Degraded --revision \(revision)")
            if try site.run(["reconcile"], adding: ["GRADUS_FAILPOINT": point]).code != 137 { return }
            // Exit 5 tells of a promotion that has failed in this run, and not in the one that died.
            let again = try site.run(["reconcile"])
            #expect(again.code == (point == "move.before@1" ? 5 : 0), "\(point): \(again)")
            try expectRolledBack(site, rounds: round + 1, point)
            #expect(try site.types().filter { $0 == "failed" }.count == round + 1, "\(point)")
            try site("resume checkout --stage dev")
        }
        try site.expectSoundLedger()
    }

    /// Each round brought one release and took it away: one commit and one record of each.
    private func expectRolledBack(_ site: Site, rounds: Int, _ point: String) throws {
        #expect(try site.tag("checkout", "dev") == "1.0.0", "\(point)")
        #expect(try site.deployments().count == 2 * rounds, "\(point)")
        let types = try site.types()
        for type in ["rolled_back", "hold.added"] { #expect(types.filter { $0 == type }.count == rounds, "\(point): \(type)") }
        #expect(types.filter { $0 == "delivered" }.count == 2 * rounds, "\(point)")
    }
}
