public import GitKit
internal import Glibc
import PromotionEngine

/// A repository as the user named it, resolved to the authority that decides.
public struct RepositoryLocation {
    public let authority: any Authority
    /// The target branch, as `refs/heads/main`.
    public let branch: String
    /// The repository on this machine that was named, for its configuration; nil for a URL.
    public let clone: Repository?
    /// The local authority's own repository; nil when a remote decides, whose clone here is never touched.
    let workTree: WorkTree?
    /// Opens another repository that an environment names.
    let reach: (String) throws -> any Authority

    /// Resolves a work tree, a bare repository or a URL.
    ///
    /// - Parameters:
    ///   - branch: overrides the branch that the repository's HEAD and `.gradus/config.yaml` name.
    ///   - cache: folder for mirrors, `$XDG_CACHE_HOME/gradus`.
    /// - Throws: `PromotionError` when there is no repository, it is empty, or it has no such branch.
    public init(
        _ place: String, branch: String?, cache: String, access: RemoteAccess = RemoteAccess(), warn: @escaping (String) -> Void
    ) throws {
        if RemoteURL(place)?.holdsSecret == true {
            throw PromotionError(
                .usage, "the URL of '\(RemoteURL.redacted(place))' holds a password or token",
                hint: "name the URL without it, and give the token by GRADUS_TOKEN, GRADUS_TOKEN_FILE or a credential helper")
        }
        do {
            let (authority, clone, isLocal) = try Self.authority(place, cache: cache, access: access, warn: warn)
            self.authority = authority
            self.clone = clone
            let resolved = try Self.branch(named: branch, of: authority)
            self.branch = resolved
            let mayReachPaths = authority is DirectAuthority
            reach = { try Self.other($0, cache: cache, access: authority is MirrorAuthority ? authority.repository.remoteAccess : access, mayReachPaths, warn) }
            workTree = isLocal ? WorkTree(repository: authority.repository, branch: resolved) : nil
        } catch let error as GitError {
            throw PromotionError(
                error.code == .auth ? .notPermitted : .error, "the repository '\(RemoteURL.redacted(place))' cannot be used",
                causes: [error.description], hint: Self.hint(for: error))
        }
    }

    private static func hint(for error: GitError) -> String {
        switch error.code {
        case .auth:
            return "check GRADUS_TOKEN, the credential helper or the SSH key (docs/remotes.md); `git ls-remote URL` tries them without gradus"
        case .certificate: return "trust the server by GIT_SSL_CAINFO or known_hosts; see docs/remotes.md"
        case .network: return "run the same command again when the network or the server is well: nothing is done twice"
        default:
            let isReading = error.operation.hasPrefix("read ") && !error.operation.contains("configuration")
            return isReading || error.code == .mismatch
                ? "`git fsck` there names what is damaged; bring it back from another clone or a backup"
                : "name a work tree, a bare repository or a URL with --repo"
        }
    }

    private static func authority(
        _ place: String, cache: String, access: RemoteAccess, warn: @escaping (String) -> Void
    ) throws -> (any Authority, clone: Repository?, isLocal: Bool) {
        // A URL names a remote, also on this machine: its hooks and settings count, as they would for a push.
        if let path = RemoteURL.filePath(place) { return (try remote(path, named: place, warn), nil, false) }
        if let path = localPath(place) {
            let repository = path == "." ? try Repository.discover(from: path) : try opened(path)
            guard let origin = try deciding(repository) else {
                let name = repository.workTree ?? repository.gitDirectory
                return (try DirectAuthority(repository, name: name, role: .embedded, warn: warn), repository, true)
            }
            guard let target = localPath(origin) else { return (try mirror(of: origin, cache, access, repository), repository, false) }
            let base = repository.workTree ?? repository.gitDirectory
            let resolved = target.hasPrefix("/") ? target : base + "/" + target
            return (try remote(resolved, named: origin, warn), repository, false)
        }
        return (try mirror(of: place, cache, access, nil), nil, false)
    }

    /// Rules come from a repository: they may name a path on this machine only where the repository itself is one.
    private static func other(
        _ place: String, cache: String, access: RemoteAccess, _ mayReachPaths: Bool, _ warn: @escaping (String) -> Void
    ) throws -> any Authority {
        guard let path = localPath(place) else { return try MirrorAuthority(url: place, cache: cache, access: access) }
        guard mayReachPaths else {
            throw GitError(
                code: .invalid, operation: "open the repository", subject: place,
                message: "rules of a remote repository may not name paths on this machine")
        }
        return try remote(path, named: place, warn)
    }

    /// A clone's origin may hold a password, as CI systems write it there: it is used, and stands in no file of ours.
    private static func mirror(
        of url: String, _ cache: String, _ access: RemoteAccess, _ clone: Repository?
    ) throws(GitError) -> MirrorAuthority {
        var remotes = access.bound(to: url)
        if let clone { remotes.tokens += try OriginCredentials.tokens(url, of: clone) }
        return try MirrorAuthority(url: RemoteURL.withoutSecrets(url), cache: cache, access: remotes)
    }

    /// The remote that decides instead of the repository itself; nil when there is none.
    ///
    /// `git clone --bare` notes where it was cloned from, but nothing to fetch: such a repository is an origin, not a copy of one.
    private static func deciding(_ repository: Repository) throws(GitError) -> String? {
        if repository.isBare, try repository.configString("remote.origin.fetch") == nil { return nil }
        return try repository.remoteURL("origin")
    }

    /// A folder inside a work tree means that work tree, as with git.
    private static func opened(_ path: String) throws(GitError) -> Repository {
        do throws(GitError) {
            return try Repository.open(at: path)
        } catch where error.code == .notFound {
            return try Repository.discover(from: path)
        }
    }

    private static func remote(_ path: String, named name: String, _ warn: @escaping (String) -> Void) throws -> DirectAuthority {
        try DirectAuthority(try Repository.open(at: path), name: name, role: .remote, warn: warn)
    }

    /// The path of a place on this machine; nil for a URL of a smart transport.
    private static func localPath(_ place: String) -> String? {
        if let path = RemoteURL.filePath(place) { return path }
        return RemoteURL.isLocal(place) || access(place, F_OK) == 0 ? place : nil
    }

    private static func branch(named name: String?, of authority: any Authority) throws -> String {
        let fallback = try authority.defaultBranch()
        if let name {
            let full = name.hasPrefix("refs/heads/") ? name : "refs/heads/\(name)"
            guard try authority.target(of: full) != nil else { throw missing(full, authority) }
            return full
        }
        guard let fallback else {
            throw PromotionError(
                .error, "HEAD of \(authority.name) names no branch", hint: "name the target branch with --branch")
        }
        guard let tip = try authority.target(of: fallback) else { throw missing(fallback, authority) }
        guard let configured = try TargetConfiguration.branch(at: tip, in: authority.repository) else { return fallback }
        let full = "refs/heads/\(configured)"
        guard try authority.target(of: full) != nil else { throw missing(full, authority) }
        return full
    }

    private static func missing(_ branch: String, _ authority: any Authority) -> PromotionError {
        let name = branch.dropFirst("refs/heads/".count)
        return PromotionError(
            .error, "\(authority.name) has no branch '\(name)'",
            hint: "commit to it first, or name the target branch with --branch")
    }
}
