import GRDB
public import PromotionEngine

/// Finds records of the ledger without reading it all: an SQLite file that tells where each record is kept.
///
/// The index is never the truth. What it finds is read from the ledger and checked against the chain; it is built up to
/// the ledger's end before each look, built anew when the ledger does not contain what was indexed, and may be deleted at
/// any time. Several processes may use one file.
public final class HistoryIndex {
    private let archive: any ArchivePort
    private let queue: DatabaseQueue
    /// Told when the index was thrown away, and why.
    private let warn: (String) -> Void
    /// The segments as of the last update, by number.
    private var segments: [Int: ArchiveSegment] = [:]
    /// What readers call persons, as of the last update.
    private var pseudonyms = Pseudonyms()

    /// What a first build tells while it runs: records indexed so far.
    public typealias Progress = (_ records: Int) -> Void

    /// Opens or makes the index.
    ///
    /// - Parameter path: the file; where it cannot be used, the index lives in memory for this process, and `warn` is told.
    /// - Throws: only when not even that can be had.
    public init(_ archive: any ArchivePort, path: String?, warn: @escaping (String) -> Void) throws {
        self.archive = archive
        self.warn = warn
        do {
            queue = try path.map(IndexFile.open) ?? IndexFile.inMemory()
        } catch {
            warn("the history index \(path ?? "") cannot be kept, so it is built in memory: \(error)")
            queue = try IndexFile.inMemory()
        }
    }

    /// The newest indexed record.
    private struct End {
        let seq: Int
        let place: ArchivePlace
    }

    /// Brings the index up to the ledger's end, one segment in a transaction. Throws when the ledger does not hold together.
    public func update(_ progress: Progress = { _ in }) throws {
        let now = try archive.segments()
        segments = Dictionary(now.map { ($0.number, $0) }, uniquingKeysWith: { $1 })
        while try queue.inTransactionReturning({ database in try step(now, database, progress) }) {}
        pseudonyms = try givenPseudonyms()
    }

    /// Indexes what one segment lacks. False when nothing was left to do.
    private func step(_ segments: [ArchiveSegment], _ database: Database, _ progress: Progress) throws -> Bool {
        guard let end = try Self.end(database) else {
            guard let first = segments.first else { return false }
            _ = try index(first, after: nil, database, progress)
            return segments.count > 1
        }
        guard let segment = segments.first(where: { $0.number == end.place.segment }),
            try index(segment, after: end.place, database, progress)
        else {
            warn("the ledger does not contain record \(end.seq) as it was indexed: the history index is built anew")
            try database.execute(sql: "DELETE FROM record; DELETE FROM person")
            return true
        }
        guard let next = segments.first(where: { $0.number == end.place.segment + 1 }) else { return false }
        _ = try index(next, after: nil, database, progress)
        return segments.contains { $0.number > next.number }
    }

    private func index(
        _ segment: ArchiveSegment, after place: ArchivePlace?, _ database: Database, _ progress: Progress
    ) throws -> Bool {
        if place?.commit == segment.head { return true }
        let insertion = try database.makeStatement(
            sql: "INSERT INTO record (seq, segment, commit_id, hash, at, type, service, stage, version, promotion) VALUES (?,?,?,?,?,?,?,?,?,?)")
        let naming = try database.makeStatement(sql: "INSERT OR IGNORE INTO person (name, seq) VALUES (?, ?)")
        return try archive.records(of: segment, after: place) { record, commit in
            let row = IndexedFacts(record)
            try insertion.execute(arguments: [
                record.seq, segment.number, commit, record.hash, record.at.seconds, record.fact.type, row.service, row.stage,
                row.version, row.promotion,
            ])
            for person in row.people { try naming.execute(arguments: [person, record.seq]) }
            if record.seq % 1_000 == 0 { progress(record.seq) }
        }
    }

    private static func end(_ database: Database) throws -> End? {
        let row = try Row.fetchOne(database, sql: "SELECT seq, segment, commit_id, hash FROM record ORDER BY seq DESC LIMIT 1")
        return row.map { row in
            End(seq: row["seq"], place: ArchivePlace(segment: row["segment"], commit: row["commit_id"], hash: row["hash"]))
        }
    }

    /// The number of the newest indexed record; nil for an empty ledger.
    public var newest: Int? {
        get throws { try queue.read(Self.end)?.seq }
    }

    /// How many records match, `limit` and paging left aside.
    public func count(_ query: HistoryQuery) throws -> Int {
        let (condition, arguments) = condition(query, pages: false)
        return try queue.read { database in
            try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM record \(condition)", arguments: arguments) ?? 0
        }
    }

