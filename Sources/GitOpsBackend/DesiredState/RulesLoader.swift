import GitKit
import PromotionEngine
import WorkflowModel
import YAMLEdit

/// Reads the rules of one commit: the files of `workflows/`.
struct RulesLoader {
    static let folder = "workflows"
    let repository: Repository

    /// Throws a usage error with all faults when a file is invalid, or when there is no workflow.
    func rules(at commit: ObjectID, branch: String, trees: any TreeSource, services: Set<String>? = nil) throws -> (rules: Rules, warnings: [Diagnostic]) {
        let (rules, diagnostics) = RulesReader.read(try files(at: commit, branch: branch), trees: trees, services: services)
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw PromotionError(
                .usage, "the rules on \(branch) hold \(errors.count) error\(errors.count == 1 ? "" : "s")",
                hint: "mend them and run `gradus validate`", faults: errors.map(\.description))
        }
        return (rules, diagnostics)
    }

    func files(at commit: ObjectID, branch: String) throws -> [RuleFile] {
        let tree = try repository.commit(commit).tree
        guard let folder = try repository.entry(at: Self.folder, inTree: tree), folder.mode == .tree else {
            throw PromotionError(
                .usage, "\(branch) has no folder '\(Self.folder)/'", hint: "write a workflow file into it and commit it")
        }
        var files: [RuleFile] = []
        for entry in try repository.tree(folder.id) where entry.mode == .blob || entry.mode == .executable {
            guard entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".yml") else { continue }
            files.append(
                RuleFile(
                    path: "\(Self.folder)/\(entry.name)", bytes: try repository.blob(entry.id), blobID: entry.id.hex))
        }
        guard !files.isEmpty else {
            throw PromotionError(
                .usage, "'\(Self.folder)/' on \(branch) holds no .yaml file", hint: "write a workflow file into it and commit it")
        }
        return files
    }
}
