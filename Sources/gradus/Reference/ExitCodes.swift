/// What each exit code says: `gradus help exit-codes`, the man pages and the reference all come from here.
enum ExitCodes {
    static let all: [(code: Int32, name: String, meaning: String)] = [
        (0, "done", "Done, or there was nothing to do."),
        (1, "error", "Something went wrong, or a gate could not be evaluated. Nothing is known about the answer."),
        (2, "usage", "The command line or a file that decides is wrong."),
        (3, "differences", "With --exit-code: there are differences, or it would be promoted."),
        (4, "not permitted", "The person may not do this, or is not authenticated."),
        (5, "failed", "The promotion failed, or was rolled back."),
        (6, "refused", "Policy says no: a criterion failed, or it was rejected, aborted or superseded."),
        (7, "timed out", "It was still under way when --timeout ended. It goes on."),
        (8, "pending", "Not yet: something is waited for. The document says what."),
        (9, "conflict", "Somebody else changed the same thing first."),
        (130, "interrupted", "Ctrl-C. What was begun is finished by the next run."),
    ]

    static var text: String {
        var table = Table(["CODE", "NAME", "MEANING"])
        for entry in all { table.add([String(entry.code), entry.name, entry.meaning]) }
        return "Every command ends with one of these. With codes 5 to 9 the document is still printed.\n\n" + table.text
    }
}

/// `gradus help TOPIC` for topics that are no commands.
enum HelpTopic {
    /// The text, or nil when the line asks for something else.
    static func text(for arguments: [String]) -> String? {
        arguments == ["help", "exit-codes"] ? ExitCodes.text : nil
    }
}
