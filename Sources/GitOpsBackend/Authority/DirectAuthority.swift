internal import Glibc
public import GitKit

/// A repository on this machine whose references are written directly, never by `git_remote_push`: libgit2's local
/// transport overwrites a reference that moved meanwhile and reports success (`design.md` section 3).
public final class DirectAuthority: Authority {
    /// Whose rules apply to a write.
    public enum Role: Sendable {
        /// The user's own repository: a commit there runs no server hooks.
        case embedded
        /// Somebody's `origin`, reached by path: what its server side would enforce must not be bypassed.
        case remote
    }

    public let repository: Repository
    public let name: String
    let role: Role
    /// Told when something is removed that another process left behind.
    private let warn: (String) -> Void

    static let lockTimeout = 120_000
    static let staleLockAge = 5_000

    public init(_ repository: Repository, name: String, role: Role, warn: @escaping (String) -> Void) throws(GitError) {
        self.repository = repository
        self.name = name
        self.role = role
        self.warn = warn
        try repository.setDurableWrites()
    }

    public func defaultBranch() throws(GitError) -> String? {
        try repository.symbolicTarget("HEAD")
    }

    public func references(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
        try repository.references(withPrefix: prefix)
    }

    public func target(of reference: String) throws(GitError) -> ObjectID? {
        try repository.target(of: reference)
    }

    public func move(
        _ reference: String, from old: ObjectID?, to new: ObjectID, because reason: String
    ) throws(GitError) -> Bool {
        try replace(reference, from: old, to: new, because: reason)
    }

    public func replace(
        _ reference: String, from old: ObjectID?, to new: ObjectID?, because reason: String
    ) throws(GitError) -> Bool {
        if role == .remote { try ReceiveRules.check(repository, name: name, reference: reference) }
        let lock = try FileLock(
            path: repository.commonDirectory + "gradus.lock", timeoutMilliseconds: Self.lockTimeout)
        FailPoint.pass("move.before")
        defer { FailPoint.pass("move.after") }
        do throws(GitError) {
            return try moved(reference, from: old, to: new, because: reason)
        } catch where error.code == .locked {
            // A process that was killed between locking and renaming blocks the reference for good.
            let removed = try removeStaleReferenceLock(
                repository, reference, unchangedForMilliseconds: Self.staleLockAge, holding: lock)
            if let removed { warn("removed \(removed), which nobody had touched for 5 seconds") }
        }
        do throws(GitError) {
            return try moved(reference, from: old, to: new, because: reason)
        } catch where error.code == .locked {
            // Another tool's push has it now, and will have moved the reference: a lost race.
            return false
        }
    }

    /// An interruption by hand waits for the end: a lock of Git's outlives the process that took it.
    private func moved(
        _ reference: String, from old: ObjectID?, to new: ObjectID?, because reason: String
    ) throws(GitError) -> Bool {
        try Uninterrupted.run { () throws(GitError) in
            guard let new else {
                guard let old else { return try repository.target(of: reference) == nil }
                return try repository.deleteReference(reference, expecting: old) == .moved
            }
            return try repository.moveReference(reference, from: old, to: new, logMessage: reason) == .moved
        }
    }
}
