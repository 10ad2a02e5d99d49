/// Where what is differs from what is recorded: overlays against the ledger, what runs against Git, stages against upstream.
public struct DriftReport: Sendable {
    /// One cell whose files or whose cluster hold something else than the last record says.
    public struct Finding: Sendable {
        public enum Kind: String, Sendable {
            /// The files were changed without a promotion.
            case overlay
            /// What runs is not what Git holds.
            case live
        }

        public let kind: Kind
        public let service: String
        public let stage: String
        public let workflow: String
        /// The version that was promoted last; nil when a later change from outside is all that the ledger knows.
        public let recorded: String?
        /// The version found; nil when none can be told.
        public let found: String?
        /// The newest commit of the change, or the revision that runs.
        public let commit: String?
        /// As that commit names its author.
        public let author: String?
        /// The fields that differ: what is recorded, what was found.
        public let edits: [FieldEdit]
        /// The change is on record, though not accepted.
        public let isRecorded: Bool
        /// What a source tells of what runs; nil for files.
        public var reason: String?

        public var json: JSONValue {
            [
                "kind": .string(kind.rawValue), "service": .string(service), "stage": .string(stage),
                "workflow": .string(workflow), "recorded": .optional(recorded), "found": .optional(found),
                "commit": .optional(commit), "author": .optional(author), "edits": .array(edits.map(\.json)),
                "is_recorded": .bool(isRecorded), "reason": .optional(reason),
            ]
        }
    }

    /// A stage that is behind the stage before it. That is no fault: releases are on their way.
    public struct Lag: Sendable {
        public let service: String
        public let stage: String
        public let upstream: String
        public let version: String
        public let upstreamVersion: String
        /// How many releases were registered after the stage's up to upstream's; nil when one of them is not registered.
        public let releases: Int?

        public var json: JSONValue {
            .compact([
                "service": .string(service), "stage": .string(stage), "upstream": .string(upstream),
                "version": .string(version), "upstream_version": .string(upstreamVersion),
                "releases": releases.map(JSONValue.int) ?? .null,
            ])
        }
    }

    /// A cell that could not be looked at.
    public struct Failure: Sendable {
        public let service: String
        public let stage: String
        public let message: String

        public var json: JSONValue {
            ["service": .string(service), "stage": .string(stage), "message": .string(message)]
        }
    }

    public internal(set) var findings: [Finding] = []
    public internal(set) var lags: [Lag] = []
    public internal(set) var failures: [Failure] = []

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Drift", "result": findings.isEmpty ? failures.isEmpty ? "none" : "errored" : "found",
            "findings": .array(findings.map(\.json)), "lags": .array(lags.map(\.json)),
            "errors": .array(failures.map(\.json)),
        ]
    }
}

/// What `drift --restore` put back, and the cells of which it could not be told what to put back.
public struct DriftRestoration: Sendable {
    public internal(set) var promotions: [PromotionReport] = []
    public internal(set) var failures: [DriftReport.Failure] = []

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Restoration", "promotions": .array(promotions.map(\.json)),
            "errors": .array(failures.map(\.json)),
        ]
    }
}

/// Which cells are meant. What is nil means all.
public struct CellSelection: Sendable, Hashable {
    public var service: String?
    public var stage: String?

    public init(service: String? = nil, stage: String? = nil) {
        self.service = service
        self.stage = stage
    }
}
