import GitKit
internal import Glibc
import PromotionEngine

/// Makes a fresh bare repository out of a backup, and verifies it before it is there.
public struct BackupRestore {
    private let file: String

    public init(_ file: String) { self.file = file }

    /// Restores to a path at which nothing is yet, or an empty folder.
    ///
    /// All is done in a folder beside it, which takes the path only after everything held: the objects' hashes, the
    /// manifest's digests, the chain. After a death in between, nothing is at the path.
    ///
    /// - Parameter mirror: another copy that may know more, such as a clone: what contains the backup's state is taken.
    /// - Throws: `PromotionError` when the file is no whole backup or something in it does not hold.
    public func restore(to path: String, mirror: String? = nil) throws -> RestoreReport {
        var status = stat()
        if lstat(path, &status) == 0, rmdir(path) != 0 {
            throw PromotionError(
                .usage, "\(path) exists and is no empty folder", hint: "name a new folder with --repo: a restore never writes over anything")
        }
        let scratch = path + ".gradus-\(getpid())"
        ScratchFolder.remove(scratch)
        do {
            let report = try build(in: scratch, for: path, mirror)
            guard rename(scratch, path) == 0 else { throw BackupWriter.fault("create", path) }
            return report
        } catch {
            ScratchFolder.remove(scratch)
            throw error
        }
    }

    private func build(in scratch: String, for path: String, _ mirror: String?) throws -> RestoreReport {
        let (header, manifest, branch) = try unpack(into: scratch)
        let repository = try Repository.open(at: scratch)
        try checkFiles(manifest, repository)
        for (name, target) in header.references { try place(name, target, in: repository) }
        let authority = try DirectAuthority(repository, name: path, role: .embedded, warn: { _ in })
        let audit = try LedgerAudit(authority).verify()
        if let fault = audit.fault { throw damaged(fault) }
        guard audit.head == manifest.head, audit.records == manifest.records else {
            throw damaged("its ledger ends in record \(audit.records), \(audit.headHash), but its manifest says \(manifest.records), \(manifest.head?.hash ?? "none")")
        }
        guard let mirror else { return RestoreReport(manifest: manifest, path: path, audit: audit, differences: []) }
        let differences = try MirrorComparison(repository, header.references, mirror: mirror).take()
        let after = try LedgerAudit(authority).verify(since: manifest.head, branch: branch)
        if let fault = after.fault {
            throw PromotionError(
                .error, "with what \(mirror) knows more the ledger does not hold together", causes: [fault],
                hint: "restore without --mirror, and look at the mirror with `gradus audit verify --repo \(mirror)`")
        }
        return RestoreReport(manifest: manifest, path: path, audit: after, differences: differences)
    }

    /// Reads the file into a new repository: objects, and nothing that names them yet.
    private func unpack(into scratch: String) throws -> (header: BundleHeader, manifest: BackupManifest, branch: String) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupWriter.fault("read", file) }
        defer { close(descriptor) }
        do {
            let text = try headerText(descriptor)
            var header = try BundleHeader(parsing: text)
            guard lseek(descriptor, off_t(text.utf8.count), SEEK_SET) >= 0 else { throw BackupWriter.fault("read", file) }
            guard let position = header.references.firstIndex(where: { $0.name == BackupWriter.manifestReference }) else {
                throw RecordFault("it is a bundle, but none of gradus: it has no \(BackupWriter.manifestReference)")
            }
            let commit = header.references.remove(at: position).target
            let first = try Repository.createBare(at: scratch)
            try first.addPack(from: descriptor)
            // Opened anew, so that the pack is looked into.
            let repository = try Repository.open(at: scratch)
            let manifest = try self.manifest(commit, repository)
            let expected = Dictionary(header.references.map { ($0.name, $0.target.hex) }, uniquingKeysWith: { first, _ in first })
            guard expected == manifest.references else { throw RecordFault("its references are not those of its manifest") }
            guard expected[manifest.branch] != nil else { throw RecordFault("it does not hold its target branch \(manifest.branch)") }
            try DurableFile.write(repository.gitDirectory + "HEAD", "ref: \(manifest.branch)\n", synced: false)
            return (header, manifest, manifest.branch)
        } catch let fault as RecordFault {
            throw damaged(fault.description)
        } catch let error as GitError {
            throw damaged(error.description)
        }
    }

    /// Up to and with the empty line that ends it.
    private func headerText(_ descriptor: Int32) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < BundleHeader.largest {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw BackupWriter.fault("read", file) }
            if count == 0 { break }
            let from = max(0, bytes.count - 1)
            bytes += buffer[..<count]
            for position in from..<max(from, bytes.count - 1) where bytes[position] == 0x0A && bytes[position + 1] == 0x0A {
                return String(decoding: bytes[...(position + 1)], as: UTF8.self)
            }
        }
        throw RecordFault("it is no Git bundle")
    }

    private func manifest(_ commit: ObjectID, _ repository: Repository) throws -> BackupManifest {
        let tree = try repository.commit(commit).tree
        guard let entry = try repository.entry(at: BackupWriter.manifestFile, inTree: tree) else {
            throw RecordFault("it has no \(BackupWriter.manifestFile)")
        }
        return try BackupManifest(parsing: String(decoding: try repository.blob(entry.id), as: UTF8.self))
    }

    private func checkFiles(_ manifest: BackupManifest, _ repository: Repository) throws {
        guard let tip = manifest.references[manifest.branch].flatMap(ObjectID.init(hex:)) else { return }
        let tree = try repository.commit(tip).tree
        for file in manifest.files {
            guard let entry = try repository.entry(at: file.path, inTree: tree) else { throw damaged("it lacks \(file.path)") }
            let bytes = try repository.blob(entry.id)
            guard Digest.sha256(bytes) == file.sha256 else { throw damaged("\(file.path) is not what its manifest says") }
        }
    }

    private func place(_ name: String, _ target: ObjectID, in repository: Repository) throws {
        guard name.hasPrefix("refs/heads/") else { throw damaged("'\(name)' is no branch") }
        guard try repository.moveReference(name, from: nil, to: target, logMessage: "gradus restore") == .moved else {
            throw damaged("\(name) stands in it twice")
        }
    }

    private func damaged(_ why: String) -> PromotionError {
        PromotionError(
            .error, "\(file) cannot be restored", causes: [why],
            hint: "use an older backup, or the clones that still verify: `gradus audit verify --repo CLONE`")
    }
}
