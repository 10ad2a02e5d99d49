import Crypto

/// A signature made by `ssh-keygen -Y sign`, taken apart (OpenSSH's PROTOCOL.sshsig).
struct SSHSignature {
    /// What git signs under.
    static let namespace = "git"
    static let begin = "-----BEGIN SSH SIGNATURE-----"
    private static let end = "-----END SSH SIGNATURE-----"

    /// The public key in SSH's wire format: what the second word of a public key file says in base64.
    let publicKey: [UInt8]
    let keyType: String
    private let namespace: String
    private let hashName: String
    private let blob: [UInt8]

    /// Nil for a text that is no such signature.
    init?(armoured text: String) {
        guard let bytes = Self.unarmoured(text) else { return nil }
        var wire = SSHWire(bytes)
        guard wire.skip(Array("SSHSIG".utf8)), wire.uint32() == 1, let key = wire.string(),
            let namespace = wire.text(), wire.string() != nil, let hash = wire.text(), let blob = wire.string(), wire.isAtEnd
        else { return nil }
        var keyWire = SSHWire(key)
        guard let type = keyWire.text() else { return nil }
        publicKey = key
        keyType = type
        self.namespace = namespace
        hashName = hash
        self.blob = blob
    }

    /// Whether the signature was made of these bytes with its key, for git.
    ///
    /// - Returns: nil for a kind of key that is not computed here; `ssh-keygen` knows it.
    func isGood(for payload: [UInt8]) -> Bool? {
        guard namespace == Self.namespace else { return false }
        let digest: [UInt8]
        switch hashName {
        case "sha512": digest = Array(SHA512.hash(data: payload))
        case "sha256": digest = Array(SHA256.hash(data: payload))
        default: return false
        }
        let signed = Array("SSHSIG".utf8) + SSHWire.string(namespace) + SSHWire.string("") + SSHWire.string(hashName)
            + SSHWire.string(digest)
        var key = SSHWire(publicKey)
        var signature = SSHWire(blob)
        guard key.text() == keyType, signature.text() == keyType, let body = signature.string(), signature.isAtEnd else {
            // RSA signs as `rsa-sha2-512`, which is not the key's type.
            return keyType == "ssh-ed25519" || keyType == "ecdsa-sha2-nistp256" ? false : nil
        }
        switch keyType {
        case "ssh-ed25519": return Self.ed25519(&key, body, signed)
        case "ecdsa-sha2-nistp256": return Self.p256(&key, body, signed)
        default: return nil
        }
    }

    private static func ed25519(_ key: inout SSHWire, _ body: [UInt8], _ signed: [UInt8]) -> Bool {
        guard let point = key.string(), key.isAtEnd else { return false }
        do {
            return try Curve25519.Signing.PublicKey(rawRepresentation: point).isValidSignature(body, for: signed)
        } catch {
            // Not a point of the curve: nothing was signed with it.
            return false
        }
    }

    private static func p256(_ key: inout SSHWire, _ body: [UInt8], _ signed: [UInt8]) -> Bool {
        var wire = SSHWire(body)
        guard key.text() == "nistp256", let point = key.string(), let r = wire.string(), let s = wire.string(), wire.isAtEnd,
            let first = padded(r), let second = padded(s)
        else { return false }
        do {
            let signature = try P256.Signing.ECDSASignature(rawRepresentation: first + second)
            return try P256.Signing.PublicKey(x963Representation: point).isValidSignature(signature, for: signed)
        } catch {
            return false
        }
    }

    /// A positive number of SSH, which may begin with a zero byte, as 32 bytes.
    private static func padded(_ number: [UInt8]) -> [UInt8]? {
        let digits = number.drop { $0 == 0 }
        return digits.count <= 32 ? [UInt8](repeating: 0, count: 32 - digits.count) + digits : nil
    }

    private static func unarmoured(_ text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == Substring(begin), let last = lines.lastIndex(of: Substring(end)) else { return nil }
        return Base64.decoded(lines[1..<last].joined())
    }
}

/// SSH's wire format (RFC 4251 section 5).
struct SSHWire {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ bytes: [UInt8]) -> Bool {
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    mutating func uint32() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        let value = rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(4)
        return value
    }

    mutating func string() -> [UInt8]? {
        guard let length = uint32(), rest.count >= Int(length) else { return nil }
        let value = Array(rest.prefix(Int(length)))
        rest = rest.dropFirst(Int(length))
        return value
    }

    mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

    static func string(_ bytes: [UInt8]) -> [UInt8] {
        let length = UInt32(bytes.count)
        return [UInt8(length >> 24), UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)] + bytes
    }
}
