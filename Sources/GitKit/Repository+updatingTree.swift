import CLibgit2

extension Repository {
    /// Stores a tree that is `base` with some changes, and returns its id. Moves no reference.
    ///
    /// Everything not named stays the same object. The order of the changes does not matter.
    ///
    /// - Parameter base: the tree to start from; nil for the empty tree.
    /// - Throws: `.invalidName` for a path that Git does not allow (`..`, `.git`, absolute); `.invalid` if two changes
    ///   touch one path, or one lies inside the other; `.notFound` if a path to remove, or an object, does not exist;
    ///   `.conflict` if a file stands where a folder is needed, or a folder where a file is to be put.
    public func updatingTree(_ base: ObjectID?, _ changes: [TreeChange]) throws(GitError) -> ObjectID {
        let root = TreePlan()
        for change in changes {
            try root.add(change, Names.components(of: change.path, TreePlan.operation))
        }
        if let base { _ = try lookUpTree(base, TreePlan.operation) }
        return try build(root, on: base, at: "").id
    }

    /// Stores one folder and, first, the folders below it that change.
    ///
    /// git_tree_create_updated does not fit: it keeps folders that became empty, which Git never has.
    private func build(
        _ plan: TreePlan, on base: ObjectID?, at prefix: String
    ) throws(GitError) -> (id: ObjectID, isEmpty: Bool) {
        let operation = TreePlan.operation
        let subject = prefix.isEmpty ? "/" : prefix
        let builder = try treeBuilder(on: base, subject)
        for (name, node) in plan.nodes {
            let path = prefix + name
            let present = try git_treebuilder_get(builder.pointer, name).map { (lent) throws(GitError) -> TreeEntry in
                try entry(lent, operation, path)
            }
            switch node {
            case .change(.remove):
                guard present != nil else {
                    throw .refused(operation, path, "it is not in the tree", code: .notFound)
                }
                try check(operation, path) { git_treebuilder_remove(builder.pointer, name) }
            case .change(.set(_, let id, let mode)):
                guard present?.mode != .tree || mode == .tree else {
                    throw .refused(operation, path, "a folder is in the way", code: .conflict)
                }
                try insert(id, mode, name, path, into: builder)
            case .folder(let below):
                guard present == nil || present?.mode == .tree else {
                    throw .refused(operation, path, "it is not a folder", code: .conflict)
                }
                let built = try build(below, on: present?.id, at: path + "/")
                if !built.isEmpty {
                    try insert(built.id, .tree, name, path, into: builder)
                } else if present != nil {
                    try check(operation, path) { git_treebuilder_remove(builder.pointer, name) }
                }
            }
        }
        var oid = git_oid()
        try check(operation, subject) { git_treebuilder_write(&oid, builder.pointer) }
        return (ObjectID(oid), git_treebuilder_entrycount(builder.pointer) == 0)
    }

    private func treeBuilder(on base: ObjectID?, _ subject: String) throws(GitError) -> Handle {
        guard let base else {
            return try Handle(TreePlan.operation, subject, free: git_treebuilder_free) {
                git_treebuilder_new(&$0, pointer, nil)
            }
        }
        let tree = try lookUpTree(base, TreePlan.operation)
        return try Handle(TreePlan.operation, subject, free: git_treebuilder_free) {
            git_treebuilder_new(&$0, pointer, tree.pointer)
        }
    }

    private func insert(
        _ id: ObjectID, _ mode: FileMode, _ name: String, _ path: String, into builder: borrowing Handle
    ) throws(GitError) {
        let builder = builder.pointer
        // libgit2 checks that the object exists but, for blobs, reports it without saying which path wanted it.
        guard mode == .commit || contains(id) else {
            throw .refused(TreePlan.operation, path, "the object \(id) does not exist here", code: .notFound)
        }
        var oid = id.oid
        try check(TreePlan.operation, path) { git_treebuilder_insert(nil, builder, name, &oid, mode.cMode) }
    }
}

/// The changes of one folder, by name. A class, because folders are filled in place.
private final class TreePlan {
    enum Node {
        case change(TreeChange)
        case folder(TreePlan)
    }

    static let operation = "change the path"

    private(set) var nodes: [String: Node] = [:]

    func add(_ change: TreeChange, _ components: [String]) throws(GitError) {
        var plan = self
        for component in components.dropLast() {
            switch plan.nodes[component] {
            case .folder(let below): plan = below
            case .change(let other): throw Self.overlap(change, other.path)
            case nil:
                let below = TreePlan()
                plan.nodes[component] = .folder(below)
                plan = below
            }
        }
        guard let name = components.last else { return }
        guard plan.nodes[name] == nil else { throw Self.overlap(change, change.path) }
        plan.nodes[name] = .change(change)
    }

    private static func overlap(_ change: TreeChange, _ other: String) -> GitError {
        .refused(operation, change.path, "another change of the same update touches '\(other)'")
    }
}
