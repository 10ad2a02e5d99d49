/// An http or https address, read strictly: what another reader might understand differently is refused.
///
/// There is no user name or password in it: those come from the environment or files, never from an address.
public struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    /// In lower case; an IPv6 address without brackets.
    public let host: String
    public let port: Int
    /// The path and, after a question mark, the query; begins with `/`.
    public let target: String

    /// Throws `invalidAddress` with the reason.
    public init(_ text: String) throws(WebError) {
        func invalid(_ why: String) -> WebError { WebError(.invalidAddress, "use the address", text, why) }
        guard let mark = text.firstRange(of: "://") else { throw invalid("it must begin with http:// or https://") }
        switch text[..<mark.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw invalid("it must begin with http:// or https://")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw invalid("it holds a character that must be percent-encoded")
        }
        let rest = text[mark.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else {
            throw invalid("it holds a user name or password; give them by `token_env` or a file")
        }
        let tail = rest[authority.endIndex...]
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
        let (name, digits) = try Self.split(authority, invalid)
        guard !name.isEmpty else { throw invalid("it names no host") }
        host = name.lowercased()
        guard let digits else {
            port = isSecure ? 443 : 80
            return
        }
        guard let number = Int(digits), (1...65_535).contains(number), digits.utf8.allSatisfy(Ascii.isDigit) else {
            throw invalid("'\(digits)' is no port")
        }
        port = number
    }

    private static func split(
        _ authority: Substring, _ invalid: (String) -> WebError
    ) throws(WebError) -> (host: String, port: Substring?) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("a bracket is not closed") }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard IPAddress(String(host))?.isVersion6 ?? false else { throw invalid("'\(host)' is no IPv6 address") }
            guard rest.isEmpty || rest.hasPrefix(":") else { throw invalid("'\(rest)' is no port") }
            return (String(host), rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let host = parts[0]
        let isName = host.utf8.allSatisfy {
            Ascii.isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard isName else { throw invalid("'\(host)' is no host name") }
        return (String(host), parts.count > 1 ? parts[1] : nil)
    }

    private init(_ other: WebAddress, target: String) {
        isSecure = other.isSecure
        host = other.host
        port = other.port
        self.target = target
    }

    /// The address of something below this one: segments are encoded, the query is appended. A query of its own is dropped.
    public func appending(_ segments: String..., query: [(String, String)] = []) -> WebAddress {
        appending(segments, query: query)
    }

    /// As above, with the segments in a list.
    public func appending(_ segments: [String], query: [(String, String)] = []) -> WebAddress {
        let base = target.prefix { $0 != "?" }
        let start = base.hasSuffix("/") ? String(base.dropLast()) : String(base)
        let path = ([start] + segments.map(Percent.encode)).joined(separator: "/")
        return WebAddress(self, target: (path.isEmpty ? "/" : path) + (query.isEmpty ? "" : "?" + Percent.query(query)))
    }

    /// Where the connection goes: `host:port`.
    public var origin: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    public var description: String {
        let standard = port == (isSecure ? 443 : 80)
        let place = host.contains(":") ? "[\(host)]" : host
        return (isSecure ? "https://" : "http://") + place + (standard ? "" : ":\(port)") + target
    }

    /// Without the query, which may hold what is nobody's business; for messages.
    public var shown: String { String(description.prefix { $0 != "?" }) }
}
