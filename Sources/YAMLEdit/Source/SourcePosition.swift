/// A place in a file, as a person and as a program counts it.
public struct SourcePosition: Sendable, Hashable, Comparable {
    /// The line, 1 for the first. Lines end with LF, CRLF or CR.
    public var line: Int
    /// The column in characters (Unicode scalars), 1 for the first. A byte order mark is not counted.
    public var column: Int
    /// The offset in bytes from the start of the file, byte order mark included.
    public var offset: Int

    public init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// Orders places of one file.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        left.offset < right.offset
    }
}
