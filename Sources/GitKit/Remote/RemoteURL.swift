import Glibc

/// A remote's URL, taken apart: `scheme://user:password@host:port/path`, or `user@host:path` for SSH.
public struct RemoteURL: Hashable, Sendable {
    /// In lower case.
    public let scheme: String
    public let user: String?
    public let password: String?
    /// In lower case, without brackets.
    public let host: String
    public let port: Int?
    public let path: String
    private let isShort: Bool

    /// Nil for a path, and for what is no URL of a server.
    public init?(_ url: String) {
        if let mark = url.firstRange(of: "://") {
            scheme = url[..<mark.lowerBound].lowercased()
            let rest = url[mark.upperBound...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            path = String(rest[authority.endIndex...])
            isShort = false
            let parts = Self.parts(authority)
            guard let parts, !parts.host.isEmpty else { return nil }
            (user, password, host, port) = parts
        } else {
            guard !Self.isLocal(url), let colon = url.firstIndex(of: ":") else { return nil }
            let parts = Self.parts(url[..<colon])
            guard let parts, !parts.host.isEmpty else { return nil }
            scheme = "ssh"
            (user, password, host, port) = (parts.user, parts.password, parts.host, nil)
            path = String(url[url.index(after: colon)...])
            isShort = true
        }
    }

    private static func parts(
        _ authority: Substring
    ) -> (user: String?, password: String?, host: String, port: Int?)? {
        var place = authority
        var (user, password): (String?, String?) = (nil, nil)
        if let at = authority.lastIndex(of: "@") {
            let names = authority[..<at]
            place = authority[authority.index(after: at)...]
            let colon = names.firstIndex(of: ":")
            user = decoded(names[..<(colon ?? names.endIndex)])
            password = colon.map { decoded(names[names.index(after: $0)...]) }
        }
        var port: Int?
        var host = place
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            host = place[place.index(after: place.startIndex)..<end]
            let after = place[place.index(after: end)...]
            if after.hasPrefix(":") { port = Int(after.dropFirst()) }
        } else if let colon = place.lastIndex(of: ":") {
            host = place[..<colon]
            port = Int(place[place.index(after: colon)...])
        }
        return (user, password, host.lowercased(), port)
    }

    /// Without `%XX` (RFC 3986 section 2.1).
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var position = 0
        while position < source.count {
            if source[position] == UInt8(ascii: "%"), position + 2 < source.count,
                let value = UInt8(String(decoding: source[position + 1...position + 2], as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                position += 3
            } else {
                bytes.append(source[position])
                position += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the URL carries a secret: a password, or for HTTP a token in the place of the user.
    public var holdsSecret: Bool { password != nil || isHTTP && (user?.utf8.count ?? 0) >= 30 }

    public var isHTTP: Bool { scheme == "http" || scheme == "https" }

    /// The URL without any secret; a plain user name stays, because it names an account.
    public static func withoutSecrets(_ url: String) -> String {
        guard let parsed = RemoteURL(url), parsed.holdsSecret else { return url }
        let name = parsed.password == nil || parsed.user?.isEmpty != false ? nil : parsed.user
        let kept = name.flatMap { $0.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) } ? $0 + "@" : nil } ?? ""
        let host = parsed.host.contains(":") ? "[\(parsed.host)]" : parsed.host
        if parsed.isShort { return "\(kept)\(host):\(parsed.path)" }
        return "\(parsed.scheme)://\(kept)\(host)\(parsed.port.map { ":\($0)" } ?? "")\(parsed.path)"
    }

    /// The URL without user name, password, query or fragment, fit for messages.
    public static func redacted(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        return String(url[..<scheme.upperBound] + host + path)
    }

    /// The path that a `file://` URL means, with `%20` and the like decoded; nil for anything else.
    ///
    /// The only host that it may name is this one: none or `localhost` (RFC 8089). A `%` without two hexadecimal digits stays.
    public static func filePath(_ url: String) -> String? {
        guard url.lowercased().hasPrefix("file://") else { return nil }
        var path = url.dropFirst("file://".count)
        if path.lowercased().hasPrefix("localhost/") { path = path.dropFirst("localhost".count) }
        return decoded(path)
    }

    /// Whether Git would reach the remote through the file system: a path, or `file://`.
    ///
    /// `host:path` is SSH unless a folder of that name exists, as libgit2 decides it.
    public static func isLocal(_ url: String) -> Bool {
        if url.lowercased().hasPrefix("file://") { return true }
        if url.firstRange(of: "://") != nil { return false }
        let head = url.prefix { $0 != "/" }
        guard head.contains(":") else { return true }
        var status = stat()
        return stat(url, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
