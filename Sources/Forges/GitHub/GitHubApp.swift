internal import Crypto
internal import CryptoExtras
internal import PromotionEngine
public import Web

/// A GitHub App with its installation, in whose name Gradus acts: its tokens last an hour and belong to no person.
///
/// docs.github.com, "Authenticating as a GitHub App installation".
public struct GitHubApp: Sendable {
    /// The App's id, or its client id.
    public let id: String
    public let installation: String
    /// RSA, as PEM.
    private let key: Secret

    public init(id: String, installation: String, key: Secret) {
        self.id = id
        self.installation = installation
        self.key = key
    }

    /// From `GRADUS_GITHUB_APP_ID`, `GRADUS_GITHUB_APP_INSTALLATION` and `GRADUS_GITHUB_APP_KEY_FILE`; nil without the first.
    ///
    /// Throws `PromotionError(.usage)` when one of the others is missing, and `WebError` when the file cannot be read.
    init?(environment: [String: String]) throws {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = variable("GRADUS_GITHUB_APP_ID") else { return nil }
        guard let installation = variable("GRADUS_GITHUB_APP_INSTALLATION"), let file = variable("GRADUS_GITHUB_APP_KEY_FILE") else {
            throw PromotionError(
                .usage, "GRADUS_GITHUB_APP_ID is set, but not all that belongs to it",
                hint: "set GRADUS_GITHUB_APP_INSTALLATION to the installation's id and GRADUS_GITHUB_APP_KEY_FILE to the file of its key")
        }
        // In the address of a request.
        guard installation.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw PromotionError(.usage, "GRADUS_GITHUB_APP_INSTALLATION is no number", hint: "it stands at the end of the installation's URL")
        }
        self.init(id: id, installation: installation, key: try Secret.file(file))
    }

    /// A signed statement of who asks (RFC 7519, RS256), good for nine minutes; GitHub takes at most ten.
    ///
    /// Throws `PromotionError(.usage)` when the key is no RSA key.
    func statement(now: Int) throws -> Secret {
        // A minute back, because the server's clock may be behind.
        let claims: JSONValue = ["iat": .int(now - 60), "exp": .int(now + 540), "iss": .string(id)]
        let header: JSONValue = ["alg": "RS256", "typ": "JWT"]
        let text = [header, claims].map { Self.encoded(Array($0.canonicalText.utf8)) }.joined(separator: ".")
        do {
            let signer = try _RSA.Signing.PrivateKey(pemRepresentation: key.exposed)
            let signature = try signer.signature(for: Array(text.utf8), padding: .insecurePKCS1v1_5)
            return Secret(text + "." + Self.encoded(Array(signature.rawRepresentation)))
        } catch {
            throw PromotionError(
                .usage, "cannot sign as the GitHub App \(id)", causes: ["its key is no RSA key: \(error)"],
                hint: "GRADUS_GITHUB_APP_KEY_FILE must name the .pem file that GitHub made for the App")
        }
    }

    /// Base64url without padding (RFC 4648 section 5).
    private static func encoded(_ bytes: [UInt8]) -> String {
        String(Base64.encode(bytes).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
    }
}
