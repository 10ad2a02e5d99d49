import GitKit
public import WorkflowModel

/// The tree of one commit, for finding services and files in it.
///
/// Every folder is read once: looking up one path after the other would parse large folders again for each.
final class CommitTree: PathLister {
    private let repository: Repository
    private let tree: ObjectID
    /// Entries by name, by folder; nil for a path that is no folder.
    private var folders: [String: [String: TreeEntry]?] = [:]

    init(repository: Repository, tree: ObjectID) {
        self.repository = repository
        self.tree = tree
    }

    func entries(of folder: String) throws -> [PathEntry]? {
        try contents(of: folder)?.values.map { PathEntry(name: $0.name, isFolder: $0.mode == .tree) }
    }

    func isFolder(_ path: String) throws -> Bool? { try entry(path).map { $0.mode == .tree } }

    /// Nil when nothing is at the path.
    func entry(_ path: String) throws -> TreeEntry? {
        guard let slash = path.lastIndex(of: "/") else { return try contents(of: "")?[path] }
        return try contents(of: String(path[..<slash]))?[String(path[path.index(after: slash)...])]
    }

    /// Whether every folder that was looked into here has the same names in another tree: what was found by names then stands.
    ///
    /// Folders with the same id are not read: the cost follows what changed between the two trees.
    func namesStand(in other: CommitTree, below folder: String = "") throws -> Bool {
        guard let known = folders[folder], let mine = known else { return true }
        guard let theirs = try other.contents(of: folder), mine.count == theirs.count else { return false }
        for (name, entry) in mine {
            guard let now = theirs[name], (now.mode == .tree) == (entry.mode == .tree) else { return false }
            guard entry.mode == .tree, now.id != entry.id else { continue }
            guard try namesStand(in: other, below: folder.isEmpty ? name : folder + "/" + name) else { return false }
        }
        return true
    }

    private func contents(of folder: String) throws -> [String: TreeEntry]? {
        if let known = folders[folder] { return known }
        let id = folder.isEmpty ? tree : try entry(folder).flatMap { $0.mode == .tree ? $0.id : nil }
        let found = try id.map { id in
            Dictionary(try repository.tree(id).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        }
        folders[folder] = .some(found)
        return found
    }
}

extension GitDesiredState: TreeSource {
    public func tree(ofBranch branch: String?) throws -> (any PathLister)? { try commitTree(ofBranch: branch) }

    /// Nil when there is no such branch.
    func commitTree(ofBranch branch: String?) throws -> CommitTree? {
        guard let tip = try tipID(ofBranch: branch) else { return nil }
        if let known = commitTrees[tip] { return known }
        let tree = CommitTree(repository: repository, tree: try repository.commit(tip).tree)
        commitTrees[tip] = tree
        return tree
    }
}
