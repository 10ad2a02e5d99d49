/// Which branches an environment may name: Git's rules for references, and none that Gradus writes itself.
enum BranchName {
    /// What is wrong with the name, as the end of a sentence that begins with it; nil when nothing is.
    ///
    /// Rules: https://git-scm.com/docs/git-check-ref-format
    static func complaint(about name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.hasPrefix("refs/") { return "must be named without `refs/`" }
        if name == "gradus" || name.hasPrefix("gradus/") || name.hasPrefix("gradus-promote/") {
            return "is kept for the ledger and for deliveries"
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isWrong = parts.contains { $0.isEmpty || $0.hasPrefix(".") || $0.hasSuffix(".lock") || $0.hasSuffix(".") }
            || name.hasPrefix("-") || name == "@" || name.contains("..") || name.contains("@{")
            || name.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F || "~^:?*[\\".unicodeScalars.contains($0) }
        return isWrong ? "is no name of a branch" : nil
    }
}
