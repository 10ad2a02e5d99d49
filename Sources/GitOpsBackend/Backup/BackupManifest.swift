public import PromotionEngine

/// What a backup holds, written into it.
public struct BackupManifest: Sendable {
    /// One file of the target branch's tip.
    public struct File: Sendable, Hashable {
        public let path: String
        public let sha256: String
        public let bytes: Int
    }

    public let createdAt: Instant
    public let repository: String
    /// The target branch, as `refs/heads/main`.
    public let branch: String
    /// Commit ids by reference.
    public let references: [String: String]
    public let head: ChainHead?
    public let records: Int
    public let segments: Int
    /// The files of `workflows/`, `environments/`, `templates/` and `.gradus/` at the tip.
    public let files: [File]

    init(
        createdAt: Instant, repository: String, branch: String, references: [String: String], head: ChainHead?, records: Int,
        segments: Int, files: [File]
    ) {
        self.createdAt = createdAt
        self.repository = repository
        self.branch = branch
        self.references = references
        self.head = head
        self.records = records
        self.segments = segments
        self.files = files
    }

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Backup", "created_at": .string(createdAt.description),
            "repository": .string(repository), "branch": .string(branch), "references": .object(references.mapValues(JSONValue.string)),
            "chain_head": head?.json ?? .null, "records": .int(records), "segments": .int(segments),
            "files": .array(files.map { ["path": .string($0.path), "sha256": .string($0.sha256), "bytes": .int($0.bytes)] }),
        ]
    }

    /// Throws `RecordFault` when the text is no manifest.
    init(parsing text: String) throws(RecordFault) {
        let json: JSONValue
        do { json = try JSONValue(parsing: text) } catch { throw RecordFault("its manifest is no JSON: \(error)") }
        guard json["kind"] == "Backup", let time = json["created_at"]?.stringValue.flatMap({ Instant(parsing: $0) }),
            let branch = json["branch"]?.stringValue, case .object(let names)? = json["references"],
            case .int(let records)? = json["records"], case .int(let segments)? = json["segments"],
            case .array(let listed)? = json["files"]
        else { throw RecordFault("its manifest lacks a member") }
        var files: [File] = []
        for item in listed {
            guard let path = item["path"]?.stringValue, let sha256 = item["sha256"]?.stringValue, case .int(let bytes)? = item["bytes"] else {
                throw RecordFault("a file of its manifest lacks a member")
            }
            files.append(File(path: path, sha256: sha256, bytes: bytes))
        }
        let head = json["chain_head"].flatMap { $0 == .null ? nil : $0 }
        self.init(
            createdAt: time, repository: json["repository"]?.stringValue ?? "", branch: branch,
            references: names.compactMapValues(\.stringValue), head: try head.map { value throws(RecordFault) in try ChainHead(savedDocument: value.canonicalText) },
            records: records, segments: segments, files: files)
    }
}
