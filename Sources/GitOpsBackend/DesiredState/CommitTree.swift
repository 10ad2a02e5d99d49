import GitKit
public import WorkflowModel

/// The tree of one commit, for finding services and files in it.
struct CommitTree: PathLister {
    let repository: Repository
    let tree: ObjectID

    func entries(of folder: String) throws -> [PathEntry]? {
        guard let id = try folderID(folder) else { return nil }
        return try repository.tree(id).map { PathEntry(name: $0.name, isFolder: $0.mode == .tree) }
    }

    func isFolder(_ path: String) throws -> Bool? {
        try repository.entry(at: path, inTree: tree).map { $0.mode == .tree }
    }

    private func folderID(_ folder: String) throws -> ObjectID? {
        if folder.isEmpty { return tree }
        guard let entry = try repository.entry(at: folder, inTree: tree), entry.mode == .tree else { return nil }
        return entry.id
    }
}

extension GitDesiredState: TreeSource {
    public func tree(ofBranch branch: String?) throws -> (any PathLister)? {
        guard let tip = try tipID(ofBranch: branch) else { return nil }
        return CommitTree(repository: repository, tree: try repository.commit(tip).tree)
    }
}
