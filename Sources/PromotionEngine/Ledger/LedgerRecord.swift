/// One entry of the ledger: a fact with its place in the chain (`design.md` section 4).
public struct LedgerRecord: Sendable, Hashable {
    /// The version of the record format that this engine writes and decides by.
    public static let currentVersion = 1

    /// Position in the ledger, from 1, running on over segments. Order is `seq`, never time.
    public let seq: Int
    /// Version of the record's format.
    public let version: Int
    /// The deciding process's clock. May lie before the previous record's.
    public let at: Instant
    public let initiator: Identity
    public let fact: Fact
    /// Blob ids of the rule files that it was decided by, by path; empty for records about the ledger itself.
    public let rules: [String: String]
    /// Where this record carries a checkpoint: the state after the record before it.
    public let checkpoint: CheckpointMark?
    /// Hash of the previous record; `Digest.none` for the first.
    public let previousHash: String
    /// `SHA-256(previous hash ‖ canonical JSON)`, in hexadecimal.
    public let hash: String
    /// A view for readers that shows somebody by a pseudonym: its hash is that of the record, not of what it shows.
    public let isPseudonymised: Bool
    /// The service that the fact is about; nil for facts about the ledger itself.
    public let service: String?
    /// The release that the fact is about.
    public let releaseVersion: String?

    public init(
        seq: Int, at: Instant, initiator: Identity, fact: Fact, rules: [String: String] = [:],
        checkpoint: CheckpointMark? = nil, previousHash: String
    ) {
        self.seq = seq
        self.version = Self.currentVersion
        self.at = at
        self.initiator = initiator
        self.fact = fact
        self.rules = rules
        self.checkpoint = checkpoint
        self.previousHash = previousHash
        isPseudonymised = false
        let json = Self.json(
            seq: seq, version: version, at: at, initiator: initiator, fact: fact, rules: rules, checkpoint: checkpoint)
        service = json["service"]?.stringValue
        releaseVersion = json["version"]?.stringValue
        self.hash = Digest.record(previous: previousHash, canonical: json.canonicalText)
    }

    /// Reads a record from its canonical JSON.
    ///
    /// Throws `RecordFault` when the text is not canonical JSON or lacks a member of its type. A type or version that
    /// this engine does not know is kept as `.unknown`.
    public init(canonicalText: String, previousHash: String) throws(RecordFault) {
        let json: JSONValue
        let isCanonical: Bool
        do { (json, isCanonical) = try JSONValue.reading(canonicalText) } catch { throw RecordFault("not JSON: \(error)") }
        guard isCanonical else { throw RecordFault("not canonical JSON (RFC 8785)") }
        let fields = try JSONFields(json)
        seq = try fields.int("seq")
        version = try fields.int("v")
        at = try fields.time("at")
        initiator = Identity(
            id: try fields.string("initiator"), name: try fields.optionalString("initiator_name"))
        fact = version == Self.currentVersion
            ? try Fact(fields) : .unknown(type: try fields.string("type"), members: fields.members)
        rules = try fields.stringMap("rules")
        checkpoint = fields.members["checkpoint"] == nil
            ? nil : try CheckpointMark(JSONFields(members: fields.object("checkpoint")))
        service = fields.members["service"]?.stringValue
        releaseVersion = fields.members["version"]?.stringValue
        self.previousHash = previousHash
        isPseudonymised = false
        hash = Digest.record(previous: previousHash, canonical: canonicalText)
        // What this engine does not read it could not write back, so a record that says more than its type knows is refused.
        if case .unknown = fact { return }
        guard self.json == json else { throw RecordFault("members that a '\(fact.type)' record does not have") }
    }

    /// A record with other members for readers; number, rules, checkpoint and both hashes stay those of the original.
    ///
    /// Throws `RecordFault` when the members are none of the record's type.
    init(view members: [String: JSONValue], of original: LedgerRecord) throws(RecordFault) {
        let fields = JSONFields(members: members)
        seq = original.seq
        version = original.version
        at = original.at
        initiator = Identity(id: try fields.string("initiator"), name: try fields.optionalString("initiator_name"))
        if case .unknown(let type, _) = original.fact {
            fact = .unknown(type: type, members: members)
        } else {
            fact = try Fact(fields)
        }
        rules = original.rules
        checkpoint = original.checkpoint
        service = original.service
        releaseVersion = original.releaseVersion
        previousHash = original.previousHash
        hash = original.hash
        isPseudonymised = true
    }

    /// What happened in one sentence, without control characters: the subject of the record's commit.
    public var sentence: String { RecordSubject.line(for: self) }

    /// The hashed members, as the commit's body holds them.
    public var json: JSONValue {
        Self.json(
            seq: seq, version: version, at: at, initiator: initiator, fact: fact, rules: rules, checkpoint: checkpoint)
    }

    /// The hashed members with `hash` and `prev`, as `history -o jsonl` prints them, and `pseudonymised` where they are a view.
    public var exported: JSONValue {
        guard case .object(var members) = json else { return json }
        members["hash"] = .string(hash)
        members["prev"] = .string(previousHash)
        if isPseudonymised { members["pseudonymised"] = true }
        return .object(members)
    }

    private static func json(
        seq: Int, version: Int, at: Instant, initiator: Identity, fact: Fact, rules: [String: String],
        checkpoint: CheckpointMark?
    ) -> JSONValue {
        if case .unknown(_, let members) = fact { return .object(members) }
        var members = fact.members
        members["seq"] = .int(seq)
        members["v"] = .int(version)
        members["type"] = .string(fact.type)
        members["at"] = .string(at.description)
        members["initiator"] = .string(initiator.id)
        members["initiator_name"] = initiator.name.map(JSONValue.string)
        // Nobody is authenticated by a name on the command line; a signature says otherwise, and the forge of a review.
        members["authenticated"] = .bool(fact.isAuthenticated)
        members.set("rules", rules)
        members["checkpoint"] = checkpoint?.json
        return .object(members)
    }
}

/// What a record says about the checkpoint in its commit's tree.
public struct CheckpointMark: Sendable, Hashable {
    /// The layout of the checkpoint's files that this engine writes and reads.
    public static let currentSchema = 1

    /// The state is the fold of all records up to and including this one.
    public let seq: Int
    public let schema: Int
    /// The Git object id of the commit's tree, which names every byte of the checkpoint.
    public let digest: String

    public init(seq: Int, schema: Int = CheckpointMark.currentSchema, digest: String) {
        self.seq = seq
        self.schema = schema
        self.digest = digest
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        self.init(seq: try fields.int("seq"), schema: try fields.int("schema"), digest: try fields.string("digest"))
    }

    var json: JSONValue { ["seq": .int(seq), "schema": .int(schema), "digest": .string(digest)] }
}
