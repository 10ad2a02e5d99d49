/// The commit message of a record: a sentence, the canonical JSON, `[skip ci]`, trailers (`design.md` section 4).
public struct RecordMessage: Sendable, Hashable {
    public let text: String

    public init(_ record: LedgerRecord) {
        text = """
            \(RecordSubject.line(for: record))

            \(record.json.canonicalText)

            [skip ci]

            Gradus-Record: \(record.fact.type)
            Gradus-Seq: \(record.seq)
            Gradus-Hash: \(record.hash)

            """
    }

    /// Reads the record out of a commit message and checks that it chains.
    ///
    /// Throws `RecordFault` when the message holds no record, the record does not parse, or its hash is not the one that
    /// its trailer names.
    public static func record(in message: String, previousHash: String) throws(RecordFault) -> LedgerRecord {
        guard let body = body(of: message) else { throw RecordFault("the commit message holds no record") }
        let record = try LedgerRecord(canonicalText: body, previousHash: previousHash)
        // A record of a newer format may chain in another way; of this format every type chains alike.
        if record.version != LedgerRecord.currentVersion { return record }
        let claimed = claimedHash(in: message) ?? "missing"
        guard claimed == record.hash else {
            throw RecordFault("does not chain: its Gradus-Hash is \(claimed), the content gives \(record.hash)")
        }
        return record
    }

    /// Checks that a message is all that its record makes of itself: subject and trailers too, which the hash does not cover.
    ///
    /// Only an audit asks this, so that who knows other sentences still reads. Throws `RecordFault`.
    public static func checkWording(of record: LedgerRecord, in message: String) throws(RecordFault) {
        // Of a newer engine's record the sentence is not known.
        if case .unknown = record.fact { return }
        // Bytes, because equal strings may differ in Unicode normalisation.
        guard RecordMessage(record).text.utf8.elementsEqual(message.utf8) else {
            throw RecordFault("subject or trailers are not those of the record")
        }
    }

    /// The hash that the message claims, without reading the record; nil when it has none.
    public static func claimedHash(in message: String) -> String? { trailer("Gradus-Hash", in: message) }

    /// The number that the message claims, without reading the record; nil when it has none.
    public static func claimedSeq(in message: String) -> Int? { trailer("Gradus-Seq", in: message).flatMap { Int($0) } }

    /// The record's document, unchecked; nil when the message holds none.
    public static func document(in message: String) -> JSONValue? {
        do { return try body(of: message).map { try JSONValue(parsing: $0) } } catch { return nil }
    }

    /// Reads the first record of a segment, which itself names the hash that it chains to.
    ///
    /// Throws as `record(in:previousHash:)`, and when the record is no opening of a segment.
    public static func openingRecord(in message: String) throws(RecordFault) -> LedgerRecord {
        guard let body = body(of: message) else { throw RecordFault("the commit message holds no record") }
        guard case .segmentOpened(let opened) = try LedgerRecord(canonicalText: body, previousHash: "").fact else {
            throw RecordFault("does not chain: it has no parent and opens no segment")
        }
        return try record(in: message, previousHash: opened.previous?.hash ?? Digest.none)
    }

    /// True when the record says that its commit's tree is a checkpoint. Cheap: the member is looked for, not parsed.
    public static func carriesCheckpoint(_ message: String) -> Bool {
        let bytes = message.utf8Span.span
        guard let body = bodyRange(bytes) else { return false }
        // Line breaks and quotes in texts are escaped, so this stands nowhere but where the member begins.
        for start in body where bytes[start] == quote && holds(checkpointMember, bytes, at: start, before: body.upperBound) { return true }
        return false
    }

    // A message is searched by bytes: telling where characters end would take longer than all else that is done with it.

    private static let lineEnd = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let checkpointMember = Array("\"checkpoint\":{\"digest\":".utf8)

    private static func holds(_ text: [UInt8], _ bytes: Span<UInt8>, at start: Int, before end: Int) -> Bool {
        guard start + text.count <= end else { return false }
        for position in text.indices where bytes[start + position] != text[position] { return false }
        return true
    }

    private static func line(_ bytes: Span<UInt8>, from start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, bytes[end] != lineEnd { end += 1 }
        return start..<end
    }

    /// The third line, if an object stands there.
    private static func bodyRange(_ bytes: Span<UInt8>) -> Range<Int>? {
        var start = 0
        for _ in 0..<2 {
            let end = line(bytes, from: start).upperBound
            guard end < bytes.count else { return nil }
            start = end + 1
        }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
        return line(bytes, from: start)
    }

    private static func body(of message: String) -> String? {
        let bytes = message.utf8Span.span
        return bodyRange(bytes).map { text(bytes, $0) }
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }

    /// The last line that begins with the name.
    private static func trailer(_ name: String, in message: String) -> String? {
        let bytes = message.utf8Span.span
        let label = Array((name + ": ").utf8)
        var end = bytes.count
        while end > 0 {
            var start = end
            while start > 0, bytes[start - 1] != lineEnd { start -= 1 }
            if holds(label, bytes, at: start, before: end) { return text(bytes, start + label.count..<end) }
            end = start - 1
        }
        return nil
    }
}
