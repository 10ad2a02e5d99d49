/// What the operator of this machine allows and knows about its network. Never read from a promoted repository.
public struct WebConfiguration: Sendable {
    /// Requests may go to loopback, link-local and private addresses.
    public var allowsPrivateAddresses: Bool
    /// A PEM file of the authorities to trust instead of the system's.
    public var certificateFile: String?
    /// Seconds to wait for a connection.
    public var connectTimeout: Double
    public var proxies: ProxyRules
    /// Waits that many seconds before another attempt.
    public var pause: @Sendable (Double) -> Void
    /// A number from 0 to 1 that spreads attempts.
    public var jitter: @Sendable () -> Double

    public init(
        allowsPrivateAddresses: Bool = false, certificateFile: String? = nil, connectTimeout: Double = 5,
        proxies: ProxyRules = ProxyRules(), pause: (@Sendable (Double) -> Void)? = nil,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.certificateFile = certificateFile
        self.connectTimeout = connectTimeout
        self.proxies = proxies
        self.pause = pause ?? Pause.seconds
        self.jitter = jitter
    }

    /// From `GRADUS_ALLOW_PRIVATE_ADDRESSES=1`, `SSL_CERT_FILE` and the variables of proxies. Throws for a proxy that is none.
    ///
    /// - Parameter allowsPrivateAddresses: what the operator's own configuration file says; the variable adds to it.
    public init(environment: [String: String], allowsPrivateAddresses: Bool = false) throws(WebError) {
        let file = environment["SSL_CERT_FILE"] ?? ""
        self.init(
            allowsPrivateAddresses: allowsPrivateAddresses || environment["GRADUS_ALLOW_PRIVATE_ADDRESSES"] == "1",
            certificateFile: file.isEmpty ? nil : file, proxies: try ProxyRules(environment: environment))
    }
}
