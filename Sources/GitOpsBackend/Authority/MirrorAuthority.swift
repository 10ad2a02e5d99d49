public import GitKit
internal import Glibc
internal import PromotionEngine

/// A remote behind a smart transport, with one bare mirror per URL that all runs share.
///
/// The mirror's references decide nothing: every look asks the remote, and fetches only what is missing.
public final class MirrorAuthority: Authority {
    public let repository: Repository
    public let name: String
    private let url: String

    /// Opens or creates the mirror below `cache`.
    ///
    /// - Parameter url: without secrets; they come by `access`.
    public init(url: String, cache: String, access remotes: RemoteAccess = RemoteAccess()) throws(GitError) {
        self.url = url
        name = RemoteURL.redacted(url)
        let path = "\(cache)/mirrors/\(Digest.sha256(url).prefix(32)).git"
        try Folders.create("\(cache)/mirrors")
        let lock = try FileLock(path: path + ".lock", timeoutMilliseconds: DirectAuthority.lockTimeout)
        repository = access(path + "/HEAD", F_OK) == 0 ? try Repository.open(at: path) : try Repository.createBare(at: path)
        repository.remoteAccess = remotes
        _ = consume lock
    }

    public func defaultBranch() throws(GitError) -> String? {
        try heads().first { $0.name == "HEAD" }?.symbolicTarget
    }

    /// Connects as for a push, and pushes nothing. Throws what the server answers to that.
    func requirePushAccess() throws(GitError) { _ = try repository.remoteHeads(url: url, forPush: true) }

    public func references(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
        try look { $0.hasPrefix(prefix) }
    }

    public func target(of reference: String) throws(GitError) -> ObjectID? {
        try look { $0 == reference }.first?.target
    }

    public func move(
        _ reference: String, from old: ObjectID?, to new: ObjectID, because reason: String
    ) throws(GitError) -> Bool {
        try change(PushUpdate(reference: reference, old: old, new: new))
    }

    public func replace(
        _ reference: String, from old: ObjectID?, to new: ObjectID?, because reason: String
    ) throws(GitError) -> Bool {
        try change(PushUpdate(reference: reference, old: old, new: new, rewinds: true))
    }

    private func change(_ update: PushUpdate) throws(GitError) -> Bool {
        FailPoint.pass("move.before")
        answer = nil
        defer { answer = nil }
        defer { FailPoint.pass("move.after") }
        switch try pushed(update) {
        case .accepted: return true
        case .lost, .notSent, nil: return false
        case .rejected(let reason):
            answer = nil
            // Another push got the server's lock first; its reference is another one now.
            if try target(of: update.reference) != update.old { return false }
            throw GitError(
                code: .declined, operation: "push to", subject: "\(name) \(update.reference)",
                message: "the server refused: \(Secrets.redacted(reason))")
        }
    }

    /// Pushes, and after a fault of the network asks what became of it: the push may have happened.
    private func pushed(_ update: PushUpdate) throws(GitError) -> PushResult? {
        try NetworkRetry.run { () throws(GitError) in
            do throws(GitError) {
                return try repository.push(url: url, [update]).first
            } catch where error.code == .network {
                answer = nil
                let now = try heads().first { $0.name == update.reference }?.id
                if now == update.new { return .accepted }
                if now != update.old { return .lost(current: now) }
                throw error
            }
        }
    }

    /// What the remote said last, and when.
    private var answer: (heads: [RemoteHead], at: Int)?
    /// One decision looks at several references in a row, and a look costs a connection. An answer this young is as good as a
    /// new one that took a little longer on its way; whatever is decided by it, the server compares once more.
    private static let freshMilliseconds = 100

    private func heads() throws(GitError) -> [RemoteHead] {
        if let answer, NetworkRetry.milliseconds() - answer.at < Self.freshMilliseconds { return answer.heads }
        let heads = try NetworkRetry.run { () throws(GitError) in try repository.remoteHeads(url: url) }
        answer = (heads, NetworkRetry.milliseconds())
        return heads
    }

    public func listing(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
        // The ledger is compared with what other processes of this machine have seen of it: it must not be older.
        answer = nil
        return try advertised { $0.hasPrefix(prefix) }
    }

    public func provide(_ reference: String, target: ObjectID) throws(GitError) {
        try fetch([(reference, target)])
    }

    /// Asks the remote, then fetches what of the answer is not here yet.
    private func look(_ isWanted: (String) -> Bool) throws(GitError) -> [(name: String, target: ObjectID)] {
        let found = try advertised(isWanted)
        try fetch(found)
        return found
    }

    private func advertised(_ isWanted: (String) -> Bool) throws(GitError) -> [(name: String, target: ObjectID)] {
        try heads().filter { isWanted($0.name) }.map { ($0.name, $0.id) }.sorted { $0.0 < $1.0 }
    }

    private func fetch(_ wanted: [(name: String, target: ObjectID)]) throws(GitError) {
        let missing = wanted.filter { !repository.contains($0.target) }
        if missing.isEmpty { return }
        let lock = try FileLock(
            path: repository.commonDirectory + "gradus.lock", timeoutMilliseconds: DirectAuthority.lockTimeout)
        let refspecs = missing.map { "+\($0.name):\($0.name)" }
        do throws(GitError) {
            try NetworkRetry.run { () throws(GitError) in try repository.fetch(url: url, refspecs: refspecs) }
        } catch where error.code == .locked {
            // A process that was killed while it fetched would block the mirror for good.
            for head in missing {
                _ = try removeStaleReferenceLock(
                    repository, head.name, unchangedForMilliseconds: DirectAuthority.staleLockAge, holding: lock)
            }
            try repository.fetch(url: url, refspecs: refspecs)
        }
        _ = try repository.packWhenScattered(holding: lock)
        _ = consume lock
        for head in missing where !repository.contains(head.target) {
            // The reference was rewound between the question and the fetch.
            throw GitError(
                code: .modified, operation: "fetch", subject: "\(name) \(head.name)",
                message: "the reference changed while it was fetched")
        }
    }
}

/// Folders that Gradus keeps outside repositories.
enum Folders {
    /// Creates the folder and those above it, for the user alone.
    static func create(_ path: String) throws(GitError) {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/" + part
            if mkdir(built, 0o700) != 0, errno != EEXIST {
                throw .refused("create the folder", built, String(cString: strerror(errno)))
            }
        }
    }
}
