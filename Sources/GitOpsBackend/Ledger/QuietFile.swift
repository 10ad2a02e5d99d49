import GitKit
public import PromotionEngine

/// The note of what is at rest, in a file of the cache that may be deleted at any time.
///
/// The first line is the digest of the rest, so that a torn file is none; the second is a JSON object; places follow.
public final class QuietFile: QuietPort {
    private let path: String
    private let engine: String

    /// - Parameters:
    ///   - folder: made when something is first kept.
    ///   - engine: notes of another version of the engine are not read: it may judge otherwise.
    public init(folder: String, location: RepositoryLocation, engine: String) {
        let name = Digest.sha256(location.authority.repository.commonDirectory + "\n" + location.branch).prefix(32)
        path = "\(folder)/\(name).quiet"
        self.engine = engine
    }

    public func read() throws -> QuietNote? {
        guard let text = try DurableFile.read(path), let (digest, rest) = split(text[...]), Digest.sha256(String(rest)) == digest,
            let (head, places) = split(rest), let json = DurableFile.json(String(head)), json["engine"]?.stringValue == engine,
            let rules = json["rules"]?.stringValue, case .int(let seq)? = json["seq"], let hash = json["hash"]?.stringValue,
            case .object(let tips)? = json["tips"], case .array(let restless)? = json["restless"]
        else { return nil }
        return QuietNote(
            rules: rules, mark: LedgerMark(seq: seq, hash: hash), tips: tips.compactMapValues(\.stringValue),
            restless: Set(restless.compactMap(\.stringValue)), places: String(places))
    }

    public func write(_ note: QuietNote) throws {
        let head: JSONValue = [
            "engine": .string(engine), "rules": .string(note.rules), "seq": .int(note.mark.seq), "hash": .string(note.mark.hash),
            "tips": .object(note.tips.mapValues(JSONValue.string)), "restless": .array(note.restless.sorted().map(JSONValue.string)),
        ]
        let rest = head.canonicalText + "\n" + note.places
        do {
            if let slash = path.lastIndex(of: "/") { try Folders.create(String(path[..<slash])) }
            try DurableFile.write(path, Digest.sha256(rest) + "\n" + rest, synced: false)
        } catch {
            // A cache that cannot be written costs the next run time, and nothing else.
        }
    }

    /// The first line and what follows it.
    private func split(_ text: Substring) -> (Substring, Substring)? {
        guard let end = text.utf8.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return (text[..<end], text[text.utf8.index(after: end)...])
    }
}
