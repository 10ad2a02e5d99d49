public import PromotionEngine
internal import Web

/// Finds the forge of a remote.
public enum Forges {
    /// The forge that holds the pull requests of a remote; nil when none is known for it, or none is wanted.
    ///
    /// Nothing is sent yet, so a missing token is no error before the first call that needs one.
    ///
    /// - Parameters:
    ///   - remote: the URL or path of the remote, as Git knows it.
    ///   - named: the remote that the operator named, where `remote` comes from rules of the promoted repository; nil: it is the
    ///     same. A remote of another host is given neither the operator's token nor an address from settings.
    ///
    /// Throws `PromotionError(.usage)` for an address that is none, and for a remote whose path names no repository.
    public static func forge(
        for remote: String, named: String? = nil, _ configuration: ForgeConfiguration
    ) throws -> (any ForgePort)? {
        guard !configuration.isOff else { return nil }
        let place = RemotePlace(remote)
        let isOwn = named.map { RemotePlace($0).host == place.host } ?? true
        let continuous = place.host.flatMap { configuration.continuous[$0] }
        let url = isOwn ? configuration.url ?? continuous?.url : continuous?.url
        guard let kind = (isOwn ? configuration.kind : nil) ?? continuous?.kind ?? place.host.flatMap(ForgeKind.init(host:)) else {
            return nil
        }
        let repository = try repository(place, kind, url, named == nil || named == remote ? configuration.repository : nil)
        guard let address = url.map({ standard($0, kind) }) ?? derived(place, kind, repository) else { return nil }
        let base: WebAddress
        do throws(WebError) { base = try WebAddress(address) } catch {
            throw PromotionError(.usage, "the address of the forge: \(error)", hint: "write GRADUS_FORGE_URL as https://HOST")
        }
        var web = configuration.web
        // Git itself reaches this host because the operator named it.
        if isOwn { web.allowsPrivateAddresses = true }
        let token = isOwn ? configuration.token ?? continuous?.token : continuous?.token
        let access: ForgeAccess =
            if isOwn, kind == .github, let app = configuration.app {
                .app(.init(app, repository: repository[1]))
            } else {
                token.map { .token($0) } ?? .none
            }
        let client = ForgeClient(kind, base, shown: place.host ?? base.host, access, web, timeout: configuration.timeout, now: configuration.now)
        switch kind {
        case .github: return GitHubForge(client, repository)
        case .gitlab: return GitLabForge(client, repository)
        case .gitea: return GiteaForge(client, repository)
        case .bitbucket: return BitbucketForge(client, repository)
        }
    }

    /// An address without a path means the server, whose API is at the usual place below it.
    private static func standard(_ url: String, _ kind: ForgeKind) -> String {
        let place = RemotePlace(url)
        guard place.isHTTP, let host = place.host, !place.components.contains("api"), !place.components.contains("2.0"),
            !host.hasPrefix("api.")
        else { return url }
        return kind.apiAddress(
            scheme: place.scheme, host: host, port: place.port, prefix: place.components.map { "/" + $0 }.joined())
    }

    private static func derived(_ place: RemotePlace, _ kind: ForgeKind, _ repository: [String]) -> String? {
        guard let host = place.host else { return nil }
        let before = place.isHTTP ? place.components.dropLast(repository.count) : []
        return kind.apiAddress(scheme: place.scheme, host: host, port: place.port, prefix: before.map { "/" + $0 }.joined())
    }

    /// The names of owner and repository; of GitLab those of all groups.
    private static func repository(
        _ place: RemotePlace, _ kind: ForgeKind, _ url: String?, _ given: String?
    ) throws -> [String] {
        var names = given.map { $0.split(separator: "/").map(String.init) } ?? place.components
        if given == nil {
            if kind == .gitlab, place.host != nil {
                // A GitLab below a path of its server: the path is no group.
                let root = url.map { RemotePlace($0).components.prefix { $0 != "api" } } ?? []
                if !root.isEmpty, names.starts(with: root) { names.removeFirst(root.count) }
            } else {
                names = names.suffix(2)
            }
        }
        guard names.count == 2 || kind == .gitlab && names.count > 2 else {
            throw PromotionError(
                .usage, "\(kind.title) cannot tell which repository is meant by '\(Redactor.shared.redact(given ?? names.joined(separator: "/")))'",
                hint: "set GRADUS_FORGE_REPOSITORY to OWNER/NAME")
        }
        return names
    }
}
