import CLibgit2

/// Checks of names before they cross into C.
enum Names {
    /// Refuses what would be cut short on its way into C.
    static func requireText(_ text: String, _ operation: String) throws(GitError) {
        guard !text.utf8.contains(0) else {
            throw .refused(operation, text, "it contains a NUL byte", code: .invalidName)
        }
    }

    /// Refuses a reference name that Git does not allow.
    static func requireReference(_ name: String, _ operation: String) throws(GitError) {
        try requireText(name, operation)
        var isValid: Int32 = 0
        try check(operation, name) { git_reference_name_is_valid(&isValid, name) }
        guard isValid == 1 else {
            throw .refused(operation, name, "it is not a valid reference name", code: .invalidName)
        }
    }

    /// The parts of a path inside a tree or work tree.
    ///
    /// - Throws: `.invalidName` for an empty or absolute path and for any part that is empty, `.`, `..` or `.git`
    ///   (any case): such a path would leave the tree or reach into the repository's own folder.
    static func components(of path: String, _ operation: String) throws(GitError) -> [String] {
        try requireText(path, operation)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for part in parts {
            let reason: String? =
                switch part {
                case "": "it is empty, absolute, or has an empty part"
                case ".", "..": "it has the part '\(part)'"
                default: part.lowercased() == ".git" ? "it has the part '\(part)'" : nil
                }
            if let reason {
                throw .refused(operation, path, reason, code: .invalidName)
            }
        }
        return parts
    }
}
