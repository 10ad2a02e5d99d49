internal import Glibc

/// The numeric addresses of a host.
enum NameLookup {
    /// As the system resolves it, in its order. Throws `unresolved`.
    static func addresses(of address: WebAddress) throws(WebError) -> [IPAddress] {
        if let literal = IPAddress(address.host) { return [literal] }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, nil, &hints, &list)
        guard code == 0 else {
            throw WebError(.unresolved, "look up", address.host, String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let current = entry {
            if let numeric = Self.numeric(current.pointee), !found.contains(numeric) { found.append(numeric) }
            entry = current.pointee.ai_next
        }
        guard !found.isEmpty else { throw WebError(.unresolved, "look up", address.host, "the name has no address") }
        return found
    }

    private static func numeric(_ entry: addrinfo) -> IPAddress? {
        guard let name = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { IPAddress(version4: $0.pointee.sin_addr) }
        case AF_INET6:
            return name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { IPAddress(version6: $0.pointee.sin6_addr) }
        default: return nil
        }
    }

    /// The addresses, all of which may be reached. One that may not spoils the rest: who answers with both means harm.
    static func permitted(
        _ address: WebAddress, operation: String, allowsPrivate: Bool
    ) throws(WebError) -> [IPAddress] {
        let found = try addresses(of: address)
        if !allowsPrivate, let inside = found.first(where: \.isPrivate) {
            let what = IPAddress(address.host) == nil ? "\(address.host) is \(inside), a private address" : "it is a private address"
            throw WebError(
                .refusedAddress, operation, address.shown,
                "\(what); the operator may allow those with GRADUS_ALLOW_PRIVATE_ADDRESSES=1")
        }
        return found
    }
}
