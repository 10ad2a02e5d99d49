/// Where the chain ended at one moment: what one keeps elsewhere to notice later that the end was cut off or rewritten.
///
/// A chain by itself cannot tell that its tail is missing, because what is left is a whole chain again (`docs/audit.md`).
public struct ChainHead: Sendable, Hashable {
    /// The number of the newest record.
    public let seq: Int
    /// Its hash.
    public let hash: String
    /// The Git commit that holds it.
    public let commit: String

    public init(seq: Int, hash: String, commit: String) {
        (self.seq, self.hash, self.commit) = (seq, hash, commit)
    }

    public var json: JSONValue { ["seq": .int(seq), "hash": .string(hash), "commit": .string(commit)] }

    /// Reads the `chain_head` member of any document that gradus prints: of `audit verify`, of an export's manifest, of a
    /// backup. Also a document that is itself one is read.
    ///
    /// Throws `RecordFault` when the text is no such document.
    public init(savedDocument text: String) throws(RecordFault) {
        let document: JSONValue
        do { document = try JSONValue(parsing: text) } catch { throw RecordFault("not JSON: \(error)") }
        let fields = try JSONFields(document["chain_head"] ?? document, "saved checkpoint")
        self.init(seq: try fields.int("seq"), hash: try fields.string("hash"), commit: try fields.optionalString("commit") ?? "")
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            throw RecordFault("'hash' is no SHA-256 in lower-case hexadecimal")
        }
        guard seq > 0 else { throw RecordFault("'seq' is no number of a record") }
    }
}
