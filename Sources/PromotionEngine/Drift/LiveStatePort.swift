/// What one source tells of what runs in a cell.
public struct LiveState: Sendable, Hashable {
    /// The source, as it is declared.
    public let source: String
    /// The commit that the agent applied; nil where the source knows none.
    public let revision: String?
    /// How it differs from what Git holds, as a clause; nil: it does not.
    public let difference: String?

    public init(source: String, revision: String?, difference: String?) {
        self.source = source
        self.revision = revision
        self.difference = difference
    }
}

/// Asks what runs. Health sources that can tell it are asked; without any, `drift` compares files and records alone.
public protocol LiveStatePort: AnyObject {
    /// Asks each source of the stage that knows; empty where none does. Throws when one cannot be asked.
    ///
    /// - Parameters:
    ///   - wrote: the values that the promotion wrote.
    ///   - carries: whether a commit that an agent names holds all that the promotion wrote.
    func live(at watch: HealthWatch, wrote: [String], carries: (_ revision: String) throws -> Bool) throws -> [LiveState]
}
