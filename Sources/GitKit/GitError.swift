/// Why an operation on a repository did not succeed.
public struct GitError: Error, Sendable, Hashable {
    /// libgit2's return code. Unknown codes survive, so a newer library loses nothing.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public var rawValue: Int32

        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// Anything without a code of its own; the message decides.
        public static let generic = Code(rawValue: -1)
        /// The object, reference or path does not exist.
        public static let notFound = Code(rawValue: -3)
        /// Something is in the place that was to be created.
        public static let exists = Code(rawValue: -4)
        /// More than one object fits an abbreviation.
        public static let ambiguous = Code(rawValue: -5)
        /// A callback of this library stopped the operation.
        public static let cancelled = Code(rawValue: -7)
        /// The operation needs a work tree and the repository is bare.
        public static let bareRepository = Code(rawValue: -8)
        /// HEAD names a branch without commits.
        public static let unbornBranch = Code(rawValue: -9)
        /// The new commit does not contain the old one.
        public static let nonFastForward = Code(rawValue: -11)
        /// A name or path that Git does not allow.
        public static let invalidName = Code(rawValue: -12)
        /// A file stands where a folder is needed, or the reverse.
        public static let conflict = Code(rawValue: -13)
        /// A lock is held by another process, or was left behind by one that died.
        public static let locked = Code(rawValue: -14)
        /// The value is not the expected one any more.
        public static let modified = Code(rawValue: -15)
        /// The server wants credentials, or refused those given.
        public static let auth = Code(rawValue: -16)
        /// The server's certificate or host key is not trusted.
        public static let certificate = Code(rawValue: -17)
        /// The peer closed the connection.
        public static let endOfFile = Code(rawValue: -20)
        /// An argument or operation that makes no sense here.
        public static let invalid = Code(rawValue: -21)
        /// An object's bytes do not have the hash of its name: the repository is damaged.
        public static let mismatch = Code(rawValue: -33)
        /// The network or the server is at fault for now: the same again may succeed. Not a code of libgit2.
        public static let network = Code(rawValue: -10_001)
        /// The server's own rules say no: a hook, a protected branch. Not a code of libgit2.
        public static let declined = Code(rawValue: -10_002)
        /// The repository belongs to another user, see `safe.directory` in git-config(1).
        public static let owner = Code(rawValue: -36)
    }

    /// What kind of failure this is.
    public var code: Code
    /// What was tried, as an infinitive: "open the repository".
    public var operation: String
    /// What it was tried on: a path, reference, id or URL (without credentials).
    public var subject: String
    /// The reason, in libgit2's or the system's words.
    public var message: String

    public init(code: Code, operation: String, subject: String, message: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.message = message
    }
}

extension GitError: CustomStringConvertible {
    /// One full sentence: what failed, on what, and why.
    public var description: String {
        let reason = message.hasSuffix(".") ? String(message.dropLast()) : message
        return "Could not \(operation) '\(subject)': \(reason)."
    }
}

extension GitError {
    /// An argument that is refused before any library is asked.
    static func refused(_ operation: String, _ subject: String, _ message: String, code: Code = .invalid) -> GitError {
        GitError(code: code, operation: operation, subject: subject, message: message)
    }
}
