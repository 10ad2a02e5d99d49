/// ASCII bytes that carry meaning in YAML.
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let hash = UInt8(ascii: "#")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let backslash = UInt8(ascii: "\\")

    static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == lineFeed || byte == carriageReturn
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == tab
    }

    /// The bytes that the space at `index` takes, 0 if none stands there.
    ///
    /// As libyaml reads YAML 1.1: NEL, LS and PS break lines, and a byte order mark between tokens is skipped.
    static func spaceLength(_ bytes: [UInt8], at index: Int) -> Int {
        if isBlank(bytes[index]) || isLineBreak(bytes[index]) { return 1 }
        guard bytes[index] >= 0xC2 else { return 0 }
        if bytes[index...].starts(with: SourceText.byteOrderMark) { return SourceText.byteOrderMark.count }
        return wideBreakLength(bytes, at: index)
    }

    static func endsComment(_ bytes: [UInt8], at index: Int) -> Bool {
        isLineBreak(bytes[index]) || wideBreakLength(bytes, at: index) > 0
    }

    private static let wideBreaks: [[UInt8]] = [[0xC2, 0x85], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xA9]]

    private static func wideBreakLength(_ bytes: [UInt8], at index: Int) -> Int {
        guard bytes[index] >= 0xC2 else { return 0 }
        return wideBreaks.first { bytes[index...].starts(with: $0) }?.count ?? 0
    }
}
