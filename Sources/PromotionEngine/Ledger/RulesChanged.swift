/// The rule files are not those of the records before (`rules.changed`).
public struct RulesChanged: FactPayload {
    /// Blob ids of the files that changed, by path, as they were.
    public let from: [String: String]
    /// As they are; a file that is gone is not in it.
    public let to: [String: String]
    public let changes: [GateChange]

    public init(from: [String: String], to: [String: String], changes: [GateChange]) {
        self.from = from
        self.to = to
        self.changes = changes
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        from = try fields.stringMap("from")
        to = try fields.stringMap("to")
        var changes: [GateChange] = []
        for item in try fields.list("changes") { changes.append(try GateChange(JSONFields(item, "change"))) }
        self.changes = changes
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members.set("from", from)
        members.set("to", to)
        if !changes.isEmpty { members["changes"] = .array(changes.map(\.json)) }
        return members
    }

    /// `2 gates loosened, 1 tightened`, with the first of the loosened ones.
    var summary: String {
        let counts = [GateChange.Effect.loosened, .tightened, .changed].compactMap { effect -> String? in
            let count = changes.filter { $0.effect == effect }.count
            return count == 0 ? nil : "\(count) \(effect.rawValue)"
        }
        guard !counts.isEmpty else { return "no gate is other than it was" }
        let loosened = changes.filter { $0.effect == .loosened }.prefix(3).map(\.summary)
        return counts.joined(separator: ", ") + (loosened.isEmpty ? "" : ": " + loosened.joined(separator: ", "))
    }
}
