/// How a train treats members that may not go.
public enum TrainMode: String, Sendable, Hashable, CaseIterable {
    /// Leaves them out.
    case skipBlocked = "skip_blocked"
    /// Goes only when every member may.
    case allOrNothing = "all_or_nothing"
}

/// The train that a promotion belongs to: promotions of several services that are admitted together and delivered in one commit.
public struct TrainTicket: Sendable, Hashable {
    /// `train-<seq>`: the `seq` that the first record of the train was to have.
    public let id: String
    public let mode: TrainMode
    /// How many promotions were opened together. A train that takes all or nothing goes on only while all of them are there.
    public let size: Int
    /// The digest of the combination, see ``TrainDigest``.
    public let digest: String
    /// The train whose members are brought back; nil for a train that goes forward.
    public let rollsBack: String?

    public init(id: String, mode: TrainMode, size: Int, digest: String, rollsBack: String? = nil) {
        self.id = id
        self.mode = mode
        self.size = size
        self.digest = digest
        self.rollsBack = rollsBack
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("id")
        let name = try fields.string("mode")
        guard let known = TrainMode(rawValue: name) else { throw RecordFault("'\(name)' is no mode of a train") }
        mode = known
        size = try fields.int("size")
        digest = try fields.string("digest")
        rollsBack = try fields.optionalString("rolls_back")
    }

    /// Reads the member `train` of a record or a checkpoint; nil where there is none.
    static func read(from fields: JSONFields) throws(RecordFault) -> TrainTicket? {
        guard let value = fields.members["train"] else { return nil }
        return try TrainTicket(JSONFields(value, "train"))
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "mode": .string(mode.rawValue), "size": .int(size), "digest": .string(digest),
        ]
        members.set("rolls_back", rollsBack)
        return .object(members)
    }

    /// The number in an id such as `train-17`; nil for a text that is no train's id.
    ///
    /// A promotion's id has the form SERVICE-STAGE-NUMBER, so that no id is both.
    public static func number(in id: String) -> Int? {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "train", parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(parts[1])
    }
}

/// The identity of a tested combination: what a person says yes to who approves a train.
public enum TrainDigest {
    /// SHA-256 of the canonical JSON of the stage and, sorted by service, each member's service, version and plan digest.
    ///
    /// The plan digest of a member holds its edits and its edge, so that whatever voids the approval of one member changes
    /// the train's digest too.
    public static func digest(stage: String, members: [(service: String, version: String, planDigest: String)]) -> String {
        let list = members.sorted { $0.service < $1.service }.map { member in
            JSONValue.array([.string(member.service), .string(member.version), .string(member.planDigest)])
        }
        let document: JSONValue = ["stage": .string(stage), "members": .array(list)]
        return Digest.sha256(document.canonicalText)
    }
}
