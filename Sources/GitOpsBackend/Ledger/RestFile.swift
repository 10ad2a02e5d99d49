import GitKit
public import PromotionEngine

/// The note of what is at rest, in a file of the cache that may be deleted at any time.
///
/// The first line is the digest of what follows, so that a torn file is none; the second is a JSON object; then come places.
public final class RestFile: RestPort {
    private let path: String
    private let engine: String

    /// - Parameters:
    ///   - folder: made when something is first kept.
    ///   - engine: what another engine noted is not read: it may judge otherwise.
    public init(folder: String, location: RepositoryLocation, engine: String) {
        let name = Digest.sha256(location.authority.repository.commonDirectory + "\n" + location.branch).prefix(32)
        path = "\(folder)/\(name).rest"
        self.engine = engine
    }

    public func read() -> RestNote? {
        let text: String?
        do {
            text = try DurableFile.read(path)
        } catch {
            // A cache that cannot be read costs this run time, and nothing else.
            return nil
        }
        guard let text, let (digest, content) = split(text[...]), Digest.sha256(String(content)) == digest,
            let (head, places) = split(content), let json = DurableFile.json(String(head)), json["engine"]?.stringValue == engine
        else { return nil }
        return RestNote(json, places: String(places))
    }

    public func write(_ note: RestNote) {
        let content = note.head(engine: engine).canonicalText + "\n" + note.places
        do {
            if let slash = path.lastIndex(of: "/") { try Folders.create(String(path[..<slash])) }
            try DurableFile.write(path, Digest.sha256(content) + "\n" + content, synced: false)
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

extension RestNote {
    /// Everything but the places.
    fileprivate func head(engine: String) -> JSONValue {
        [
            "engine": .string(engine), "rules": .string(rules), "warnings": .array(warnings.map(JSONValue.string)),
            "discovers": .bool(discovers), "seq": .int(mark.seq), "hash": .string(mark.hash),
            "tips": .object(tips.mapValues(JSONValue.string)), "restless": .array(restless.sorted().map(JSONValue.string)),
        ]
    }

    fileprivate init?(_ json: JSONValue, places: String) {
        guard let rules = json["rules"]?.stringValue, case .array(let warnings)? = json["warnings"],
            case .bool(let discovers)? = json["discovers"], case .int(let seq)? = json["seq"],
            let hash = json["hash"]?.stringValue, case .object(let tips)? = json["tips"], case .array(let restless)? = json["restless"]
        else { return nil }
        self.init(
            rules: rules, warnings: warnings.compactMap(\.stringValue), discovers: discovers, mark: LedgerMark(seq: seq, hash: hash),
            tips: tips.compactMapValues(\.stringValue), restless: Set(restless.compactMap(\.stringValue)), places: places)
    }
}
