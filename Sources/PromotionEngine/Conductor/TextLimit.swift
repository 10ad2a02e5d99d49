/// How long, and of what, the texts may be that people give and that become part of records and of commit messages.
public enum TextLimit {
    /// Bytes of a reason.
    public static let reason = 2_000
    /// Bytes of a change ticket.
    public static let ticket = 200

    /// Throws a usage error for a text that is too long or says nothing; `name` is what the caller calls it, such as `--reason`.
    public static func check(_ text: String?, _ name: String, _ limit: Int) throws {
        guard let text else { return }
        if text.allSatisfy(\.isWhitespace) {
            throw PromotionError(.usage, "\(name) is empty", hint: "say in a few words what will be read on record")
        }
        let count = text.utf8.count
        guard count > limit else { return }
        throw PromotionError(
            .usage, "\(name) takes \(limit) bytes at most, not \(count)", hint: "put the rest where the text can lead to, such as a ticket")
    }

    /// Checks what a person says in a request.
    static func check(reason: String?, ticket: String? = nil) throws {
        try check(reason, "a reason", Self.reason)
        try check(ticket, "a ticket", Self.ticket)
        try URLSecret.check(reason, "a reason")
        try URLSecret.check(ticket, "a ticket")
        // It becomes a trailer of a commit message, and a line of its own would be another trailer.
        let breaking: Set<Unicode.GeneralCategory> = [.control, .lineSeparator, .paragraphSeparator]
        guard let ticket, ticket.unicodeScalars.contains(where: { breaking.contains($0.properties.generalCategory) }) else { return }
        throw PromotionError(
            .usage, "a ticket takes no line breaks and no control characters", hint: "give its number, such as --ticket CHG-1234")
    }

    /// Checks facts whose reason is always a person's. What Gradus itself finds is told whole.
    static func check(_ fact: Fact) throws {
        switch fact {
        case .requested(let requested) where requested.trigger == .manual:
            try check(reason: requested.reason, ticket: requested.ticket)
        case .approvalGiven, .approvalWithdrawn, .rejected, .rejectionWithdrawn, .freezeAdded, .freezeRemoved, .holdRemoved,
            .releaseYanked, .reviewClosed, .driftAdopted, .subjectPseudonymised:
            try check(reason: fact.members["reason"]?.stringValue)
        case .releaseRegistered, .evidencePosted, .baselineAdopted: try URLSecret.check(fact)
        default: break
        }
    }
}
