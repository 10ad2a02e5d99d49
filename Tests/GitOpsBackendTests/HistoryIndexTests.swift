import GitKit
import GitOpsBackend
import HistoryIndex
import PromotionEngine
import Synchronization
import TestSupport
import Testing

/// The index tells what the ledger says, whatever happened to its file.
@Suite struct HistoryIndexTests {
    /// An archive that counts what is read for indexing.
    private final class CountingArchive: ArchivePort {
        private let archive: LedgerArchive
        private(set) var indexed = 0

        init(_ archive: LedgerArchive) { self.archive = archive }

        func segments() throws -> [ArchiveSegment] { try archive.segments() }

        func records(
            of segment: ArchiveSegment, after place: ArchivePlace?, _ body: (LedgerRecord, String) throws -> Void
        ) throws -> Bool {
            try archive.records(of: segment, after: place) { record, commit in
                indexed += 1
                try body(record, commit)
            }
        }

        func record(at commit: String, of segment: ArchiveSegment, previousHash: String) throws -> LedgerRecord {
            try archive.record(at: commit, of: segment, previousHash: previousHash)
        }
    }

    private let scratch: Scratch
    private let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch.environment.folder("cache/history/x.sqlite")
    }

    private func index(warnings: @escaping (String) -> Void = { Issue.record("warned: \($0)") }) throws -> HistoryIndex {
        let index = try HistoryIndex(LedgerArchive(try scratch.authority()), path: path, warn: warnings)
        try index.update()
        return index
    }

    private func found(_ query: HistoryQuery, in index: HistoryIndex) throws -> [LedgerRecord] {
        var records: [LedgerRecord] = []
        try index.forEach(query) { records.append($0) }
        return records
    }

    @Test func anEmptyLedgerHasNoHistory() throws {
        let index = try index()
        #expect(try found(HistoryQuery(), in: index).isEmpty)
        #expect(try index.newest == nil)
        #expect(try index.end(at: scratch.clock.now) == nil)
    }

    @Test func allRecordsOfAllSegmentsAreFoundInOrder() throws {
        try scratch.append(Scratch.facts(40), to: try scratch.ledger())
        #expect(try scratch.segments.count > 3)
        #expect(try found(HistoryQuery(), in: try index()) == scratch.records())
    }

    @Test(arguments: Filter.all)
    func filtersFindWhatALookAtEveryRecordFinds(_ filter: Filter) throws {
        try scratch.append(Scratch.facts(40), to: try scratch.ledger())
        let records = try scratch.records()
        let query = filter.query(records)
        let expected = records.filter { filter.matches($0, query) }
        #expect(!expected.isEmpty && expected.count < records.count)
        let index = try index()
        #expect(try found(query, in: index) == expected)
        #expect(try index.count(query) == expected.count)
    }

    @Test func pagesFollowEachOtherInBothDirections() throws {
        try scratch.append(Scratch.facts(40), to: try scratch.ledger())
        let index = try index()
        var query = HistoryQuery()
        query.service = "service-1"
        let all = try found(query, in: index)
        query.limit = 4
        var backwards: [LedgerRecord] = []
        while case let page = try found(query, in: index), let first = page.first {
            backwards = page + backwards
            query.before = first.seq
        }
        #expect(backwards == all)
        query.before = nil
        query.after = 0
        var forwards: [LedgerRecord] = []
        while case let page = try found(query, in: index), let last = page.last {
            forwards += page
            query.after = last.seq
        }
        #expect(forwards == all)
    }

    @Test func onlyWhatIsNewIsReadAgain() throws {
        let ledger = try scratch.ledger()
        try scratch.append(Scratch.facts(30), to: ledger)
        _ = try index()
        try scratch.append(Array(Scratch.facts(45).suffix(15)), to: ledger)
        let archive = CountingArchive(LedgerArchive(try scratch.authority()))
        let index = try HistoryIndex(archive, path: path, warn: { Issue.record("warned: \($0)") })
        try index.update()
        let records = try scratch.records()
        // Openings and sealings of segments come on top of the 15.
        #expect((15...20).contains(archive.indexed))
        try index.update()
        #expect((15...20).contains(archive.indexed))
        #expect(try found(HistoryQuery(), in: index) == records)
    }

    @Test func anotherLedgerAtTheSamePlaceIsIndexedAnewAndSaidSo() throws {
        try scratch.append(Scratch.facts(5), to: try scratch.ledger())
        _ = try index()
        try scratch.git.git("update-ref", "-d", "refs/heads/gradus/ledger/000001", in: scratch.path)
        try scratch.append(Array(Scratch.facts(9).reversed()), to: try scratch.ledger())
        let warnings = Mutex<[String]>([])
        let index = try index { warning in warnings.withLock { $0.append(warning) } }
        #expect(try found(HistoryQuery(), in: index) == scratch.records())
        #expect(warnings.withLock { $0.count } == 1)
        #expect(warnings.withLock { $0.first }?.contains("built anew") == true)
    }

    @Test(arguments: ["", "no database at all", String(repeating: "SQLite format 3\u{0}", count: 400)])
    func aDamagedFileIsMadeAnew(_ content: String) throws {
        try scratch.append(Scratch.facts(20), to: try scratch.ledger())
        try scratch.environment.folder.write("cache/history/x.sqlite", content)
        #expect(try found(HistoryQuery(), in: try index()) == scratch.records())
        #expect(try found(HistoryQuery(), in: try index()) == scratch.records())
    }

    @Test func anIndexThatCannotBeKeptLivesInMemory() throws {
        try scratch.append(Scratch.facts(8), to: try scratch.ledger())
        let warnings = Mutex<[String]>([])
        let index = try HistoryIndex(LedgerArchive(try scratch.authority()), path: "/dev/null/x/y.sqlite") { warning in
            warnings.withLock { $0.append(warning) }
        }
        try index.update()
        #expect(try found(HistoryQuery(), in: index) == scratch.records())
        #expect(warnings.withLock { $0.count } == 1)
    }

    @Test func manyAtOnceBuildOneWholeIndex() async throws {
        try scratch.append(Scratch.facts(60), to: try scratch.ledger())
        let (place, file) = (scratch.path, path)
        let expected = try scratch.records().map(\.hash)
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let index = try HistoryIndex(try archive(at: place), path: file, warn: { Issue.record("warned: \($0)") })
                    try index.update()
                    var hashes: [String] = []
                    try index.forEach(HistoryQuery()) { hashes.append($0.hash) }
                    return hashes
                }
            }
            for try await hashes in group { #expect(hashes == expected) }
        }
    }

    @Test func theEndAtATimeIsTheNewestRecordUpToIt() throws {
        try scratch.append(Scratch.facts(20), to: try scratch.ledger())
        let records = try scratch.records()
        let index = try index()
        for record in [records[3], records[11], records[records.count - 1]] {
            let expected = records.last { $0.at <= record.at }
            #expect(try index.end(at: record.at)?.seq == expected?.seq)
        }
        #expect(try index.end(at: Instant(seconds: records[0].at.seconds - 1)) == nil)
    }

    @Test func thePastIsTheFoldUpToThen() throws {
        try scratch.append(Scratch.facts(40), to: try scratch.ledger())
        let records = try scratch.records()
        let index = try index()
        for position in [1, 7, 20, records.count - 1] {
            var state = LedgerState()
            let end = try #require(try index.end(at: records[position].at))
            for record in records where record.seq <= end.seq { state.apply(record) }
            let past = PastLedger(try scratch.authority(), endingAt: end.place)
            let snapshot = try past.load(LedgerScope(allReleases: true))
            #expect(snapshot.seq == end.seq)
            #expect(snapshot.state == state)
            #expect(throws: PromotionError.self) {
                _ = try past.append([], by: Scratch.olga, at: scratch.clock.now, to: snapshot)
            }
        }
    }
}

