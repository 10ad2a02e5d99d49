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
