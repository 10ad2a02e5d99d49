import GitOpsBackend
import PromotionEngine
import Testing

/// What the ledger tells of the time since somebody looked at it last.
@Suite struct LedgerMarkTests {
    /// Checkpoints and segments end in between, for every distance.
    @Test(arguments: 1...6)
    func everyServiceSinceAMarkIsToldOrNone(_ distance: Int) throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        #expect(ledger.mark == nil)
        var isTold = false
        for start in 1...3 {
            try scratch.append(Scratch.facts(start), to: ledger)
            let before = try ledger.load(LedgerScope(services: []))
            let mark = try #require(ledger.mark)
            #expect(mark.seq == before.seq)
            #expect(ledger.services(since: mark) == [])
            try scratch.append(Scratch.facts(distance), to: try scratch.ledger())
            let told = Set(try scratch.records().filter { $0.seq > mark.seq }.compactMap(\.fact.service))
            for later in [ledger, try scratch.ledger()] {
                _ = try later.load(LedgerScope(services: []))
                guard let services = later.services(since: mark) else { continue }
                isTold = true
                #expect(services == told)
            }
            #expect(ledger.services(since: LedgerMark(seq: mark.seq, hash: String(mark.hash.reversed()))) == nil)
        }
        // The chain is known from the last checkpoint on, which is never far.
        #expect(isTold || distance > 3)
    }
}
