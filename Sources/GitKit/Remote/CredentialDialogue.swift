import CLibgit2
import Glibc

/// What one exchange with a server says when it is asked for credentials or shows its key. Used by one thread, inside one call.
final class CredentialDialogue {
    private let access: RemoteAccess
    private let url: RemoteURL?
    /// Why the exchange was stopped from here; takes the place of libgit2's own words.
    private(set) var refusal: GitError.Refusal?
    private var pending: [Offer]?
    private var offered: [String] = []
    private var helpers: CredentialHelpers?
    /// What a helper gave and the server has not yet judged.
    private var helperAnswer: (user: String, password: String)?

    private enum Offer {
        case password(user: String, secret: String, source: String)
        case helpers
        case agent
        case keyFile(String)
    }

    init(_ access: RemoteAccess, url: String) {
        self.access = access
        self.url = RemoteURL(url)
    }

    /// Called again with the next question whenever the server refused the answer before.
    func answer(_ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ named: String?, _ allowed: UInt32) -> Int32 {
        guard let url else { return Int32(GIT_PASSTHROUGH.rawValue) }
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return git_credential_username_new(out, url.user ?? "git")
        }
        if allowed & (GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue | GIT_CREDENTIAL_SSH_KEY.rawValue) == 0 {
            return refuse(.auth, "the server takes no kind of credentials that gradus has")
        }
        if url.scheme == "http" {
            return refuse(.auth, "it asks for credentials, which are never sent over http: use https")
        }
        do throws(GitError) {
            if pending == nil { pending = try offers(url) }
            try rejectHelperAnswer(url)
            while pending?.isEmpty == false, let offer = pending?.removeFirst() {
                if let status = try present(offer, out, named ?? url.user, url) { return status }
            }
        } catch {
            return refuse(error.code, error.description)
        }
        return refuse(.auth, exhausted(url))
    }

    private func offers(_ url: RemoteURL) throws(GitError) -> [Offer] {
        guard url.isHTTP else {
            return (access.ssh.usesAgent ? [.agent] : []) + access.ssh.keyFiles.map(Offer.keyFile)
        }
        let tokens = access.tokens.filter { $0.host == url.host }.map {
            Offer.password(user: $0.user ?? url.user ?? Self.tokenUser(of: url.host), secret: $0.secret, source: $0.source)
        }
        return tokens + (access.usesHelpers ? [.helpers] : [])
    }

    /// The user that a kind of server wants beside a token; most take any.
    private static func tokenUser(of host: String) -> String {
        if host.contains("gitlab") { return "oauth2" }
        return host == "bitbucket.org" ? "x-token-auth" : "x-access-token"
    }

    /// Nil when this one has nothing to offer.
    private func present(
        _ offer: Offer, _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ named: String?, _ url: RemoteURL
    ) throws(GitError) -> Int32? {
        switch offer {
        case .password(let user, let secret, let source):
            offered.append(source)
            Secrets.register(user: user, password: secret)
            return git_credential_userpass_plaintext_new(out, user, secret)
        case .helpers:
            let asked = try CredentialHelpers(for: url)
            guard let answer = try asked.get(url) else { return nil }
            helpers = asked
            helperAnswer = answer
            offered.append("the credential helper")
            Secrets.register(user: answer.user, password: answer.password)
            return git_credential_userpass_plaintext_new(out, answer.user, answer.password)
        case .agent:
            offered.append("the SSH agent's keys")
            return git_credential_ssh_key_from_agent(out, named ?? "git")
        case .keyFile(let path):
            guard Glibc.access(path, R_OK) == 0 else { return nil }
            offered.append(path)
            let publicHalf = Glibc.access(path + ".pub", R_OK) == 0 ? path + ".pub" : nil
            return git_credential_ssh_key_new(out, named ?? "git", publicHalf, path, access.ssh.passphrase)
        }
    }

    private func rejectHelperAnswer(_ url: RemoteURL) throws(GitError) {
        guard let answer = helperAnswer else { return }
        helperAnswer = nil
        try helpers?.tell("erase", url, user: answer.user, password: answer.password)
    }

    /// Called after the exchange succeeded.
    func succeeded() throws(GitError) {
        guard let answer = helperAnswer, let url else { return }
        helperAnswer = nil
        try helpers?.tell("store", url, user: answer.user, password: answer.password)
    }

    private func exhausted(_ url: RemoteURL) -> String {
        if !offered.isEmpty { return "the server refused \(offered.joined(separator: ", "))" }
        return url.isHTTP
            ? "the server asks for credentials and there are none for \(url.host): set GRADUS_TOKEN or a credential helper"
            : "the server asks for a key and there is none: start an SSH agent, or set GRADUS_SSH_KEY to a private key's path"
    }

    /// Looks at a server's key or certificate.
    func check(_ certificate: UnsafeMutablePointer<git_cert>?, isValid: Bool) -> Int32 {
        guard let certificate, certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2, let url else {
            // libgit2 has verified the chain and the host name and is to go by that.
            return Int32(GIT_PASSTHROUGH.rawValue)
        }
        let key = UnsafeMutableRawPointer(certificate).assumingMemoryBound(to: git_cert_hostkey.self).pointee
        guard key.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let bytes = key.hostkey else {
            return refuse(.certificate, "the server shows no host key")
        }
        let raw = [UInt8](UnsafeRawBufferPointer(start: bytes, count: key.hostkey_len))
        var known = KnownHosts()
        for path in access.ssh.knownHosts {
            do throws(GitError) {
                if let text = try TextFile.read(path) { known.add(text, path: path) }
            } catch {
                return refuse(.certificate, error.description)
            }
        }
        let port = url.port ?? 22
        let place = port == 22 ? url.host : "[\(url.host)]:\(port)"
        let print = SSHFingerprint.of(raw)
        switch known.verdict(host: url.host, port: port, key: raw) {
        case .known: return 0
        case .changed(let line):
            return refuse(
                .certificate, "the host key of \(place) is \(print), not the one in \(line): the server has a new key, or somebody sits in between")
        case .otherType(let types):
            return refuse(
                .certificate,
                "the host key of \(place) is \(print), of a type that is not known there (known: \(types.joined(separator: ", "))): compare it and add it, see ssh-keyscan(1)")
        case .unknown:
            return refuse(
                .certificate,
                "the host key of \(place), \(print), is in none of \(access.ssh.knownHosts.joined(separator: ", ")): compare it with the server's and add it, see ssh-keyscan(1)")
        case .revoked(let line): return refuse(.certificate, "the host key of \(place) is revoked by \(line)")
        }
    }

    private func refuse(_ code: GitError.Code, _ message: String) -> Int32 {
        refusal = GitError.Refusal(code: code, message: message)
        git_error_set_str(Int32(GIT_ERROR_CALLBACK.rawValue), message)
        return code.rawValue
    }
}

extension GitError {
    /// Why a callback of ours stopped an exchange.
    struct Refusal {
        let code: Code
        let message: String
    }
}
