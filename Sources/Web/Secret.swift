internal import Glibc

/// A token or password. It prints as `*****` and is registered with the redactor as soon as it exists.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that sends it.
    public let exposed: String

    /// - Parameter redactor: hides the secret in every output; tests have one of their own.
    public init(_ text: String, redactor: Redactor = .shared) {
        exposed = text
        redactor.register(text)
    }

    public var description: String { Redactor.mask }
    public var debugDescription: String { Redactor.mask }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The secret of an environment variable. Throws when the variable is unset or empty.
    public static func environment(_ name: String, in variables: [String: String]) throws(WebError) -> Secret {
        let text = Ascii.trimmed(variables[name] ?? "")
        guard !text.isEmpty else {
            throw WebError(.missingSecret, "read the secret", name, "the environment variable \(name) is not set")
        }
        return Secret(text)
    }

    /// The secret in a file, without the line break at its end. Throws when the file cannot be read or is empty.
    public static func file(_ path: String) throws(WebError) -> Secret {
        guard let file = fopen(path, "re") else {
            throw WebError(.missingSecret, "read the secret", path, "the file cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = Ascii.trimmed(String(decoding: bytes[..<count], as: UTF8.self))
        guard !text.isEmpty else { throw WebError(.missingSecret, "read the secret", path, "the file is empty") }
        return Secret(text)
    }
}

/// How a request proves who asks.
public enum Credentials: Sendable, Hashable {
    case bearer(Secret)
    case basic(user: String, Secret)
    /// A header of its own, such as `PRIVATE-TOKEN`.
    case header(name: String, Secret)

    /// The header to send. Registers what it holds with the redactor.
    var header: (name: String, value: String) {
        switch self {
        case .bearer(let secret): return ("Authorization", "Bearer \(secret.exposed)")
        case .basic(let user, let secret):
            let pair = Base64.encode(Array("\(user):\(secret.exposed)".utf8))
            Redactor.shared.register(pair)
            return ("Authorization", "Basic \(pair)")
        case .header(let name, let secret): return (name, secret.exposed)
        }
    }
}
