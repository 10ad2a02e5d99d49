/// What a path leads to.
public struct YAMLLocation: Sendable {
    /// Which document of the file, 0 for the first.
    public let documentIndex: Int
    /// The node as written there; it may be an alias.
    public let node: YAMLNode
    /// The path in its canonical form: list items by `name` where that is unique, the document by kind and name.
    public let path: YAMLPath
    /// The collections on the way, outermost first.
    let ancestors: [YAMLNode]
    /// The key of the entry whose value `node` is.
    let key: YAMLNode?

    var parent: YAMLNode? { ancestors.last }
}

extension YAMLLocation {
    /// For an edit at anchors: the same place as the file writes it, not as aliases and merge keys lead to it.
    func moved(toAnchorIn root: YAMLNode, _ access: PathWalk.Access) -> YAMLLocation {
        guard access == .writingAtAnchors else { return self }
        let wanted = node.resolved
        var ancestors: [YAMLNode] = []
        var key: YAMLNode?
        func descend(_ node: YAMLNode) -> Bool {
            if node === wanted { return true }
            ancestors.append(node)
            for item in node.items where descend(item) { return true }
            for entry in node.entries where descend(entry.value) {
                // Set by the innermost entry only: the recursion comes back from there.
                if ancestors.last === node { key = entry.key }
                return true
            }
            ancestors.removeLast()
            return false
        }
        guard descend(root) else { return self }
        return YAMLLocation(
            documentIndex: documentIndex, node: wanted, path: path, ancestors: ancestors, key: key)
    }
}
