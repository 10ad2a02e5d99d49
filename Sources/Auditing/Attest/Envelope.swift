internal import Crypto
public import PromotionEngine

/// A DSSE envelope (github.com/secure-systems-lab/dsse, protocol.md and envelope.md).
public struct Envelope: Sendable {
    public static let payloadType = "application/vnd.in-toto+json"

    let payload: [UInt8]
    public private(set) var signatures: [(keyID: String, signature: [UInt8])] = []

    public init(_ statement: JSONValue) { payload = Array(statement.canonicalText.utf8) }

    /// Adds a signature over type and payload. Throws `PromotionError` when the key cannot sign.
    public mutating func sign(_ key: SigningKey) throws {
        signatures.append((key.id, try key.signature(of: Self.preAuthentication(Self.payloadType, payload))))
    }

    public var json: JSONValue {
        [
            "payloadType": .string(Self.payloadType), "payload": .string(Base64.encoded(payload)),
            "signatures": .array(signatures.map { ["keyid": .string($0.keyID), "sig": .string(Base64.encoded($0.signature))] }),
        ]
    }

    /// What is signed: `DSSEv1 LEN TYPE LEN BODY`, lengths in bytes as decimal digits.
    static func preAuthentication(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }
}

/// A private key from a PEM file in PKCS #8: Ed25519 (RFC 8410) or ECDSA P-256.
public struct SigningKey: Sendable {
    private enum Key: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
    }

    private let key: Key
    /// SHA-256 of the public key's SubjectPublicKeyInfo in DER, in hexadecimal.
    public let id: String

    /// Throws a usage error, without any of the content, when the text is no such key.
    public init(pem text: String, named name: String) throws {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " } }
        let isPlain = lines.first == "-----BEGINPRIVATEKEY-----" && lines.last == "-----ENDPRIVATEKEY-----"
        guard isPlain, let der = Base64.decoded(lines.dropFirst().dropLast().joined()) else {
            throw Self.fault(name, "it is no unencrypted PKCS #8 key in PEM")
        }
        do {
            if der.count == Self.ed25519Prefix.count + 32, der.starts(with: Self.ed25519Prefix) {
                let made = try Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32))
                key = .ed25519(made)
                id = Digest.sha256(Self.ed25519PublicPrefix + Array(made.publicKey.rawRepresentation))
            } else {
                let made = try P256.Signing.PrivateKey(derRepresentation: der)
                key = .p256(made)
                id = Digest.sha256(Array(made.publicKey.derRepresentation))
            }
        } catch {
            throw Self.fault(name, "it is neither an Ed25519 nor a P-256 key")
        }
    }

    /// RFC 8410 section 7: version 0, algorithm 1.3.101.112, the 32 bytes as an octet string in an octet string.
    private static let ed25519Prefix: [UInt8] = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
    /// RFC 8410 section 4: the same algorithm, the 32 bytes as a bit string.
    private static let ed25519PublicPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    private static func fault(_ name: String, _ why: String) -> PromotionError {
        PromotionError(
            .usage, "\(name) cannot sign", causes: [why],
            hint: "make a key with `openssl genpkey -algorithm ed25519 -out KEY.pem`")
    }

    func signature(of bytes: [UInt8]) throws -> [UInt8] {
        do {
            return switch key {
            case .ed25519(let key): Array(try key.signature(for: bytes))
            case .p256(let key): Array(try key.signature(for: bytes).derRepresentation)
            }
        } catch {
            throw PromotionError(.error, "the key could not sign", causes: ["\(error)"])
        }
    }
}
