/// How much one expression may cost: it comes from a repository, which is hostile.
enum Limits {
    /// Bytes of the text.
    static let length = 4_096
    /// Nested parts.
    static let depth = 64
    /// Evaluated nodes.
    static let steps = 20_000
    /// Items of a list, or bytes of a text, that an operation may make.
    static let size = 65_536
}
