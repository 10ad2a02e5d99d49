import Glibc
import Simulation
import Testing

@Suite("Random histories of several processes, with crashes, lost and doubled pushes, and clocks that jump")
struct SeedTests {
    @Test(arguments: 0..<8)
    func breakNoRule(_ part: UInt64) {
        for seed in part * 25 + 1...part * 25 + 25 {
            if let broken = Simulation.run(seed: seed).0 { Issue.record("\(broken)") }
        }
    }

    @Test func reachEveryKindOfRecord() {
        var summary = Simulation.Summary()
        for seed in UInt64(1)...200 { summary.add(Simulation.play(Script(seed: seed)).summary) }
        for type in [
            "admitted", "delivered", "succeeded", "failed", "withdrawn", "superseded", "aborted", "external-change", "rejected",
            "approval.given", "approval.withdrawn", "rejection.withdrawn", "denied", "baseline.adopted", "freeze.added",
            "freeze.removed", "hold.added", "hold.removed", "release.yanked", "rolled_back",
        ] {
            #expect(summary.types[type, default: 0] > 0, "no history of 200 has a record '\(type)'")
        }
    }

    @Test func areTheSameEveryTime() {
        let (one, other) = (Script(seed: 7), Script(seed: 7))
        #expect(one.text == other.text)
        #expect(Simulation.play(one).summary.types == Simulation.play(other).summary.types)
    }
}
