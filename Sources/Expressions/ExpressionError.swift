/// What is wrong with an expression, with its place in the text.
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One-based, counted in characters.
    public let column: Int
    public let message: String

    init(_ message: String, at column: Int) {
        self.column = column
        self.message = message
    }

    public var description: String { "column \(column): \(message)" }
}
