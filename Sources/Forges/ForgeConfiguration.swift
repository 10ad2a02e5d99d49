internal import PromotionEngine
public import Web

/// What the operator of this machine says about forges. Never read from a promoted repository: an address of an API decides who is
/// sent the token (`design.md` section 9).
public struct ForgeConfiguration: Sendable {
    /// A token, with the user of servers that want one.
    public struct Token: Sendable, Hashable {
        public var user: String?
        public var secret: Secret

        public init(user: String? = nil, secret: Secret) {
            self.user = user
            self.secret = secret
        }
    }

    /// What a CI system says about the server that it belongs to.
    public struct Continuous: Sendable {
        public var kind: ForgeKind
        public var url: String?
        /// Nil where the CI's own token may not handle pull requests.
        public var token: Token?
    }

    /// Nil: found out by the remote's host.
    public var kind: ForgeKind?
    /// The server or its API; nil: the usual place at the remote's host.
    public var url: String?
    /// `OWNER/NAME`, where the remote's path does not say it.
    public var repository: String?
    /// For the remote that the operator named.
    public var token: Token?
    /// Comes before a token.
    public var app: GitHubApp?
    /// By host, in lower case.
    public var continuous: [String: Continuous]
    /// No forge is wanted.
    public var isOff: Bool
    public var web: WebConfiguration
    /// Seconds for one attempt of one request.
    public var timeout = 30.0
    /// The clock that the server's limits are measured by, in seconds since 1970.
    public var now: @Sendable () -> Int

    public init(
        kind: ForgeKind? = nil, url: String? = nil, repository: String? = nil, token: Token? = nil,
        web: WebConfiguration = WebConfiguration(), now: @escaping @Sendable () -> Int = WallClock.seconds
    ) {
        self.kind = kind
        self.url = url
        self.repository = repository
        self.token = token
        self.web = web
        self.now = now
        app = nil
        continuous = [:]
        isOff = false
    }

    /// From `GRADUS_FORGE`, `GRADUS_FORGE_URL`, `GRADUS_FORGE_REPOSITORY`, `GRADUS_TOKEN` or `GRADUS_TOKEN_FILE`, `GRADUS_TOKEN_USER`,
    /// the variables of a GitHub App, of CI systems, of proxies and certificates.
    ///
    /// - Parameters:
    ///   - kind: what the user's own configuration says; the variable wins.
    ///   - url: the same of the address.
    ///
    /// Throws `PromotionError(.usage)` for a kind that is none, and for a token given twice, and `WebError` for a secret or a proxy that cannot be read.
    public init(environment: [String: String], kind: String? = nil, url: String? = nil) throws {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let named = variable("GRADUS_FORGE") ?? kind
        let known = named.flatMap(ForgeKind.init(setting:))
        guard known != nil || named == nil || named == "none" else {
            throw PromotionError(
                .usage, "'\(named ?? "")' is no kind of forge", hint: "use github, gitlab, gitea, forgejo, bitbucket or none")
        }
        self.init(
            kind: known, url: variable("GRADUS_FORGE_URL") ?? url, repository: variable("GRADUS_FORGE_REPOSITORY"),
            web: try WebConfiguration(environment: environment))
        isOff = named == "none"
        let user = variable("GRADUS_TOKEN_USER")
        guard variable("GRADUS_TOKEN") == nil || variable("GRADUS_TOKEN_FILE") == nil else {
            throw PromotionError(.usage, "GRADUS_TOKEN and GRADUS_TOKEN_FILE are both set", hint: "unset one of them")
        }
        if let secret = variable("GRADUS_TOKEN") {
            token = Token(user: user, secret: Secret(secret))
        } else if let path = variable("GRADUS_TOKEN_FILE") {
            // Only the first line counts, as for Git.
            token = Token(user: user, secret: Secret(String(try Secret.file(path).exposed.prefix { !$0.isNewline })))
        }
        app = try GitHubApp(environment: environment)
        continuous = Self.continuous(variable)
    }

    private static func continuous(_ variable: (String) -> String?) -> [String: Continuous] {
        var found: [String: Continuous] = [:]
        // Gitea's and Forgejo's Actions set GitHub's variables too.
        if variable("GITHUB_ACTIONS") == "true" {
            let host = RemotePlace(variable("GITHUB_SERVER_URL") ?? "https://github.com").host ?? "github.com"
            let isGitea = variable("GITEA_ACTIONS") == "true" || variable("FORGEJO_ACTIONS") == "true"
            let token = variable("GITHUB_TOKEN").map { Token(secret: Secret($0)) }
            found[host] = Continuous(kind: isGitea ? .gitea : .github, url: variable("GITHUB_API_URL"), token: token)
        }
        if let host = variable("CI_SERVER_HOST")?.lowercased(), let url = variable("CI_API_V4_URL") {
            // CI_JOB_TOKEN is of no use here: GitLab does not let it handle merge requests.
            found[host] = Continuous(kind: .gitlab, url: url, token: nil)
        }
        return found
    }
}
