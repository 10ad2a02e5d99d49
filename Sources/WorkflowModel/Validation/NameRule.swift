/// Which characters a kind of name may have. Names become parts of refs, paths and gate ids.
public struct NameRule: Sendable {
    /// What is wrong with a name for a service, as a sentence; nil when nothing is.
    public static func fault(inServiceName name: String) -> String? {
        service.allows(name) ? nil : service.complaint(about: name)
    }

    var kind: String
    var longest: Int
    /// In words, for messages.
    private var words: String
    private var first: @Sendable (UInt8) -> Bool
    private var rest: @Sendable (UInt8) -> Bool

    /// `^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$` without `..`, because the name is part of a branch's name.
    static let service = NameRule(
        kind: "service name", longest: 100, words: "letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
        first: isAlphanumeric, rest: { isAlphanumeric($0) || "._-".utf8.contains($0) })

    /// `^[a-z0-9][a-z0-9_-]{0,62}$`
    static let stage = NameRule(
        kind: "stage name", longest: 63,
        words: "lower-case letters, digits, `_` and `-`, and begin with a letter or digit",
        first: isLowercaseOrDigit, rest: { isLowercaseOrDigit($0) || "_-".utf8.contains($0) })

    static let workflow = NameRule(
        kind: "workflow name", longest: 100, words: "letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
        first: isAlphanumeric, rest: { isAlphanumeric($0) || "._-".utf8.contains($0) })

    /// Without `=`, which ends the key in `gradus report … KEY=VALUE`.
    static let evidenceKey = NameRule(
        kind: "evidence key", longest: 63, words: "letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
        first: isAlphanumeric, rest: { isAlphanumeric($0) || "._-".utf8.contains($0) })

    func allows(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let head = bytes.first, bytes.count <= longest, first(head) else { return false }
        return bytes.dropFirst().allSatisfy(rest) && !name.contains("..")
    }

    /// The sentence that says what is wrong with a name that is not allowed.
    func complaint(about name: String) -> String {
        name.utf8.count > longest
            ? "a \(kind) has at most \(longest) characters; this one has \(name.utf8.count)"
            : "`\(name)` is no \(kind): it must consist of \(words)"
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowercaseOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
