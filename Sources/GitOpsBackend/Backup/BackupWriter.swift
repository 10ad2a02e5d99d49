import GitKit
internal import Glibc
public import PromotionEngine

/// Writes everything that gradus needs into one file, a Git bundle with a manifest.
public struct BackupWriter {
    /// The reference of the bundle that holds the manifest; it is restored nowhere.
    static let manifestReference = "refs/gradus/backup"
    static let manifestFile = "manifest.json"
    /// The folders whose files the manifest lists by digest.
    private static let folders = ["workflows", "environments", "templates", ".gradus"]

    private let location: RepositoryLocation

    public init(_ location: RepositoryLocation) { self.location = location }

    private var repository: Repository { location.authority.repository }

    /// Writes the file, which must not exist. Only a ledger that verifies is backed up.
    ///
    /// Nothing is written to the repository itself: the manifest is made in a folder beside the file.
    ///
    /// - Throws: `PromotionError` when the ledger is broken, the file exists or cannot be written.
    public func write(to path: String, at now: Instant) throws -> BackupManifest {
        guard access(path, F_OK) != 0 else {
            throw PromotionError(.usage, "\(path) exists already", hint: "name a new file: a backup never replaces another")
        }
        let references = try location.authority.references(withPrefix: "refs/heads/")
        let report = try LedgerAudit(location).verify()
        if let fault = report.fault {
            throw PromotionError(
                .error, "the ledger does not hold together, so it is not backed up", causes: [fault],
                hint: report.hint ?? "`gradus audit verify` tells more; `git bundle create FILE --all` keeps what is there as it is")
        }
        let manifest = BackupManifest(
            createdAt: now, repository: location.authority.name, branch: location.branch,
            references: Dictionary(references.map { ($0.name, $0.target.hex) }, uniquingKeysWith: { first, _ in first }),
            head: report.head, records: report.records, segments: report.segments, files: try files())
        let scratch = path + ".gradus-\(getpid())"
        defer { ScratchFolder.remove(scratch) }
        try write(manifest, references, scratch, to: path)
        return manifest
    }

    private func write(
        _ manifest: BackupManifest, _ references: [(name: String, target: ObjectID)], _ scratch: String, to path: String
    ) throws {
        let maker = try Repository.createBare(at: scratch)
        // Objects are read from the repository and written to the scratch folder (gitrepository-layout, alternates).
        try DurableFile.write(maker.gitDirectory + "objects/info/alternates", repository.commonDirectory + "objects\n", synced: false)
        let joined = try Repository.open(at: scratch)
        let blob = try joined.writeBlob(Array((manifest.json.prettyText + "\n").utf8))
        let tree = try joined.updatingTree(nil, [.set(path: Self.manifestFile, id: blob, mode: .blob)])
        let commit = try joined.createCommit(
            tree: tree, parents: [], author: Committer.gradus(at: manifest.createdAt), committer: Committer.gradus(at: manifest.createdAt),
            message: "Backup of \(manifest.repository)\n")
        let all = references + [(Self.manifestReference, commit)]
        let temporary = scratch + "/bundle"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.fault("write", path) }
        defer { close(descriptor) }
        let header = Array(BundleHeader(all).text.utf8)
        guard Glibc.write(descriptor, header, header.count) == header.count else { throw Self.fault("write", path) }
        try joined.writePack(reachableFrom: all.map(\.1), to: descriptor)
        // Linked, not renamed, so that a file that came meanwhile is not replaced.
        guard fsync(descriptor) == 0, link(temporary, path) == 0 else { throw Self.fault("write", path) }
    }

    private func files() throws -> [BackupManifest.File] {
        guard let tip = try location.authority.target(of: location.branch) else { return [] }
        let tree = try repository.commit(tip).tree
        var files: [BackupManifest.File] = []
        for folder in Self.folders {
            guard let entry = try repository.entry(at: folder, inTree: tree), entry.mode == .tree else { continue }
            for change in try repository.changes(fromTree: nil, toTree: entry.id) {
                guard let side = change.new, side.mode.isFile else { continue }
                let bytes = try repository.blob(side.id)
                files.append(.init(path: "\(folder)/\(change.path)", sha256: Digest.sha256(bytes), bytes: bytes.count))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    static func fault(_ operation: String, _ path: String) -> PromotionError {
        PromotionError(.error, "cannot \(operation) \(path): \(String(cString: strerror(errno)))")
    }
}
