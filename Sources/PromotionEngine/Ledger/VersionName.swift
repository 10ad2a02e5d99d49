/// Which texts may name a version: they become image tags, file names and parts of sentences.
public enum VersionName {
    /// Why the text is no version; nil when it is one.
    public static func fault(in text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        if text.utf8.count > 128 { return "it is longer than 128 characters" }
        if text.contains("..") { return "it contains '..'" }
        guard let first = text.utf8.first, isWord(first) else { return "it does not begin with a letter or digit" }
        for byte in text.utf8 where !isWord(byte) && !Array("._+-".utf8).contains(byte) {
            let shown = byte > 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : byte == 0x20 ? "a space" : "a character that is not printable ASCII"
            return "it contains \(shown)"
        }
        return nil
    }

    /// The text as a message may quote it: 40 characters at most, none that moves the cursor or is not seen.
    static func shown(_ text: String) -> String {
        let seen = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(seen)).prefix(40).description
    }

    /// True for a name that moves, such as `latest`, a branch or a range: what it stands for today cannot be told from it.
    public static func isFloating(_ text: String) -> Bool {
        let moving: Set<String> = ["latest", "main", "master", "head", "trunk", "develop", "stable", "edge", "nightly", "canary"]
        let lowered = text.lowercased()
        if moving.contains(lowered) { return true }
        // A range of versions: `^1.2`, `~1.2`, `>=1`, `1.x`, `*`.
        let parts = lowered.split(separator: ".")
        return text.contains { "^~<>*".contains($0) } || (parts.count > 1 && parts.last == "x" && Int(parts[0]) != nil)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
