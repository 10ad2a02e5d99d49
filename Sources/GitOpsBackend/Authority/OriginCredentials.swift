import GitKit

/// What a clone's own configuration holds to reach its origin.
enum OriginCredentials {
    /// From the URL itself, and from the header that CI check-outs leave in `http.<url>.extraheader`.
    static func tokens(_ url: String, of clone: Repository) throws(GitError) -> [RemoteAccess.Token] {
        guard let parsed = RemoteURL(url), parsed.isHTTP else { return [] }
        var tokens: [RemoteAccess.Token] = []
        if parsed.holdsSecret, let user = parsed.user {
            // A token may stand in the place of the user.
            let (name, secret) = parsed.password.map { (user, $0) } ?? ("x-access-token", user)
            Secrets.register(user: name, password: secret)
            tokens.append(.init(host: parsed.host, user: name, secret: secret, source: "the origin's URL"))
        }
        let port = parsed.port.map { ":\($0)" } ?? ""
        if let header = try clone.configString("http.\(parsed.scheme)://\(parsed.host)\(port)/.extraheader"),
            let pair = BasicHeader.parse(header)
        {
            Secrets.register(user: pair.user, password: pair.password)
            tokens.append(.init(host: parsed.host, user: pair.user, secret: pair.password, source: "the clone's http.extraheader"))
        }
        return tokens
    }
}
