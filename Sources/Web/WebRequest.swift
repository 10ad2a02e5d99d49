/// What is asked of a server.
public struct WebRequest: Sendable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    public var method: Method
    public var address: WebAddress
    /// Without credentials, which have a place of their own.
    public var headers: [(name: String, value: String)]
    public var credentials: Credentials?
    public var body: [UInt8]?
    /// Seconds for one attempt, from the look-up of the name to the last byte.
    public var timeout: Double
    /// Bytes of the answer's body.
    public var sizeLimit: Int
    /// How often it is tried again after a network fault or 429, 502, 503, 504.
    public var retries: Int
    /// To be asked twice is the same as to be asked once. Others are repeated only when no connection came about.
    public var isIdempotent: Bool
    /// A 429 is waited out and tried again. False for callers that read the server's own limits.
    public var waitsWhenLimited = true
    /// How many redirects are followed. With credentials none ever is: the 3xx is then the answer.
    public var redirects: Int

    public init(
        _ method: Method = .get, _ address: WebAddress, headers: [(name: String, value: String)] = [],
        credentials: Credentials? = nil, body: [UInt8]? = nil, timeout: Double = 30, sizeLimit: Int = 8 << 20,
        retries: Int = 2, isIdempotent: Bool? = nil, redirects: Int = 0
    ) {
        self.method = method
        self.address = address
        self.headers = headers
        self.credentials = credentials
        self.body = body
        self.timeout = timeout
        self.sizeLimit = sizeLimit
        self.retries = retries
        self.isIdempotent = isIdempotent ?? (method != .post && method != .patch)
        self.redirects = redirects
    }

    /// A request with a JSON text as its body. The content type is exactly `application/json`: some servers take nothing else.
    public static func json(_ method: Method, _ address: WebAddress, _ text: String, credentials: Credentials? = nil) -> WebRequest {
        WebRequest(
            method, address, headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
            credentials: credentials, body: Array(text.utf8))
    }
}

/// A server's whole answer, whatever its status.
public struct WebResponse: Sendable {
    public let status: Int
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]
    /// How many times the request was sent.
    public let attempts: Int

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], attempts: Int = 1) {
        self.status = status
        self.headers = headers
        self.body = body
        self.attempts = attempts
    }

    public var isSuccess: Bool { (200..<300).contains(status) }
    /// The body as UTF-8; what is none is replaced by U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The first header of that name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
