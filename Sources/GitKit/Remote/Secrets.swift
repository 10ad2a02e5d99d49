import Synchronization

/// The secrets that this process knows, so that none of them is in anything that it says.
///
/// Whoever reads a secret registers it before its first use; whatever leaves the process (output, errors, records) passes
/// ``redacted(_:)``.
public enum Secrets {
    private static let known = Mutex<Set<String>>([])
    /// Shorter ones would blot out ordinary words.
    private static let shortest = 6

    /// Hides this text from now on, and what HTTP makes of it.
    public static func register(_ secret: String) {
        guard secret.utf8.count >= shortest else { return }
        known.withLock { known in
            known.insert(secret)
            known.insert(Base64.encoded(Array(secret.utf8)))
        }
    }

    /// Hides a pair of user and password in the form of HTTP's basic authentication too.
    public static func register(user: String, password: String) {
        register(password)
        register(Base64.encoded(Array("\(user):\(password)".utf8)))
    }

    /// The text with every secret replaced by stars.
    public static func redacted(_ text: String) -> String {
        let secrets = known.withLock { $0 }
        if secrets.isEmpty { return text }
        var result = text
        // The longest first: one may be part of another.
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where result.contains(secret) {
            result = result.replacing(secret, with: "***")
        }
        return result
    }
}
