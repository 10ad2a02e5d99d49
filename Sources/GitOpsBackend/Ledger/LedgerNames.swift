/// The names of the ledger's references (`design.md` section 4b).
enum LedgerNames {
    static let prefix = "refs/heads/gradus/ledger/"
    /// A branch of this name would stand where the ledger's folder of references must be.
    static let blocking = "refs/heads/gradus"

    static func segment(_ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// The number of a segment's reference; nil for any other name.
    static func number(of reference: String) -> Int? {
        guard reference.hasPrefix(prefix), let number = Int(reference.dropFirst(prefix.count)), number > 0,
            segment(number) == reference
        else { return nil }
        return number
    }
}

/// What is wrong with the stored ledger, with the place, and how to go on.
enum LedgerFault {
    static func unlinked(_ reference: String, _ why: String) -> String {
        "\(reference) does not belong to the ledger: \(why)"
    }

    static let blocked = "a branch named 'gradus' stands where the ledger must be"

    static func blockedHint(_ authority: any Authority) -> String {
        "rename it: `git branch -m gradus SOMETHING-ELSE` in \(authority.name)"
    }
}
