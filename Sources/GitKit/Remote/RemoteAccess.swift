/// What this run may use to reach remotes. Held by a ``Repository`` and asked whenever one of its remotes asks.
public struct RemoteAccess: Sendable {
    /// A token or password, with whom it is for.
    public struct Token: Sendable {
        /// The host that it is sent to, in lower case; nil: that of the repository that was named, see ``bound(to:)``.
        public var host: String?
        /// Nil: what the host's kind of server takes, unless the URL names a user.
        public var user: String?
        public var secret: String
        /// Where it comes from, for messages.
        public var source: String

        public init(host: String? = nil, user: String? = nil, secret: String, source: String) {
            self.host = host
            self.user = user
            self.secret = secret
            self.source = source
        }
    }

    /// In the order in which they are tried.
    public var tokens: [Token]
    /// Whether the credential helpers of the user's Git configuration are asked.
    public var usesHelpers: Bool
    public var ssh: SSHAccess
    /// Told how far a fetch is, on the thread that fetches, and nil when it has ended either way.
    public var onTransfer: (@Sendable (Transfer?) -> Void)?

    /// How far a fetch is.
    public struct Transfer: Sendable, Hashable {
        /// Objects that have come, of how many; bytes that have come.
        public let received, total, bytes: Int
    }

    public init(tokens: [Token] = [], usesHelpers: Bool = true, ssh: SSHAccess = SSHAccess()) {
        self.tokens = tokens
        self.usesHelpers = usesHelpers
        self.ssh = ssh
    }

    /// With tokens that name no host given to the host of this URL: a repository that only a rule names must not get them.
    public func bound(to url: String) -> RemoteAccess {
        var access = self
        let host = RemoteURL(url)?.host
        for position in access.tokens.indices where access.tokens[position].host == nil { access.tokens[position].host = host ?? "" }
        return access
    }
}

/// How SSH servers are reached.
public struct SSHAccess: Sendable {
    /// Private keys to try, after the agent's; each with its public half beside it (`.pub`) or derived from it.
    public var keyFiles: [String]
    public var passphrase: String?
    public var usesAgent: Bool
    /// Files in the form of OpenSSH's `known_hosts`.
    public var knownHosts: [String]

    public init(keyFiles: [String] = [], passphrase: String? = nil, usesAgent: Bool = false, knownHosts: [String] = []) {
        self.keyFiles = keyFiles
        self.passphrase = passphrase
        self.usesAgent = usesAgent
        self.knownHosts = knownHosts
    }
}
