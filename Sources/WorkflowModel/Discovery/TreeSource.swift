/// The trees in which services are looked for, one for each branch of the repository.
public protocol TreeSource {
    /// The tree at the tip of a branch, of the target branch for nil; nil when there is no such branch.
    func tree(ofBranch branch: String?) throws -> (any PathLister)?
}

/// One tree whatever the branch, such as a work tree's.
public struct SingleTree: TreeSource {
    private let tree: any PathLister

    public init(_ tree: any PathLister) { self.tree = tree }

    public func tree(ofBranch branch: String?) -> (any PathLister)? { branch == nil ? tree : nil }
}
