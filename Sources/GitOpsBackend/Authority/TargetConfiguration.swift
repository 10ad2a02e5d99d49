internal import GitKit
internal import Manifests
internal import PromotionEngine

/// The part of `.gradus/config.yaml` that decides, read from the tip of the default branch (`design.md` section 3).
enum TargetConfiguration {
    static let path = ".gradus/config.yaml"

    /// The target branch that the file names; nil when there is no file or no such key.
    static func branch(at commit: ObjectID, in repository: Repository) throws -> String? {
        let tree = try repository.commit(commit).tree
        guard let entry = try repository.entry(at: path, inTree: tree), entry.mode.isFile else { return nil }
        do {
            let file = try ManifestFile(bytes: try repository.blob(entry.id), path: path)
            if try file.value(of: "ledger") != nil {
                throw PromotionError(
                    .usage, "\(path): `ledger` is not supported by this version of gradus",
                    hint: "the ledger is kept on refs/heads/gradus/ledger/ of this repository")
            }
            return try file.value(of: "branch")
        } catch let error as ManifestError {
            throw PromotionError(.usage, "\(path) cannot be read", faults: [error.description])
        }
    }
}
