import Crypto

/// The host keys that are trusted, from files in the form of OpenSSH's `known_hosts` (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
struct KnownHosts {
    enum Verdict: Equatable {
        case known
        /// Another key of this type is known: the file and line.
        case changed(String)
        /// Keys of other types only.
        case otherType([String])
        case unknown
        case revoked(String)
    }

    private struct Entry {
        let patterns: String
        let isRevoked: Bool
        let type: String
        let key: [UInt8]
        let place: String
    }

    private var entries: [Entry] = []

    mutating func add(_ text: String, path: String) {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }).map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let marker = first.hasPrefix("@") ? words.removeFirst() : nil
            // Certificates of hosts are not known to libssh2.
            guard marker != "@cert-authority", words.count >= 3, let key = Base64.decoded(words[2]) else { continue }
            entries.append(
                Entry(patterns: words[0], isRevoked: marker == "@revoked", type: words[1], key: key, place: "\(path):\(number + 1)"))
        }
    }

    /// What is known of a host's key. A key on another port than 22 is looked for as `[host]:port`, as ssh does.
    func verdict(host: String, port: Int, key: [UInt8]) -> Verdict {
        let name = port == 22 ? host : "[\(host)]:\(port)"
        let mine = entries.filter { Self.matches($0.patterns, name) }
        if let revoked = mine.first(where: { $0.isRevoked && $0.key == key }) { return .revoked(revoked.place) }
        let trusted = mine.filter { !$0.isRevoked }
        if trusted.contains(where: { $0.key == key }) { return .known }
        var wire = SSHWire(key)
        let type = wire.text() ?? ""
        if let other = trusted.first(where: { $0.type == type }) { return .changed(other.place) }
        return trusted.isEmpty ? .unknown : .otherType(trusted.map(\.type))
    }

    private static func matches(_ patterns: String, _ name: String) -> Bool {
        if patterns.hasPrefix("|1|") { return isHashed(patterns, name) }
        var found = false
        for pattern in patterns.lowercased().split(separator: ",") {
            if pattern.hasPrefix("!") {
                if glob(Array(pattern.dropFirst().utf8)[...], Array(name.utf8)[...]) { return false }
            } else if glob(Array(pattern.utf8)[...], Array(name.utf8)[...]) {
                found = true
            }
        }
        return found
    }

    /// `|1|salt|hash`: HMAC-SHA1 of the name by the salt.
    private static func isHashed(_ pattern: String, _ name: String) -> Bool {
        let parts = pattern.split(separator: "|").map(String.init)
        guard parts.count == 3, let salt = Base64.decoded(parts[1]), let hash = Base64.decoded(parts[2]) else { return false }
        let made = HMAC<Insecure.SHA1>.authenticationCode(for: Array(name.utf8), using: SymmetricKey(data: salt))
        return Array(made) == hash
    }

    private static func glob(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            return glob(pattern.dropFirst(), text) || (!text.isEmpty && glob(pattern, text.dropFirst()))
        }
        guard let head = text.first, first == UInt8(ascii: "?") || first == head else { return false }
        return glob(pattern.dropFirst(), text.dropFirst())
    }
}
