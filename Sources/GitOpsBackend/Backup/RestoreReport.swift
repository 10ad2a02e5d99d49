public import PromotionEngine

/// What a restore found, and what it made of it.
public struct RestoreReport: Sendable {
    /// How a mirror's reference stands to the backup's.
    public enum Relation: String, Sendable, Hashable {
        case equal, ahead, behind, diverged
        case onlyMirror = "only_mirror"
        case onlyBackup = "only_backup"
    }

    /// One reference of a mirror beside the backup's.
    public struct Difference: Sendable, Hashable {
        public let reference: String
        public let backup: String?
        public let mirror: String?
        public let relation: Relation
        /// The mirror's commit was taken, because it contains the backup's, or the backup has none.
        public let isTaken: Bool
        /// What that means in words: how many records or commits.
        public let meaning: String

        public var json: JSONValue {
            [
                "reference": .string(reference), "backup": .optional(backup), "mirror": .optional(mirror),
                "relation": .string(relation.rawValue), "taken": .string(isTaken ? "mirror" : "backup"), "meaning": .string(meaning),
            ]
        }
    }

    public let manifest: BackupManifest
    /// Where the repository is now.
    public let path: String
    /// Of the restored repository, after the mirror's part.
    public let audit: AuditReport
    public let differences: [Difference]

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Restore", "path": .string(path), "created_at": .string(manifest.createdAt.description),
            "backup": manifest.json, "records": .int(audit.records), "chain_head": audit.head?.json ?? .null,
            "differences": .array(differences.map(\.json)),
        ]
    }
}
