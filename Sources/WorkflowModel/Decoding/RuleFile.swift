/// The text of one file of `workflows/`, handed in by whoever read it.
public struct RuleFile: Sendable {
    /// Inside the repository, as diagnostics name it.
    public var path: String
    public var bytes: [UInt8]
    /// Hexadecimal; empty for a file that is not in a repository.
    public var blobID: String

    public init(path: String, bytes: [UInt8], blobID: String) {
        self.path = path
        self.bytes = bytes
        self.blobID = blobID
    }

    /// What the file holds, judged by its name.
    enum Role {
        case workflow, groups, calendar, other
    }

    /// `checkout-flow.yaml` is `checkout-flow`.
    var baseName: String {
        let name = fileName
        guard let dot = name.lastIndex(of: ".") else { return name }
        return String(name[..<dot])
    }

    var role: Role {
        let name = fileName
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { return .other }
        return switch baseName {
        case "groups": .groups
        case "calendar": .calendar
        default: .workflow
        }
    }

    private var fileName: String {
        String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }
}
