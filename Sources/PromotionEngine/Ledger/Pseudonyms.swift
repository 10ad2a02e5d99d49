/// Shows records with the pseudonyms of those persons that have one.
///
/// A shown record keeps number, hash and previous hash of the one that it is a view of, and says that it is one.
public struct Pseudonyms: Sendable {
    /// By every id and spelling of a person.
    private var names: [String: String] = [:]
    /// Longest first, so that a name within a longer one does not break it.
    private var spellings: [String] = []

    /// Members whose text is a person.
    private static let persons: Set = ["initiator", "requester", "approved_by", "authors", "author", "owner", "by", "person", "subject"]
    /// Members whose text may speak of a person.
    private static let texts: Set = ["reason", "value", "threshold", "source", "message", "clear_with"]
    /// A shorter id is a word too easily to be looked for in a sentence.
    private static let shortestInText = 3

    /// - Parameter given: in the order of the ledger; a later one of the same person counts.
    public init(_ given: [SubjectPseudonymised] = []) {
        for one in given {
            for spelling in [one.subject] + one.also { names[spelling] = one.pseudonym }
        }
        spellings = names.keys.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    public var isEmpty: Bool { names.isEmpty }

    /// The person's pseudonym, else the text. An author line that names the person in any of its parts is replaced whole.
    public func person(_ text: String) -> String {
        if isEmpty { return text }
        if let name = names[text] { return name }
        for spelling in spellings where Self.contains(spelling, in: text) { return names[spelling] ?? text }
        return text
    }

    /// All ids and spellings that a pseudonym stands for; the text itself when it is none.
    public func spellings(of pseudonym: String) -> [String] {
        let found = spellings.filter { names[$0] == pseudonym }
        return found.isEmpty ? [pseudonym] : found
    }

    /// The record as readers may show it. Throws `RecordFault` when what comes of it is no record of its type.
    public func shown(_ record: LedgerRecord) throws(RecordFault) -> LedgerRecord {
        if isEmpty { return record }
        guard case .object(let members) = record.json, case .object(var shown) = view(record.json, "") else { return record }
        // The name beside an id is the person's too.
        if members["initiator"] != shown["initiator"] { shown["initiator_name"] = nil }
        if record.fact.type == "subject.pseudonymised" { shown["also"] = nil }
        return shown == members ? record : try LedgerRecord(view: shown, of: record)
    }

    private func view(_ value: JSONValue, _ key: String) -> JSONValue {
        switch value {
        case .string(let text):
            if Self.persons.contains(key) { return .string(person(text)) }
            return Self.texts.contains(key) ? .string(sentence(text)) : value
        case .array(let items): return .array(items.map { view($0, key) })
        case .object(let members):
            // What a changed rule asked for before and asks now may list people; elsewhere `from` is a stage.
            let isRule = key == "changes"
            return .object(
                Dictionary(uniqueKeysWithValues: members.map { ($0, view($1, isRule && ($0 == "from" || $0 == "to") ? "reason" : $0)) }))
        case .null, .bool, .int: return value
        }
    }

    /// The text with every spelling that stands in it as a word of its own replaced.
    func sentence(_ text: String) -> String {
        var text = text
        for spelling in spellings where spelling.count >= Self.shortestInText {
            guard let name = names[spelling] else { continue }
            var shown = ""
            var rest = text[...]
            while let found = Self.range(of: spelling, in: rest, of: text) {
                shown += rest[..<found.lowerBound] + name
                rest = rest[found.upperBound...]
            }
            text = shown + rest
        }
        return text
    }

    private static func contains(_ spelling: String, in text: String) -> Bool { range(of: spelling, in: text[...], of: text) != nil }

    /// Where the spelling stands next as a word of its own: `olga` is neither in `olga@example.org` nor in `olga.b`.
    private static func range(of spelling: String, in rest: Substring, of text: String) -> Range<String.Index>? {
        var rest = rest
        while !spelling.isEmpty, let found = rest.firstRange(of: spelling) {
            let before = found.lowerBound > text.startIndex ? text[text.index(before: found.lowerBound)] : " "
            let after = text[found.upperBound...].prefix(2)
            let isOpenBehind = after.first.map { isPart($0) || $0 == "@" } ?? false
            let isDotted = after.first == "." && after.dropFirst().first.map(isPart) ?? false
            if !isPart(before), before != "@", before != ".", !isOpenBehind, !isDotted { return found }
            rest = rest[text.index(after: found.lowerBound)...]
        }
        return nil
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "-" || character == "+"
    }
}