private func archive(at path: String) throws -> LedgerArchive {
    LedgerArchive(try DirectAuthority(try Repository.open(at: path), name: "origin", role: .embedded, warn: { _ in }))
}

/// One way to narrow the history down, with the same in plain words.
struct Filter: Sendable, CustomTestStringConvertible {
    let name: String
    let set: @Sendable (inout HistoryQuery, [LedgerRecord]) -> Void
    let holds: @Sendable (LedgerRecord, HistoryQuery) -> Bool

    var testDescription: String { name }

    func query(_ records: [LedgerRecord]) -> HistoryQuery {
        var query = HistoryQuery()
        set(&query, records)
        return query
    }

    func matches(_ record: LedgerRecord, _ query: HistoryQuery) -> Bool { holds(record, query) }

    static let all: [Filter] = [
        Filter(name: "service", set: { query, _ in query.service = "service-2" }, holds: { $0.fact.service == $1.service }),
        Filter(name: "stage", set: { query, _ in query.stage = "dev" }, holds: { $0.fact.stage == $1.stage }),
        Filter(name: "type", set: { query, _ in query.type = "requested" }, holds: { $0.fact.type == $1.type }),
        Filter(name: "version", set: { query, _ in query.version = "1.0.1" }, holds: { $0.fact.releaseVersion == $1.version }),
        Filter(
            name: "promotion", set: { query, _ in query.promotion = "service-0-dev-1" },
            holds: { $0.fact.promotion == $1.promotion }),
        Filter(
            name: "person", set: { query, _ in query.person = "rita" },
            holds: { record, query in
                if case .requested(let requested) = record.fact { return requested.requester == query.person }
                return false
            }),
        Filter(name: "since", set: { $0.since = $1[20].at }, holds: { record, query in query.since.map { record.at >= $0 } ?? true }),
        Filter(name: "until", set: { $0.until = $1[20].at }, holds: { record, query in query.until.map { record.at < $0 } ?? true }),
        Filter(
            name: "service, type and since",
            set: { query, records in
                query.service = "service-1"
                query.type = "release.registered"
                query.since = records[10].at
            },
            holds: { record, query in
                record.fact.service == query.service && record.fact.type == query.type && query.since.map { record.at >= $0 } ?? true
            }),
    ]
}
