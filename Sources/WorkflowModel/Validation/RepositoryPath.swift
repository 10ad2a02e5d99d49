/// Rules for paths that a workflow names: they stay inside the repository and out of its machinery.
public enum RepositoryPath {
    /// The folder, `""` for the top, and the last part.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// Without the `./` that an environment at the top of its branch puts before a path.
    public static func normalized(_ path: String) -> String {
        path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }

    /// What is wrong with the path, as the end of a sentence that begins with it; nil when nothing is.
    static func complaint(about path: String) -> String? {
        if path.isEmpty { return "is empty" }
        if path.hasPrefix("/") { return "must be relative to the repository" }
        if path.contains("\\") { return "must be written with `/`" }
        if path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "holds a control character"
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") { return "must not leave its folder by `..`" }
        if parts.contains(where: { $0.isEmpty || $0 == "." }) { return "has an empty part or `.`" }
        // Git refuses such a name in any case of letters, because some file systems fold them.
        if parts.contains(where: { $0.lowercased() == ".git" }) { return "must not enter `.git`" }
        return nil
    }
}
