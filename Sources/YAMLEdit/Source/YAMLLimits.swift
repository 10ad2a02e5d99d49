/// What a file may cost: repository content is hostile.
public struct YAMLLimits: Sendable, Hashable {
    /// The largest file in bytes.
    public var maxBytes: Int
    /// The deepest nesting of collections, also when every alias is replaced by what it names.
    public var maxDepth: Int
    /// The most nodes as written.
    public var maxNodes: Int
    /// The most aliases as written.
    public var maxAliases: Int
    /// The most nodes when every alias is replaced by what it names.
    public var maxExpandedNodes: Int

    public init(
        maxBytes: Int = 16 << 20, maxDepth: Int = 200, maxNodes: Int = 2_000_000,
        maxAliases: Int = 10_000, maxExpandedNodes: Int = 4_000_000
    ) {
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
        self.maxNodes = maxNodes
        self.maxAliases = maxAliases
        self.maxExpandedNodes = maxExpandedNodes
    }

    /// The limits for files of a repository: 16 MiB, 200 levels.
    public static let standard = YAMLLimits()
}
