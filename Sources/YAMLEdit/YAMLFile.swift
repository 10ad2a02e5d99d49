/// A parsed YAML or JSON file that keeps its original bytes.
///
/// Reading never changes anything; edits return new bytes in which only what was asked for differs.
public struct YAMLFile: Sendable {
    /// The root nodes of the documents in file order; an empty file has none.
    public let documents: [YAMLNode]
    let source: SourceText
    let limits: YAMLLimits

    /// Parses a file.
    ///
    /// - Parameter path: how messages name the file. JSON rules apply if it ends in `.json`.
    /// - Throws: ``YAMLError`` with places, for text that is not UTF-8 or not YAML, for duplicate keys (all of them at
    ///   once), and for what exceeds `limits`.
    public init(
        bytes: [UInt8], path: String, limits: YAMLLimits = .standard
    ) throws(YAMLError) {
        // The index of lines would cost more than the file, so its size is checked first.
        guard bytes.count <= limits.maxBytes else {
            throw YAMLError(
                code: .limit, operation: "read", subject: path,
                diagnostics: [
                    Diagnostic(
                        message: "the file has \(bytes.count) bytes; at most \(limits.maxBytes) are read",
                        path: path)
                ])
        }
        let source = SourceText(bytes: bytes, path: path)
        try TextScreening.check(source)
        self.source = source
        self.limits = limits
        documents = try TreeBuilder.documents(of: source, limits: limits)
    }

    /// How messages name the file.
    public var path: String { source.path }
    /// The file as it was given.
    public var bytes: [UInt8] { source.bytes }

    /// A diagnostic that points at a node.
    public func diagnostic(
        _ severity: Diagnostic.Severity, _ message: String, at node: YAMLNode, hint: String? = nil
    ) -> Diagnostic {
        source.diagnostic(severity, message, range: node.range, hint: hint)
    }

    /// The line and column of a byte offset; offsets outside the file are moved to its ends.
    public func position(ofByte offset: Int) -> SourcePosition {
        source.position(ofByte: offset)
    }

    /// The text of a line, 1 for the first, without its line break; empty outside the file.
    public func sourceLine(_ line: Int) -> String {
        source.line(line)
    }
}
