public import PromotionEngine

/// What an export holds, by which it can be checked and compared later.
public struct ExportManifest: Sendable {
    /// One written file.
    public struct File: Sendable, Hashable {
        public let name: String
        public let sha256: String
        public let bytes: Int
        /// Records in it.
        public let rows: Int

        public init(name: String, sha256: String, bytes: Int, rows: Int) {
            (self.name, self.sha256, self.bytes, self.rows) = (name, sha256, bytes, rows)
        }
    }

    public let createdAt: Instant
    public let repository: String
    public let branch: String
    /// What was asked for, by option; without any it is the whole ledger.
    public let filter: [String: String]
    /// Records in the ledger, and in the files.
    public let population: Int
    public let records: Int
    public let head: ChainHead?
    /// Whether the whole ledger verified when it was exported.
    public let isIntact: Bool
    public let files: [File]

    public init(
        createdAt: Instant, repository: String, branch: String, filter: [String: String], population: Int, records: Int,
        head: ChainHead?, isIntact: Bool, files: [File]
    ) {
        self.createdAt = createdAt
        self.repository = repository
        self.branch = branch
        self.filter = filter
        self.population = population
        self.records = records
        self.head = head
        self.isIntact = isIntact
        self.files = files
    }

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "AuditManifest", "created_at": .string(createdAt.description),
            "repository": .string(repository), "branch": .string(branch), "filter": .object(filter.mapValues(JSONValue.string)),
            "population": .int(population), "records": .int(records), "chain_head": head?.json ?? .null,
            "ledger": .string(isIntact ? "intact" : "broken"),
            "files": .array(
                files.map {
                    ["name": .string($0.name), "sha256": .string($0.sha256), "bytes": .int($0.bytes), "rows": .int($0.rows)]
                }),
        ]
    }

    /// The lines that `sha256sum -c` reads.
    public var sums: String { files.map { "\($0.sha256)  \($0.name)\n" }.joined() }
}
