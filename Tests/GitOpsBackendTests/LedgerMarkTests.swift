import GitOpsBackend
import PromotionEngine
import Testing

/// What the ledger tells of the time since somebody looked at it last.
@Suite struct LedgerMarkTests {
    /// Checkpoints and segments end in between, for every distance.
    @Test(arguments: 1...14)
    func everyServiceSinceAMarkIsToldOrNone(_ distance: Int) throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        #expect(ledger.mark == nil)
        var isTold = false
        for start in 1...6 {
            try scratch.append(Scratch.facts(start), to: ledger)
            let before = try ledger.load(LedgerScope(services: []))
            let mark = try #require(ledger.mark)
            #expect(mark.seq == before.seq)
            #expect(ledger.services(since: mark) == [])
            try scratch.append(Array(Scratch.facts(distance)), to: try scratch.ledger())
            for later in [ledger, try scratch.ledger()] {
                _ = try later.load(LedgerScope(services: []))
                guard let services = later.services(since: mark) else { continue }
                isTold = true
                #expect(services == Set(try scratch.records().filter { $0.seq > mark.seq }.compactMap(\.fact.service)))
            }
            #expect(ledger.services(since: LedgerMark(seq: mark.seq, hash: String(mark.hash.reversed()))) == nil)
        }
        #expect(isTold || distance > 8)
    }
}
