import Glibc
import PromotionEngine
import TestSupport
import Testing

/// An interruption by hand leaves a state that the next run goes on from, and says which promotion it left.
@Suite(.serialized) struct InterruptionTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func namesThePromotionAndTheNextRunFinishesIt(_ signal: Int32) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        // Admitted, and dead right after.
        _ = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": "move.after@1"])
        let id = try #require(try site.records().last { $0.text("type") == "admitted" }?.text("promotion"))

        let lock = open(site.authority + "/gradus.lock", O_RDWR)
        #expect(lock >= 0 && flock(lock, LOCK_EX) == 0)
        let waiting = try site.start(["promote", "checkout", "--to", "dev"])
        usleep(1_500_000)
        waiting.send(signal)
        let result = try waiting.result()
        close(lock)

        #expect(result.code == 130)
        #expect(result.output.isEmpty && result.errors.contains(id) && result.errors.contains("gradus retry \(id)"), "\(result.errors)")
        try site("retry \(id)")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
        #expect(try site.deployments().count == 1)
        try site.expectSoundLedger()
    }
}
