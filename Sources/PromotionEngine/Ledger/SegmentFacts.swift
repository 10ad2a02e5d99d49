/// The first record of a segment. It names the last one's end, so that segments link without shared Git history.
public struct SegmentOpened: FactPayload {
    /// Where the segment before ended.
    public struct Link: Sendable, Hashable {
        public let commit: String
        public let hash: String
        public let seq: Int

        public init(commit: String, hash: String, seq: Int) {
            self.commit = commit
            self.hash = hash
            self.seq = seq
        }
    }

    /// From 1.
    public let segment: Int
    /// Nil in the first segment.
    public let previous: Link?

    public init(segment: Int, previous: Link?) {
        self.segment = segment
        self.previous = previous
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        segment = try fields.int("segment")
        guard fields.members["previous"] != nil else {
            previous = nil
            return
        }
        let link = JSONFields(members: try fields.object("previous"))
        previous = Link(commit: try link.string("commit"), hash: try link.string("hash"), seq: try link.int("seq"))
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["segment": .int(segment)]
        if let previous {
            members["previous"] = [
                "commit": .string(previous.commit), "hash": .string(previous.hash), "seq": .int(previous.seq),
            ]
        }
        return members
    }
}

/// The last record of a full segment.
public struct SegmentSealed: FactPayload {
    public let segment: Int

    public init(segment: Int) { self.segment = segment }

    init(_ fields: JSONFields) throws(RecordFault) { segment = try fields.int("segment") }

    var members: [String: JSONValue] { ["segment": .int(segment)] }
}
