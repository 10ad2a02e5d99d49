import GitKit
import PromotionEngine

/// Loads from a checkpoint's tree only what is asked for.
struct CheckpointReader {
    let repository: Repository
    let tree: ObjectID

    /// One file's document; nil when there is no such file.
    func json(_ path: String) throws -> JSONValue? {
        guard let entry = try repository.entry(at: path, inTree: tree) else { return nil }
        return try parse(try repository.blob(entry.id), path)
    }

    func parse(_ bytes: [UInt8], _ path: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw damaged(path, "\(error)")
        }
    }

    /// The names of all services that the checkpoint knows.
    func serviceNames() throws -> [String] {
        guard let entry = try repository.entry(at: "services", inTree: tree) else { return [] }
        return try repository.tree(entry.id).map(\.name)
    }

    /// One service with the releases that its facts name and those of `versions`; nil: all releases.
    func service(_ name: String, versions: Set<String>?, recent: Bool = false) throws -> ServiceState {
        guard let cells = try json(CheckpointFiles.cells(name)), let open = try json(CheckpointFiles.open(name)) else {
            return ServiceState()
        }
        do {
            var state = try CheckpointFiles.service(cells: cells, open: open)
            if let versions {
                for version in state.neededVersions(touched: versions).union(recent ? state.recentVersions : []).sorted() {
                    guard let release = try json(CheckpointFiles.release(name, version)) else { continue }
                    try CheckpointFiles.readRelease(release, into: &state)
                }
            } else {
                for release in try allReleases(of: name) { try CheckpointFiles.readRelease(release, into: &state) }
            }
            return state
        } catch let fault as RecordFault {
            throw damaged("services/\(name)", fault.description)
        }
    }

    private func allReleases(of name: String) throws -> [JSONValue] {
        let folder = "services/\(name)/releases"
        guard let entry = try repository.entry(at: folder, inTree: tree) else { return [] }
        var releases: [JSONValue] = []
        for spread in try repository.tree(entry.id) {
            for file in try repository.tree(spread.id) {
                releases.append(try parse(try repository.blob(file.id), "\(folder)/\(spread.name)/\(file.name)"))
            }
        }
        return releases
    }

    private func damaged(_ path: String, _ why: String) -> PromotionError {
        PromotionError(
            .error, "the ledger's checkpoint file \(path) is damaged", causes: [why], hint: SegmentReader.verifyHint)
    }
}
