/// What a remote's URL says about where its forge is and what the forge calls the repository.
struct RemotePlace: Hashable {
    /// `http` or `https`: that of the remote; `https` for other transports.
    let scheme: String
    /// In lower case; nil for a path on this machine.
    let host: String?
    /// Of http and https only: the port of SSH says nothing about the API.
    let port: Int?
    /// Without empty ones, and without the `.git` of the last one.
    let components: [String]
    let isHTTP: Bool

    init(_ url: String) {
        var rest = url[...]
        var scheme = ""
        if let mark = url.firstRange(of: "://") {
            scheme = url[..<mark.lowerBound].lowercased()
            rest = url[mark.upperBound...]
        } else if let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/") {
            // `user@host:path`
            scheme = "ssh"
            rest = url[..<colon] + "/" + url[url.index(after: colon)...]
        }
        let hasHost = !scheme.isEmpty && scheme != "file"
        let authority = hasHost ? rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" } : rest.prefix(0)
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let (name, digits) = Self.split(place)
        isHTTP = scheme == "http" || scheme == "https"
        self.scheme = scheme == "http" ? "http" : "https"
        host = hasHost && !name.isEmpty ? Self.main(name.lowercased()) : nil
        port = isHTTP ? digits.flatMap { Int($0) } : nil
        let path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        var components = path.split(separator: "/").map(String.init)
        if let last = components.last, last.hasSuffix(".git"), last.count > 4 {
            components[components.count - 1] = String(last.dropLast(4))
        }
        self.components = components
    }

    private static func split(_ place: Substring) -> (Substring, Substring?) {
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            let after = place[place.index(after: end)...]
            return (place[place.index(after: place.startIndex)..<end], after.hasPrefix(":") ? after.dropFirst() : nil)
        }
        guard let colon = place.lastIndex(of: ":") else { return (place, nil) }
        return (place[..<colon], place[place.index(after: colon)...])
    }

    /// The hosts that the public services offer for SSH through port 443 stand for the services.
    private static func main(_ host: String) -> String {
        switch host {
        case "ssh.github.com": "github.com"
        case "altssh.gitlab.com": "gitlab.com"
        case "altssh.bitbucket.org": "bitbucket.org"
        default: host
        }
    }
}
