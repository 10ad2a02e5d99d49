import Crypto

/// How SSH prints a public key for people to compare.
enum SSHFingerprint {
    /// `SHA256:` and the digest in base64 without padding.
    static func of(_ key: [UInt8]) -> String {
        let text = Base64.encoded(Array(SHA256.hash(data: key)))
        return "SHA256:" + text.prefix { $0 != "=" }
    }
}
