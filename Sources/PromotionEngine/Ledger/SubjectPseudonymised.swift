/// From now on readers show a person by another name (`subject.pseudonymised`).
///
/// Records are never written anew: what decides, and what `audit verify` recomputes, still reads the ids that they hold.
public struct SubjectPseudonymised: FactPayload {
    /// The person's id, as records name it.
    public let subject: String
    /// What readers show instead.
    public let pseudonym: String
    /// Other spellings of the same person: further ids, names, mail addresses.
    public let also: [String]
    public let reason: String

    public init(subject: String, pseudonym: String, also: [String] = [], reason: String) {
        self.subject = subject
        self.pseudonym = pseudonym
        self.also = also
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try fields.string("subject")
        pseudonym = try fields.string("pseudonym")
        also = try fields.strings("also")
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "subject": .string(subject), "pseudonym": .string(pseudonym), "reason": .string(reason),
        ]
        members.set("also", also)
        return members
    }
}
