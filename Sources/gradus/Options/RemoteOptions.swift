import GitKit
import Glibc
import PromotionEngine

/// What reaches remotes, from the environment and the user's configuration; secrets by reference, never from the command line.
enum RemoteOptions {
    /// Throws when a file that holds a secret cannot be read, or certificates cannot.
    ///
    /// - Parameter isQuiet: nothing is said of how far a fetch is.
    static func access(isQuiet: Bool) throws -> RemoteAccess {
        try trust()
        var tokens: [RemoteAccess.Token] = []
        if let secret = try secret("GRADUS_TOKEN") {
            tokens.append(.init(user: Settings.variable("GRADUS_TOKEN_USER"), secret: secret, source: "GRADUS_TOKEN"))
        }
        tokens += ciTokens()
        for token in tokens { Secrets.register(user: token.user ?? "", password: token.secret) }
        var access = RemoteAccess(tokens: tokens, ssh: try ssh())
        let line = FetchProgress(isQuiet: isQuiet)
        access.onTransfer = line.show
        return access
    }

    /// The CI's own tokens, for the CI's own server only.
    private static func ciTokens() -> [RemoteAccess.Token] {
        var tokens: [RemoteAccess.Token] = []
        // Gitea's and Forgejo's Actions set these too.
        if let token = Settings.variable("GITHUB_TOKEN"), Settings.variable("GITHUB_ACTIONS") == "true" {
            let server = RemoteURL(Settings.variable("GITHUB_SERVER_URL") ?? "https://github.com/")
            tokens.append(.init(host: server?.host ?? "github.com", secret: token, source: "GITHUB_TOKEN"))
        }
        if let token = Settings.variable("CI_JOB_TOKEN"), let host = Settings.variable("CI_SERVER_HOST") {
            tokens.append(.init(host: host.lowercased(), user: "gitlab-ci-token", secret: token, source: "CI_JOB_TOKEN"))
        }
        return tokens
    }

    private static func ssh() throws -> SSHAccess {
        let home = (Settings.variable("HOME") ?? "/") + "/.ssh/"
        let own = Settings.variable("GRADUS_SSH_KEY")
        let passphrase = try secret("GRADUS_SSH_PASSPHRASE")
        if let passphrase { Secrets.register(passphrase) }
        let known = Settings.variable("GRADUS_KNOWN_HOSTS").map { [$0] } ?? [home + "known_hosts", "/etc/ssh/ssh_known_hosts"]
        return SSHAccess(
            keyFiles: own.map { [$0] } ?? ["id_ed25519", "id_ecdsa", "id_rsa"].map { home + $0 }, passphrase: passphrase,
            // A key that was named is the only one that is tried.
            usesAgent: own == nil && Settings.variable("SSH_AUTH_SOCK") != nil, knownHosts: known)
    }

    /// The file of authorities that is trusted instead of the system's.
    static func certificateFile() throws -> String? {
        try Settings.variable("GIT_SSL_CAINFO") ?? UserConfiguration.string("http.sslcainfo") ?? Settings.variable("SSL_CERT_FILE")
    }

    /// The certificates that https servers are verified by, where they are not the system's.
    private static func trust() throws {
        let file = try certificateFile()
        let folder = try Settings.variable("GIT_SSL_CAPATH") ?? UserConfiguration.string("http.sslcapath") ?? Settings.variable("SSL_CERT_DIR")
        if file != nil || folder != nil { LibGit2.trustCertificates(file: file, folder: folder) }
    }

    /// The value of a variable, or the first line of the file that NAME_FILE names.
    private static func secret(_ name: String) throws -> String? {
        let direct = Settings.variable(name)
        guard let path = Settings.variable(name + "_FILE") else { return direct }
        guard direct == nil else {
            throw PromotionError(.usage, "\(name) and \(name)_FILE are both set", hint: "unset one of them")
        }
        let line = String(decoding: try LocalFile.read(path), as: UTF8.self).prefix { !$0.isNewline }
        guard !line.isEmpty else { throw PromotionError(.usage, "\(path), which \(name)_FILE names, begins with an empty line") }
        return String(line)
    }
}
