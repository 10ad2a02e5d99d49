import Glibc
import PromotionEngine
import TestSupport
import Testing

/// Processes killed at any moment, and at every place before and after an effect.
@Suite(.serialized) struct KillTests {
    private static let points =
        ["move", "checkout"].flatMap { name in (1...3).flatMap { ["\(name).before@\($0)", "\(name).after@\($0)"] } }

    @Test(arguments: [Place.cloneOfBare, .workTree, .cloneOfDaemon])
    func theNextRunCompletesAndNothingIsDoneTwice(_ place: Place) throws {
        let site = try Site(place, .open())
        var random = SystemRandomNumberGenerator()
        let rounds = Soak.count(8, soak: 120)
        for round in 1...rounds {
            let version = "1.0.\(round)"
            try site("release create checkout \(version)")
            if round % 3 == 0, let point = Self.points.randomElement(using: &random) {
                _ = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": point])
            } else {
                let victim = try site.start(["promote", "checkout", "--to", "dev"])
                usleep(UInt32.random(in: 5_000...250_000, using: &random))
                victim.kill()
            }
            let document = try site.json("promote checkout --to dev --version \(version)")
            #expect(["promoted", "unchanged"].contains(document.text("result")), "\(document)")
            #expect(try site.deployments().count == round, "one deploy commit per release")
            if place == .workTree { #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty) }
        }
        #expect(try site.tag("checkout", "dev") == "1.0.\(rounds)")
        for type in ["admitted", "delivered", "succeeded"] {
            #expect(try site.types().filter { $0 == type }.count == rounds, "\(type) once per promotion")
        }
        try site.expectSoundLedger()
    }
}
