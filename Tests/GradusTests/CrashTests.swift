import Glibc
import PromotionEngine
import TestSupport
import Testing

/// Processes that die at any instruction leave nothing that the next run does not finish.
@Suite(.serialized) struct CrashTests {
    @Test(arguments: [(Place.cloneOfBare, 6), (.workTree, 10), (.cloneOfDaemon, 4)])
    func theNextRunFinishesWhatAKilledOneBegan(_ place: Place, _ rounds: Int) throws {
        let site = try Site(place, .open())
        for round in 1...rounds {
            try site("release create checkout 1.0.\(round)")
            let victim = try site.start(["promote", "checkout", "--to", "dev"])
            usleep(UInt32.random(in: 5_000...90_000))
            victim.kill()
            let document = try site.json("promote checkout --to dev --version 1.0.\(round)")
            #expect(["promoted", "unchanged"].contains(document.text("result")), "\(document)")
            #expect(try site.tag("checkout", "dev") == "1.0.\(round)")
            #expect(try site.deployments().count == round, "one deploy commit per release")
        }
        #expect(try site.types().filter { $0 == "delivered" }.count == rounds)
        try expectSound(site, place)
    }

    /// A debug build dies where it is told to: before and after each move of a reference and each update of files.
    @Test(arguments: [Place.cloneOfBare, .workTree, .cloneOfDaemon])
    func aDeathBeforeOrAfterAnyEffectIsMadeGood(_ place: Place) throws {
        let site = try Site(place, .open())
        var points = ["move.before@1", "move.after@1", "move.before@2", "move.after@2", "move.before@3", "move.after@3"]
        if place == .workTree { points += ["checkout.before@1", "checkout.after@1"] }
        for (round, point) in points.enumerated() {
            let version = "1.0.\(round + 1)"
            try site("release create checkout \(version)")
            let victim = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": point])
            // A release build has no such points and has finished.
            #expect([0, 137].contains(victim.code), "\(point): \(victim)")
            try site("promote checkout --to dev")
            #expect(try site.tag("checkout", "dev") == version, "\(point)")
            #expect(try site.deployments().count == round + 1, "\(point): one deploy commit per release")
        }
        let types = try site.types()
        for type in ["requested", "admitted", "delivered", "succeeded"] {
            #expect(types.filter { $0 == type }.count == points.count, "\(type) once per promotion")
        }
        try expectSound(site, place)
    }

    private func expectSound(_ site: Site, _ place: Place) throws {
        if place == .workTree { #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty) }
        try site.expectSoundLedger()
    }

    /// What a death between locking a reference and renaming the lock leaves.
    @Test(arguments: ["refs/heads/main", "refs/heads/gradus/ledger/000001"])
    func aLeftoverLockOfADeadProcessIsRemoved(_ reference: String) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        try site.environment.folder.write("origin.git/\(reference).lock", "")
        let result = try site("promote checkout --to dev")
        #expect(result.errors.contains("removed") && result.errors.contains("\(reference).lock"), "\(result.errors)")
        #expect(try site.deployments().count == 1)
    }
}
