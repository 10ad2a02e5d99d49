/// Why a file could not be read, or an edit not be made.
///
/// Every fault has its place in ``diagnostics``.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is. New codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case encoding, syntax, duplicateKey, limit, recursiveAlias, invalidPath, notFound, ambiguous
            case wrongKind, throughAlias, notRepresentable, conflictingEdits, verification
        }
        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// Not UTF-8, or with characters that YAML forbids.
        public static let encoding = Code(.encoding)
        /// Not YAML.
        public static let syntax = Code(.syntax)
        /// A mapping holds a key twice.
        public static let duplicateKey = Code(.duplicateKey)
        /// Larger than ``YAMLLimits`` allow.
        public static let limit = Code(.limit)
        /// An alias inside the node that it names.
        public static let recursiveAlias = Code(.recursiveAlias)
        /// The text is no path.
        public static let invalidPath = Code(.invalidPath)
        /// The path leads nowhere.
        public static let notFound = Code(.notFound)
        /// The path fits several documents or list items.
        public static let ambiguous = Code(.ambiguous)
        /// A scalar was expected where a collection stands, or the reverse.
        public static let wrongKind = Code(.wrongKind)
        /// The value belongs to an anchor that other places use too.
        public static let throughAlias = Code(.throughAlias)
        /// The style or tag at that place cannot hold the value.
        public static let notRepresentable = Code(.notRepresentable)
        /// Two edits of one call touch the same bytes.
        public static let conflictingEdits = Code(.conflictingEdits)
        /// The edited file did not read back as intended, so it was not handed out.
        public static let verification = Code(.verification)
    }

    public var code: Code
    /// What was tried: "read", "edit", "parse path".
    public var operation: String
    /// The file (or path text) it was tried on.
    public var subject: String
    /// At least one; the first says what went wrong.
    public var diagnostics: [Diagnostic]

    public init(code: Code, operation: String, subject: String, diagnostics: [Diagnostic]) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.diagnostics = diagnostics
    }

    /// All diagnostics, one after the other.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
