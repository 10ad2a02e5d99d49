extension ImageReference {
    /// What keeps registries and clusters from taking the reference, in a clause; nil for a good one.
    ///
    /// By the grammar of distribution/reference: a tag is `[\w][\w.-]{0,127}`, a digest `algorithm:hex`, a name an optional
    /// `host[:port]/` and lower-case parts. A name of one part may also be one that overlays replace, such as `IMAGE`.
    public var fault: String? {
        nameFault ?? tag.flatMap(Self.tagFault) ?? digest.flatMap(Self.digestFault)
    }

    private var nameFault: String? {
        guard name.utf8.count <= 255 else { return "its name has more than 255 bytes" }
        var parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1 {
            return Self.isPart(parts[0].lowercased()[...]) ? nil : "'\(name)' is no name of an image"
        }
        if let host = parts.first, host == "localhost" || host.contains(where: { $0 == "." || $0 == ":" }) {
            guard Self.isHost(host) else { return "'\(host)' is no name of a registry" }
            parts.removeFirst()
        }
        guard let odd = parts.first(where: { !Self.isPart($0) }) else { return nil }
        return Self.isPart(odd.lowercased()[...]) ? "'\(odd)' in its name is not in lower case" : "'\(odd)' in its name is no part of a path"
    }

    /// Letters and digits, joined by one `.`, one or two `_`, or any number of `-`.
    private static func isPart(_ text: Substring) -> Bool {
        var joint: [UInt8] = []
        for byte in text.utf8 {
            if isDigit(byte) || isLower(byte) {
                joint = []
                continue
            }
            joint.append(byte)
            guard joint.allSatisfy({ $0 == joint[0] }) else { return false }
            switch byte {
            case UInt8(ascii: "."): guard joint.count == 1 else { return false }
            case UInt8(ascii: "_"): guard joint.count <= 2 else { return false }
            case UInt8(ascii: "-"): break
            default: return false
            }
        }
        guard let first = text.utf8.first else { return false }
        return joint.isEmpty && (isDigit(first) || isLower(first))
    }

    private static func isHost(_ text: Substring) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            let port = text[text.index(after: colon)...]
            guard !port.isEmpty, port.utf8.allSatisfy(isDigit) else { return false }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.dropFirst().dropLast().utf8.allSatisfy { isHex($0) || $0 == UInt8(ascii: ":") }
        }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
                && label.utf8.allSatisfy { isDigit($0) || isLower($0 | 0x20) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func tagFault(_ tag: String) -> String? {
        guard tag.utf8.count <= 128 else { return "its tag has more than 128 characters" }
        func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || isLower(byte | 0x20) || byte == UInt8(ascii: "_") }
        guard let first = tag.utf8.first, isWord(first), tag.utf8.allSatisfy({ isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else { return "'\(tag)' is no tag: letters, digits, '_', '.' and '-', and no '.' or '-' in front" }
        return nil
    }

    /// How many hexadecimal digits the digests of OCI's registered algorithms have.
    private static let digits = ["sha256": 64, "sha384": 96, "sha512": 128]

    private static func digestFault(_ digest: String) -> String? {
        let parts = digest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let algorithm = parts[0].utf8
        guard parts.count == 2, let first = algorithm.first, isLower(first | 0x20), algorithm.allSatisfy({ isDigit($0) || isLower($0 | 0x20) || "+._-".utf8.contains($0) })
        else { return "'\(digest)' is no digest: write it as sha256:… with 64 hexadecimal digits" }
        let hex = parts[1].utf8
        if let count = digits[String(parts[0])] {
            guard hex.count == count, hex.allSatisfy({ isDigit($0) || isHex($0) && isLower($0) }) else {
                return "'\(digest)' is no digest: \(parts[0]) has \(count) hexadecimal digits in lower case"
            }
        } else if hex.count < 32 || !hex.allSatisfy(isHex) {
            return "'\(digest)' is no digest: at least 32 hexadecimal digits follow the ':'"
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }

    private static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f")
    }
}
