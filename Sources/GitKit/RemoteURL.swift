import Glibc

/// What can be said about a remote's URL without connecting to it.
public enum RemoteURL {
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
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
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
