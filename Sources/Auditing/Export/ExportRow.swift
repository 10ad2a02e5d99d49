public import PromotionEngine

/// One record as a row: the columns that people filter by, then the record itself with its hashes.
public struct ExportRow: Sendable, Hashable {
    /// In the order of the columns; names are stable.
    public static let columns = [
        "seq", "at", "type", "initiator", "initiator_name", "authenticated", "service", "version", "stage", "workflow",
        "promotion", "trigger", "requester", "approved_by", "reason", "ticket", "commit", "author", "plan_digest", "sentence",
        "record", "hash", "prev",
    ]

    /// By column; what a record does not have is empty.
    public let cells: [String]

    public init(_ record: LedgerRecord) {
        let json = record.json
        cells = Self.columns.map { column in
            switch column {
            case "sentence": record.sentence
            case "record": json.canonicalText
            case "hash": record.hash
            case "prev": record.previousHash
            case "initiator_name": record.initiator.name ?? ""
            default: Self.text(json[column])
            }
        }
    }

    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text)?: text
        case .int(let number)?: String(number)
        case .bool(let flag)?: flag ? "true" : "false"
        case .array(let items)?: items.map { text($0) }.joined(separator: ", ")
        case .object?, .null?, nil: ""
        }
    }
}
