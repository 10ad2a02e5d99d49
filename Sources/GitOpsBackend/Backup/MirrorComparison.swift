import GitKit
import Glibc
import PromotionEngine

/// Compares a mirror or clone with what a backup restored, and takes from it what contains the backup's state.
struct MirrorComparison {
    private let repository: Repository
    private let backup: [String: ObjectID]
    private let path: String
    private let mirror: Repository

    init(_ repository: Repository, _ references: [(name: String, target: ObjectID)], mirror path: String) throws {
        self.repository = repository
        self.path = path
        backup = Dictionary(references, uniquingKeysWith: { first, _ in first })
        do {
            mirror = try Repository.discover(from: path)
        } catch {
            throw PromotionError(
                .error, "the mirror '\(path)' cannot be used", causes: [error.description], hint: "name a clone or a bare repository with --mirror")
        }
    }

    /// Moves the restored references forward and tells every difference.
    func take() throws -> [RestoreReport.Difference] {
        let theirs = try branches()
        try copyObjects(of: theirs.values.filter { !repository.contains($0) })
        let joined = try Repository.open(at: repository.gitDirectory)
        return try Set(backup.keys).union(theirs.keys).sorted().map { name in
            let difference = try compare(name, backup[name], theirs[name], joined)
            if difference.isTaken, let target = theirs[name] {
                _ = try joined.moveReference(name, from: backup[name], to: target, logMessage: "gradus restore: from \(path)")
            }
            return difference
        }
    }

    /// The mirror's own branches; of a clone what it last saw of its origin.
    private func branches() throws -> [String: ObjectID] {
        let seen = "refs/remotes/origin/"
        let remote = try mirror.references(withPrefix: seen).filter { $0.name != seen + "HEAD" }
        if !remote.isEmpty {
            return Dictionary(remote.map { ("refs/heads/" + $0.name.dropFirst(seen.count), $0.target) }, uniquingKeysWith: { first, _ in first })
        }
        return Dictionary(try mirror.references(withPrefix: "refs/heads/"), uniquingKeysWith: { first, _ in first })
    }

    private func copyObjects(of commits: [ObjectID]) throws {
        guard !commits.isEmpty else { return }
        let file = repository.gitDirectory + "gradus-mirror.pack"
        let descriptor = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BackupWriter.fault("write", file) }
        defer {
            close(descriptor)
            unlink(file)
        }
        try mirror.writePack(reachableFrom: commits, to: descriptor)
        guard lseek(descriptor, 0, SEEK_SET) >= 0 else { throw BackupWriter.fault("read", file) }
        try repository.addPack(from: descriptor)
    }

    private func compare(_ name: String, _ ours: ObjectID?, _ theirs: ObjectID?, _ joined: Repository) throws -> RestoreReport.Difference {
        func difference(_ relation: RestoreReport.Relation, _ isTaken: Bool, _ meaning: String) -> RestoreReport.Difference {
            RestoreReport.Difference(
                reference: name, backup: ours?.hex, mirror: theirs?.hex, relation: relation, isTaken: isTaken, meaning: meaning)
        }
        guard let theirs else { return difference(.onlyBackup, false, "the mirror never saw it") }
        guard let ours else { return difference(.onlyMirror, true, "the backup is from before it was made") }
        if ours == theirs { return difference(.equal, false, "both agree") }
        let what = name.hasPrefix(LedgerNames.prefix) ? "record" : "commit"
        if try joined.isDescendant(theirs, of: ours) {
            return difference(.ahead, true, "the mirror knows \(try counted(what, from: theirs, excluding: ours, joined)) more")
        }
        if try joined.isDescendant(ours, of: theirs) {
            return difference(.behind, false, "the backup knows \(try counted(what, from: ours, excluding: theirs, joined)) more")
        }
        return difference(
            .diverged, false,
            "they part ways: \(try counted(what, from: ours, excluding: theirs, joined)) in the backup only, \(try counted(what, from: theirs, excluding: ours, joined)) in the mirror only; look before you go on")
    }

    /// `1 record`, `4 commits`.
    private func counted(_ what: String, from: ObjectID, excluding: ObjectID, _ joined: Repository) throws -> String {
        var count = 0
        try joined.walk(from: from, excluding: [excluding]) { _ throws(GitError) in
            count += 1
            return .next
        }
        return "\(count) \(what)\(count == 1 ? "" : "s")"
    }
}
