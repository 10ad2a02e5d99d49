import GitKit
import PromotionEngine
public import WorkflowModel
import YAMLEdit

/// The rules that were read for some services, and where.
struct ScopedRules {
    let folder: ObjectID
    let commit: ObjectID
    let services: Set<String>
    let rules: Rules
}

extension GitDesiredState {
    public func rules(of services: Set<String>?) throws -> Rules {
        guard let services else { return try allRules() }
        let commit = try currentTip()
        let folder = try repository.entry(at: RulesLoader.folder, inTree: try repository.commit(commit).tree)?.id
        if let known = scopedRules, known.folder == folder {
            let discovers = known.rules.workflows.contains(where: \.discovers)
            if !discovers || known.commit == commit && known.services == services { return known.rules }
        }
        let (rules, warnings) = try RulesLoader(repository: repository).rules(
            at: commit, branch: branch, trees: DirectTrees(desired: self), services: services)
        tellRuleWarnings(warnings.map(\.description))
        if let folder { scopedRules = ScopedRules(folder: folder, commit: commit, services: services, rules: rules) }
        return rules
    }
}

/// Trees for looking up a few paths: folders that lie on the way are searched and not kept.
private struct DirectTrees: TreeSource {
    let desired: GitDesiredState

    func tree(ofBranch branch: String?) throws -> (any PathLister)? {
        guard let tip = try desired.tipID(ofBranch: branch) else { return nil }
        return DirectTree(repository: desired.repository, tree: try desired.repository.commit(tip).tree)
    }
}

private struct DirectTree: PathLister {
    let repository: Repository
    let tree: ObjectID

    func entries(of folder: String) throws -> [PathEntry]? {
        var id = tree
        if !folder.isEmpty {
            guard let entry = try repository.entry(at: folder, inTree: tree), entry.mode == .tree else { return nil }
            id = entry.id
        }
        return try repository.tree(id).map { PathEntry(name: $0.name, isFolder: $0.mode == .tree) }
    }

    func isFolder(_ path: String) throws -> Bool? {
        try repository.entry(at: path, inTree: tree).map { $0.mode == .tree }
    }
}
