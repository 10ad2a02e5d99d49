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

    /// Resolves a work tree, a bare repository or a URL.
    ///
    /// - Parameters:
    ///   - branch: overrides the branch that the repository's HEAD and `.gradus/config.yaml` name.
    ///   - cache: folder for mirrors, `$XDG_CACHE_HOME/gradus`.
    /// - Throws: `PromotionError` when there is no repository, it is empty, or it has no such branch.
    public init(_ place: String, branch: String?, cache: String, warn: @escaping (String) -> Void) throws {
        do {
            let (authority, clone, isLocal) = try Self.authority(place, cache: cache, warn: warn)
            self.authority = authority
            self.clone = clone
            let resolved = try Self.branch(named: branch, of: authority)
            self.branch = resolved
            workTree = isLocal ? WorkTree(repository: authority.repository, branch: resolved) : nil
        } catch let error as GitError {
            throw PromotionError(
                .error, "the repository '\(RemoteURL.redacted(place))' cannot be used", causes: [error.description],
                hint: Self.hint(for: error))
        }
    }

    private static func hint(for error: GitError) -> String {
        if error.code == .auth { return "give credentials that may read it; `git ls-remote URL` tries them without gradus" }
        let isReading = error.operation.hasPrefix("read ") && !error.operation.contains("configuration")
        return isReading || error.code == .mismatch
            ? "`git fsck` there names what is damaged; bring it back from another clone or a backup"
            : "name a work tree, a bare repository or a URL with --repo"
    }

    private static func authority(
        _ place: String, cache: String, warn: @escaping (String) -> Void
    ) throws -> (any Authority, clone: Repository?, isLocal: Bool) {
        // A URL names a remote, also on this machine: its hooks and settings count, as they would for a push.
        if let path = RemoteURL.filePath(place) { return (try remote(path, named: place, warn), nil, false) }
        if let path = localPath(place) {
            let repository = path == "." ? try Repository.discover(from: path) : try opened(path)
            guard let origin = try deciding(repository) else {
                let name = repository.workTree ?? repository.gitDirectory
                return (try DirectAuthority(repository, name: name, role: .embedded, warn: warn), repository, true)
            }
            guard let target = localPath(origin) else { return (try MirrorAuthority(url: origin, cache: cache), repository, false) }
            let base = repository.workTree ?? repository.gitDirectory
            let resolved = target.hasPrefix("/") ? target : base + "/" + target
            return (try remote(resolved, named: origin, warn), repository, false)
        }
        return (try MirrorAuthority(url: place, cache: cache), nil, false)
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
