/// Why nothing could be learnt from the other side. An answer with a status of its own, such as 404, is no error here.
public struct WebError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure this is. More may come, so it is no closed list.
    public struct Code: Sendable, Hashable {
        private enum Kind: Sendable, Hashable {
            case invalidAddress, refusedAddress, unresolved, unreachable, timedOut, tls, tooLarge, missingSecret, protocolFault
            case configuration
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        /// No http or https address, or one with user name and password in it.
        public static let invalidAddress = Code(.invalidAddress)
        /// A loopback, link-local or private address, which the operator has not allowed.
        public static let refusedAddress = Code(.refusedAddress)
        /// The name has no address.
        public static let unresolved = Code(.unresolved)
        /// No connection, or one that broke.
        public static let unreachable = Code(.unreachable)
        /// No whole answer within the time allowed.
        public static let timedOut = Code(.timedOut)
        /// The server's certificate is not trusted, or no encrypted connection came about.
        public static let tls = Code(.tls)
        /// The answer is longer than the limit.
        public static let tooLarge = Code(.tooLarge)
        /// A variable or file that should hold a secret does not.
        public static let missingSecret = Code(.missingSecret)
        /// The answer is no HTTP.
        public static let protocolFault = Code(.protocolFault)
        /// A proxy or a file of certificates that makes no sense.
        public static let configuration = Code(.configuration)
    }

    public var code: Code
    /// What was tried, as an infinitive: "GET".
    public var operation: String
    /// What it was tried on: an address without query, a variable, a file.
    public var subject: String
    public var message: String
    /// How often it was tried.
    public var attempts: Int

    /// The texts pass the redactor.
    public init(_ code: Code, _ operation: String, _ subject: String, _ message: String, attempts: Int = 1) {
        self.code = code
        self.operation = operation
        self.subject = Redactor.shared.redact(subject)
        self.message = Redactor.shared.redact(message)
        self.attempts = attempts
    }

    public var description: String {
        "cannot \(operation) \(subject): \(message)" + (attempts > 1 ? " (tried \(attempts) times)" : "")
    }
}
