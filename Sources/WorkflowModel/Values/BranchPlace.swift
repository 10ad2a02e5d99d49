/// Where an environment's files are, as ``Stage/branch`` says it: a branch of the workflow's own repository, or
/// `REPOSITORY#BRANCH` for one of another, `REPOSITORY#` for the branch that its HEAD names.
///
/// No branch can be called like that: Git allows no `:` in a name, and a path begins with `/`.
public struct BranchPlace: Sendable, Hashable {
    /// Nil: the workflow's own.
    public let repository: String?
    /// Nil: the branch that HEAD names.
    public let branch: String?

    public init(repository: String?, branch: String?) {
        self.repository = repository
        self.branch = branch
    }

    public init(_ text: String) {
        guard text.contains(":") || text.hasPrefix("/"), let mark = text.lastIndex(of: "#") else {
            self.init(repository: nil, branch: text)
            return
        }
        let branch = text[text.index(after: mark)...]
        self.init(repository: String(text[..<mark]), branch: branch.isEmpty ? nil : String(branch))
    }

    public var text: String { repository.map { "\($0)#\(branch ?? "")" } ?? branch ?? "" }

    /// What is wrong with the name of another repository in a workflow; nil for a good one.
    static func complaint(about repository: String) -> String? {
        if repository.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F || $0 == "#" }) {
            return "holds a space, `#` or a control character"
        }
        if let mark = repository.firstRange(of: "://") {
            let authority = repository[mark.upperBound...].prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") { return "holds a password; credentials come from the environment" }
            return ["https", "ssh", "git", "file"].contains(repository[..<mark.lowerBound]) ? nil : "is no https, ssh, git or file URL"
        }
        let isShort = repository.contains("@") && repository.contains(":")
        return isShort || repository.hasPrefix("/") ? nil : "is no URL; write it as `https://HOST/PATH` or `git@HOST:PATH`"
    }
}
