/// The kinds of forges that Gradus speaks with.
public enum ForgeKind: String, Sendable, Hashable, CaseIterable {
    case github, gitlab
    /// Gitea, and Forgejo, which speaks the same API.
    case gitea
    /// Bitbucket Cloud.
    case bitbucket

    /// What people call it.
    public var title: String {
        switch self {
        case .github: "GitHub"
        case .gitlab: "GitLab"
        case .gitea: "Gitea"
        case .bitbucket: "Bitbucket"
        }
    }

    /// Reads the names that settings use; `forgejo` means ``gitea``.
    init?(setting: String) {
        guard let kind = ForgeKind(rawValue: setting == "forgejo" ? "gitea" : setting) else { return nil }
        self = kind
    }

    /// The kind of a public service, and of a host of GitHub's data residency; nil for hosts that anyone may run.
    init?(host: String) {
        switch host {
        case "github.com": self = .github
        case "gitlab.com": self = .gitlab
        case "bitbucket.org": self = .bitbucket
        case "codeberg.org", "gitea.com": self = .gitea
        default:
            guard host.hasSuffix(".ghe.com") else { return nil }
            self = .github
        }
    }

    /// Where the API of a server begins.
    ///
    /// GitHub: docs.github.com, "Getting started with the REST API"; GitLab: docs.gitlab.com, "REST API"; Gitea: `basePath` of its
    /// description; Bitbucket: developer.atlassian.com, "The Bitbucket Cloud REST API".
    func apiAddress(scheme: String, host: String, port: Int?, prefix: String) -> String {
        let place = (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
        switch self {
        case .github where host == "github.com" || host.hasSuffix(".ghe.com"): return "https://api.\(host)"
        case .github: return "\(scheme)://\(place)/api/v3"
        case .gitlab: return "\(scheme)://\(place)\(prefix)/api/v4"
        case .gitea: return "\(scheme)://\(place)\(prefix)/api/v1"
        case .bitbucket where host == "bitbucket.org": return "https://api.bitbucket.org/2.0"
        case .bitbucket: return "\(scheme)://\(place)/2.0"
        }
    }
}
