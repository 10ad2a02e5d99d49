/// Passwords and tokens in URLs, which must not get into records: those stay for good, and everybody who fetches reads them
/// (`design.md` section 9).
public enum URLSecret {
    /// Throws a usage error for a text with a URL that carries a secret; `name` is what the caller calls the text.
    public static func check(_ text: String?, _ name: String) throws {
        guard let text, let secret = found(in: Array(text.utf8)).first else { return }
        throw PromotionError(
            .usage, secret.isPassword ? "\(name) holds a password; leave it out" : "\(name) holds a user name in a URL, which may be a token; leave it out",
            hint: "write the URL without what stands before `@`: records stay for good, and everybody who fetches the ledger reads them")
    }

    /// Checks every text of a fact.
    static func check(_ fact: Fact) throws {
        for (key, value) in fact.members.sorted(by: { $0.key < $1.key }) { try check(value, key) }
    }

    private static func check(_ value: JSONValue, _ name: String) throws {
        switch value {
        case .string(let text): try check(text, "'\(name)'")
        case .array(let items): for item in items { try check(item, name) }
        case .object(let members):
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                try check(key, "'\(name)'")
                try check(value, key)
            }
        default: break
        }
    }

    /// The text without user names and passwords in its URLs.
    public static func removed(from text: String) -> String {
        var bytes = Array(text.utf8)
        for secret in found(in: bytes).reversed() { bytes.removeSubrange(secret.range) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private struct Secret {
        /// Of user, password and `@`.
        let range: Range<Int>
        /// False for a user alone.
        let isPassword: Bool
    }

    /// What stands before `@` in the authority of each URL (RFC 3986 section 3.2.1), where it may be secret: always with a
    /// password, and for HTTP alone too, because tokens travel as the user there. `ssh://git@host` names an account.
    private static func found(in bytes: [UInt8]) -> [Secret] {
        let mark = Array("://".utf8)
        var secrets: [Secret] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == mark[0], bytes[position...].starts(with: mark) else {
                position += 1
                continue
            }
            let start = position + mark.count
            let end = bytes[start...].firstIndex(where: endsAuthority) ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")), at > start {
                let user = String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
                let isPassword = user.contains(":") || user.contains("%3a")
                let scheme = String(decoding: bytes[..<position].suffix(5), as: UTF8.self).lowercased()
                if isPassword || scheme.hasSuffix("http") || scheme.hasSuffix("https") {
                    secrets.append(Secret(range: start..<at + 1, isPassword: isPassword))
                }
            }
            position = end
        }
        return secrets
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool { byte <= 0x20 || "/?#\"'<>`".utf8.contains(byte) }
}
