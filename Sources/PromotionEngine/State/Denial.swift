/// A denial that is on record, by what makes it the same one again.
public struct Denial: Sendable, Hashable {
    public let denied: ActionDenied
    public let person: String
    /// Digest of the rule files that it was decided by: under other rules the same attempt is another one.
    public let rules: String

    init(_ denied: ActionDenied, person: String, rules: [String: String]) {
        self.denied = denied
        self.person = person
        let listed = rules.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        self.rules = Digest.sha256(listed.joined(separator: "\n"))
    }

    var json: JSONValue {
        ["denied": .object(denied.members), "person": .string(person), "rules": .string(rules)]
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        denied = try ActionDenied(JSONFields(members: fields.object("denied")))
        person = try fields.string("person")
        rules = try fields.string("rules")
    }
}
