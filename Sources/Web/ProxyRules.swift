/// Through which proxy a host is reached, by the variables that other programs read too: `HTTPS_PROXY`, `HTTP_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`, in either case.
///
/// A proxy is the operator's word, so its own address may be private. Names that go through it are resolved by it.
public struct ProxyRules: Sendable, Hashable {
    /// Where a proxy listens and how one proves who asks.
    public struct Proxy: Sendable, Hashable {
        public let host: String
        public let port: Int
        let user: String?
        let password: Secret?
    }

    private var http: Proxy?
    private var https: Proxy?
    /// Lower-case names, suffixes and addresses that are reached directly; `*` stands for all.
    private var exceptions: [String] = []

    public init() {}

    /// Throws `configuration` for a proxy's address that cannot be read.
    public init(environment: [String: String]) throws(WebError) {
        func value(_ name: String) -> String? {
            let text = environment[name.lowercased()] ?? environment[name] ?? ""
            return text.isEmpty ? nil : text
        }
        let all = value("ALL_PROXY")
        if let text = value("HTTP_PROXY") ?? all { http = try Self.proxy(text) }
        if let text = value("HTTPS_PROXY") ?? all { https = try Self.proxy(text) }
        exceptions = (value("NO_PROXY") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// Nil: directly.
    public func proxy(for address: WebAddress) -> Proxy? {
        guard let proxy = address.isSecure ? https : http, !isExcepted(address) else { return nil }
        return proxy
    }

    private func isExcepted(_ address: WebAddress) -> Bool {
        exceptions.contains { rule in
            if rule == "*" { return true }
            let parts = rule.split(separator: ":", maxSplits: 1)
            let isOtherPort = parts.count == 2 && IPAddress(rule) == nil && Int(parts[1]).map { $0 != address.port } ?? false
            if isOtherPort { return false }
            let name = parts.count == 2 && IPAddress(rule) == nil ? String(parts[0]) : rule
            let suffix = name.hasPrefix("*.") ? String(name.dropFirst()) : name.hasPrefix(".") ? name : ".\(name)"
            return address.host == name || address.host.hasSuffix(suffix)
        }
    }

    /// `http://user:password@host:port`, or without its scheme.
    private static func proxy(_ text: String) throws(WebError) -> Proxy {
        let scheme = text.firstRange(of: "://").map { text[..<$0.lowerBound].lowercased() } ?? "http"
        guard scheme == "http" else {
            throw WebError(.configuration, "use the proxy", text, "only http:// proxies are known, not \(scheme)://")
        }
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { $0 != "/" }
        let at = authority.lastIndex(of: "@")
        let pair = at.map { authority[..<$0].split(separator: ":", maxSplits: 1).map(String.init) } ?? []
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        let address = try WebAddress("http://\(place)")
        return Proxy(
            host: address.host, port: address.port, user: pair.first, password: pair.count > 1 ? Secret(pair[1]) : nil)
    }
}
