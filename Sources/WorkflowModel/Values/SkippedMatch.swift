/// A path that fits the pattern of a discovery and is no service all the same.
public struct SkippedMatch: Sendable, Hashable {
    public var path: String
    /// Why it was left out, in words.
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
