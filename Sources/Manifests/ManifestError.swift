public import YAMLEdit

/// Why a manifest could not be read or updated.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is. New codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case yaml, notThisKind, notFound, ambiguous, invalidArgument, ineffective
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// The file cannot be parsed or edited; ``ManifestError/underlying`` says why.
        public static let yaml = Code(.yaml)
        /// The file is not the kind of manifest that the update needs.
        public static let notThisKind = Code(.notThisKind)
        /// The image, source or field does not exist.
        public static let notFound = Code(.notFound)
        /// Several documents, sources or entries fit.
        public static let ambiguous = Code(.ambiguous)
        /// Something else in the file wins over the field, so that a new value would do nothing.
        public static let ineffective = Code(.ineffective)
        /// An argument is not in its grammar.
        public static let invalidArgument = Code(.invalidArgument)
    }

    public var code: Code
    /// What was tried, as "set image `web`".
    public var operation: String
    /// The file, or the argument.
    public var subject: String
    /// At least one; the first says what went wrong.
    public var diagnostics: [Diagnostic]
    public var underlying: YAMLError?

    public init(
        code: Code, operation: String, subject: String, diagnostics: [Diagnostic],
        underlying: YAMLError? = nil
    ) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.diagnostics = diagnostics
        self.underlying = underlying
    }

    /// All diagnostics, one after the other.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }

    static func yaml(_ error: YAMLError, operation: String) -> ManifestError {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .ambiguous: .ambiguous
            default: .yaml
            }
        return ManifestError(
            code: code, operation: operation, subject: error.subject, diagnostics: error.diagnostics,
            underlying: error)
    }

    static func fault(
        _ code: Code, _ operation: String, _ message: String, at node: YAMLNode, in file: YAMLFile, hint: String? = nil
    ) -> ManifestError {
        ManifestError(
            code: code, operation: operation, subject: file.path,
            diagnostics: [file.diagnostic(.error, message, at: node, hint: hint)])
    }

    static func invalidArgument(_ text: String, _ message: String) -> ManifestError {
        ManifestError(
            code: .invalidArgument, operation: "parse image argument", subject: text,
            diagnostics: [
                Diagnostic(
                    message: message, hint: "write [NAME=]NEWNAME[:TAG][@DIGEST]", path: "<argument>",
                    position: SourcePosition(line: 1, column: 1, offset: 0), length: text.count,
                    sourceLine: text)
            ])
    }
}