    /// Calls `body` with the matching records, oldest first, as the ledger tells them, but persons by their pseudonyms.
    ///
    /// - Throws: what `body` throws, and when the ledger does not hold a record that was indexed.
    public func forEach(_ query: HistoryQuery, _ body: (LedgerRecord) throws -> Void) throws {
        for place in try places(query) { try body(try pseudonyms.shown(record(place))) }
    }

    private func givenPseudonyms() throws -> Pseudonyms {
        var query = HistoryQuery()
        query.type = "subject.pseudonymised"
        var given: [SubjectPseudonymised] = []
        for place in try places(query) {
            if case .subjectPseudonymised(let one) = try record(place).fact { given.append(one) }
        }
        return Pseudonyms(given)
    }

    private struct Place {
        let commit: String
        let segment: Int
        let previousHash: String?
    }

    private func places(_ query: HistoryQuery) throws -> [Place] {
        let (condition, arguments) = condition(query, pages: true)
        let isFromOldest = query.after != nil || query.limit == nil
        let limit = query.limit.map { " LIMIT \($0)" } ?? ""
        let sql = """
            SELECT segment, commit_id, (SELECT hash FROM record AS before WHERE before.seq = record.seq - 1) AS previous
            FROM record \(condition) ORDER BY seq \(isFromOldest ? "" : "DESC")\(limit)
            """
        let found = try queue.read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
                Place(commit: row["commit_id"], segment: row["segment"], previousHash: row["previous"])
            }
        }
        return isFromOldest ? found : found.reversed()
    }

    private func record(_ place: Place) throws -> LedgerRecord {
        guard let segment = segments[place.segment] else {
            throw PromotionError(.error, "the ledger has no segment \(place.segment) any more", hint: "run the command again")
        }
        return try archive.record(at: place.commit, of: segment, previousHash: place.previousHash ?? Digest.none)
    }

    /// The newest record that was decided at `time` or before: where it is kept, and its number; nil when there is none.
    ///
    /// Order is `seq`: a record behind it may bear an earlier time.
    public func end(at time: Instant) throws -> (seq: Int, place: ArchivePlace)? {
        let sql = "SELECT seq, segment, commit_id, hash FROM record WHERE seq = (SELECT MAX(seq) FROM record WHERE at <= ?)"
        return try queue.read { database in
            try Row.fetchOne(database, sql: sql, arguments: [time.seconds]).map { row in
                (row["seq"], ArchivePlace(segment: row["segment"], commit: row["commit_id"], hash: row["hash"]))
            }
        }
    }

    /// The names that records bear in one of their members, sorted: for messages and completions.
    public func names(_ column: NameColumn) throws -> [String] {
        let names = try queue.read { database in try String.fetchAll(database, sql: column.sql) }
        return column == .person && !pseudonyms.isEmpty ? Set(names.map(pseudonyms.person)).sorted() : names
    }

    public enum NameColumn: Sendable {
        case service, stage, type, person

        fileprivate var sql: String {
            switch self {
            case .service: "SELECT DISTINCT service FROM record WHERE service IS NOT NULL ORDER BY 1"
            case .stage: "SELECT DISTINCT stage FROM record WHERE stage IS NOT NULL ORDER BY 1"
            case .type: "SELECT DISTINCT type FROM record ORDER BY 1"
            case .person: "SELECT DISTINCT name FROM person ORDER BY 1"
            }
        }
    }

    private func condition(_ query: HistoryQuery, pages: Bool) -> (sql: String, arguments: StatementArguments) {
        var parts: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        func add(_ part: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            parts.append(part)
            arguments.append(value)
        }
        add("service = ?", query.service)
        add("stage = ?", query.stage)
        add("type = ?", query.type)
        add("version = ?", query.version)
        add("promotion = ?", query.promotion)
        if let person = query.person {
            let spellings = pseudonyms.spellings(of: person)
            let marks = Array(repeating: "?", count: spellings.count).joined(separator: ",")
            parts.append("seq IN (SELECT seq FROM person WHERE name IN (\(marks)))")
            arguments += spellings
        }
        add("at >= ?", query.since?.seconds)
        add("at < ?", query.until?.seconds)
        if pages {
            add("seq < ?", query.before)
            add("seq > ?", query.after)
        }
        return (parts.isEmpty ? "" : "WHERE " + parts.joined(separator: " AND "), StatementArguments(arguments))
    }
}

extension DatabaseQueue {
    /// A transaction that takes the write lock at once: what was read in it stays true while it writes.
    fileprivate func inTransactionReturning<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var value: Value?
        try inTransaction(.immediate) { database in
            value = try body(database)
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction was not run") }
        return value
    }
}
