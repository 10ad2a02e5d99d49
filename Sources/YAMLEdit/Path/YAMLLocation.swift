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
