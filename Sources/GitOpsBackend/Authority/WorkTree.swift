import GitKit
import Glibc
import PromotionEngine

/// Keeps the files of a local authority in step with the branch that is checked out (`design.md` section 3).
///
/// Moving the branch and updating the files are two steps. A note in the Git folder stands while they are under way, so
/// that after a death in between the next run completes exactly what was begun, and never takes a person's own change
/// for a leftover.
struct WorkTree {
    let repository: Repository
    /// The target branch, as `refs/heads/main`.
    let branch: String

    private var note: String { repository.gitDirectory + "gradus-checkout" }

    /// One process at a time moves the branch and brings files up: index and note are one for all.
    ///
    /// The lock is not the one around moving a reference, which is taken inside.
    func exclusively<Answer>(_ body: () throws -> Answer) throws -> Answer {
        guard try isOnBranch() else { return try body() }
        let lock = try FileLock(path: note + ".lock", timeoutMilliseconds: DirectAuthority.lockTimeout)
        let answer = try body()
        _ = consume lock
        return answer
    }

    /// Only a work tree on the target branch has files to keep in step.
    func isOnBranch() throws(GitError) -> Bool {
        guard repository.workTree != nil else { return false }
        return try repository.symbolicTarget("HEAD") == branch
    }

    /// Refuses when a file has changes in the index or on disk that an update would lose.
    func checkClean(_ files: [String]) throws {
        guard try isOnBranch() else { return }
        var dirty: [String] = []
        for file in files where try !repository.worktreeState(of: file).isClean { dirty.append(file) }
        guard dirty.isEmpty else {
            throw PromotionError(
                .error, "files of the promotion have local changes: \(dirty.joined(separator: ", "))",
                hint: "commit or stash them: `git stash push -- \(dirty.joined(separator: " "))`")
        }
    }

    /// Notes that the branch is about to move to `commit`, which changes these files.
    func begin(_ files: [String], commit: ObjectID) throws {
        guard try isOnBranch() else { return }
        let document: JSONValue = [
            "commit": .string(commit.hex), "files": .array(files.map(JSONValue.string)),
        ]
        try DurableFile.write(note, document.canonicalText)
    }

    /// Brings the files up to the new tip after the branch has moved.
    func update(_ files: [String], to commit: ObjectID) throws {
        guard try isOnBranch() else { return }
        FailPoint.pass("checkout.before")
        try checkOut(files, from: try repository.commit(commit).tree)
        FailPoint.pass("checkout.after")
        try end()
    }

    /// Forgets the note: the branch did not move, or the files are in step.
    func end() throws { try DurableFile.remove(note) }

    /// Completes what a death between moving the branch and updating the files left.
    ///
    /// A noted file is brought up only if, in index and on disk, it is what it was before the noted commit or what that
    /// commit made of it: a death may come after the file was written and before the index was.
    func complete() throws {
        guard try DurableFile.read(note) != nil else { return }
        try exclusively { try completeNoted() }
    }

    private func completeNoted() throws {
        guard let text = try DurableFile.read(note) else { return }
        guard try isOnBranch(), let (commit, files) = try begun(text), let tip = try repository.target(of: branch),
            try repository.isDescendant(tip, of: commit.id)
        else { return try end() }
        let before = try commit.parents.first.map { parent throws(GitError) in try repository.commit(parent).tree }
        var left: [String] = []
        for file in files {
            let state = try repository.worktreeState(of: file)
            let old = try before.flatMap { tree throws(GitError) in try repository.entry(at: file, inTree: tree)?.id }
            let new = try repository.entry(at: file, inTree: commit.tree)?.id
            if state.index == new, state.file == new { continue }
            if [old, new].contains(state.index), [old, new].contains(state.file) { left.append(file) }
        }
        if !left.isEmpty { try checkOut(left, from: try repository.commit(tip).tree) }
        try end()
    }

    /// A git of the user's may hold the index for a moment; then it is tried again.
    private func checkOut(_ files: [String], from tree: ObjectID) throws(GitError) {
        for attempt in 1...Self.indexAttempts {
            do throws(GitError) {
                return try repository.checkOut(paths: files, from: tree)
            } catch where error.code == .locked && attempt < Self.indexAttempts {
                usleep(100_000)
            }
        }
    }

    private static let indexAttempts = 50

    /// Nil for a note that is not whole, or of a commit that does not exist: then the branch did not move either.
    private func begun(_ text: String) throws -> (commit: Commit, files: [String])? {
        guard let document = DurableFile.json(text), let id = document["commit"]?.stringValue.flatMap(ObjectID.init(hex:)),
            case .array(let items)? = document["files"], repository.contains(id)
        else { return nil }
        return (try repository.commit(id), items.compactMap(\.stringValue))
    }
}
