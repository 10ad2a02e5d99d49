internal import Synchronization

/// Hides secrets in every text that leaves the process (`design.md` section 9).
///
/// Whoever reads a secret registers it; whoever writes to a terminal, a file or the ledger passes the text through
/// `redact`. Registered are also the forms in which a secret travels: Base64, percent-encoded, escaped for JSON.
public final class Redactor: Sendable {
    /// The process's own: there is one output, so there is one list of what must not be in it.
    public static let shared = Redactor()

    /// What stands in place of a secret.
    public static let mask = "*****"
    /// Shorter texts are no secrets: to hide them would tear ordinary words apart and tell what they are.
    public static let shortestSecret = 4

    private let secrets = Mutex<Set<String>>([])

    public init() {}

    /// Hides the text, in each form in which it travels, from now on. Texts below `shortestSecret` are not hidden.
    public func register(_ secret: String) {
        let trimmed = Ascii.trimmed(secret)
        let forms = [secret, trimmed, Base64.encode(Array(trimmed.utf8)), Percent.encode(trimmed), Self.escaped(trimmed)]
        secrets.withLock { list in
            for form in forms where form.utf8.count >= Self.shortestSecret { list.insert(form) }
        }
    }

    /// The text with every registered secret, and the user information of every URL, replaced by `mask`.
    public func redact(_ text: String) -> String {
        let hidden = secrets.withLock { $0 }
        var result = Self.withoutCredentials(text)
        // Longest first: a secret may contain another one.
        for secret in hidden.sorted(by: { $0.utf8.count > $1.utf8.count }) {
            result = Self.replacing(secret, in: result)
        }
        return result
    }

    private static func replacing(_ secret: String, in text: String) -> String {
        guard text.firstRange(of: secret) != nil else { return text }
        return text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: mask)
    }

    /// `https://user:word@host/` becomes `https://*****@host/`.
    private static func withoutCredentials(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        var changed = false
        let mark = Array("://".utf8)
        while position < bytes.count {
            guard bytes[position] == mark[0], bytes[position...].starts(with: mark) else {
                if changed { result.append(bytes[position]) }
                position += 1
                continue
            }
            let start = position + mark.count
            let end = bytes[start...].firstIndex(where: endsAuthority) ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) {
                if !changed { result = Array(bytes[..<position]) }
                changed = true
                result += mark + Array(mask.utf8)
                position = at
            } else {
                if changed { result += bytes[position..<end] }
                position = end
            }
        }
        return changed ? String(decoding: result, as: UTF8.self) : text
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: result.append(character)
            }
        }
    }
}
