import GitKit
import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing

/// The ledger behind a smart transport, and segments that fill up while many append.
@Suite struct SegmentFetchTests {
    @Test func aFreshMachineFetchesOnlyTheActiveSegment() throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(40), to: try scratch.ledger())
        let segments = try scratch.segments
        #expect(segments.count > 3)
        let daemon = try GitDaemon(scratch.environment)
        let mirror = try MirrorAuthority(url: daemon.url("origin.git"), cache: scratch.environment.folder("fresh"))
        let loaded = try SegmentLedger(mirror).load(LedgerScope(allReleases: true))
        #expect(loaded.state == (try scratch.folded()))
        for (position, segment) in segments.enumerated() {
            let tip = try #require(ObjectID(hex: try scratch.git.git("rev-parse", segment, in: scratch.path)))
            #expect(mirror.repository.contains(tip) == (position == segments.count - 1), "\(segment)")
        }
        // Who asks for all of it gets it.
        #expect(try LedgerAudit(mirror).verify().fault == nil)
    }

    /// Rivals that lose every other append, over many rotations, with deaths between sealing and the next segment.
    @Test func rivalsFillSegmentsWithoutLosingARecord() throws {
        let scratch = try Scratch()
        let rivals = try (0..<4).map { _ in try scratch.ledger(.init(checkpointInterval: 3, segmentCapacity: 7)) }
        var acknowledged: [String] = []
        for (position, fact) in Scratch.facts(60).enumerated() {
            let (mine, other) = (rivals[position % 4], rivals[(position + 1) % 4])
            let stale = try mine.load(LedgerScope(services: []))
            let before = try other.load(LedgerScope(services: []))
            if case .appended(let records, _) = try scratch.append([fact], other, before) { acknowledged += records.map(\.hash) }
            // Read before the rival appended: it must lose, whatever was rotated meanwhile.
            guard case .lost = try scratch.append([fact], mine, stale) else {
                Issue.record("an append on an old end was taken at \(position)")
                return
            }
        }
        let all = try scratch.records().map(\.hash)
        #expect(acknowledged.count == 60 && acknowledged.allSatisfy(all.contains))
        #expect(try scratch.audit().fault == nil)
    }
}
