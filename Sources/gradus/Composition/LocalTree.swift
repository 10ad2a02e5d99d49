import GitOpsBackend
import Glibc
import WorkflowModel

/// A work tree's files as they stand on disk; other branches come from the repository that decides.
final class LocalTree: OverlaySource, PathLister {
    /// With a slash at its end.
    private let root: String
    private let others: GitDesiredState

    init(_ root: String, others: GitDesiredState) {
        self.root = root.hasSuffix("/") ? root : root + "/"
        self.others = others
    }

    func tree(ofBranch branch: String?) throws -> (any PathLister)? {
        isHere(branch) ? self : try others.tree(ofBranch: branch)
    }

    func bytes(of path: String, onBranch branch: String?) throws -> [UInt8]? {
        guard isHere(branch) else { return try others.bytes(of: path, onBranch: branch) }
        return isFolder(path) == false ? try LocalFile.read(root + path) : nil
    }

    private func isHere(_ branch: String?) -> Bool { branch == nil || branch == others.branch }

    func entries(of folder: String) throws -> [PathEntry]? {
        guard folder.isEmpty || isFolder(folder) == true else { return nil }
        // Git's own folder is no part of the tree.
        return try LocalFile.entries(root + folder).filter { !folder.isEmpty || $0.name != ".git" }
    }

    func isFolder(_ path: String) -> Bool? {
        var status = stat()
        // Links are not followed, as in a commit's tree.
        guard lstat(root + path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
