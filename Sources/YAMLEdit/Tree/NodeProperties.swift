/// Anchor and tag of a node, and where the node itself begins behind them.
struct NodeProperties {
    let anchor: String?
    let tag: String?
    /// Where the anchor or tag begins; the node's start if it has neither.
    let start: Int
    let valueStart: Int

    /// libyaml's mark of a node with an anchor or tag is that of the anchor or tag, so those are skipped here.
    init(bytes: [UInt8], start: Int, end: Int, anchor: String?, tag: String?) {
        self.anchor = anchor
        self.tag = tag
        self.start = start
        var offset = start
        var left = (anchor == nil ? 0 : 1) + (tag == nil ? 0 : 1)
        while left > 0, offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!") {
                let isVerbatim =
                    byte == UInt8(ascii: "!") && offset + 1 < end && bytes[offset + 1] == UInt8(ascii: "<")
                offset = Self.tokenEnd(bytes, from: offset, end: end, isVerbatim: isVerbatim)
                left -= 1
                if left == 0 { break }
            }
            let next = Self.skipSpace(bytes, from: offset, end: end)
            guard next > offset || next < end && bytes[next] != byte else { break }
            offset = next
        }
        valueStart = left == 0 && offset > start
            ? min(Self.skipSpaceToValue(bytes, from: offset, end: end), end) : offset
    }

    private static func tokenEnd(_ bytes: [UInt8], from start: Int, end: Int, isVerbatim: Bool) -> Int {
        var offset = start + 1
        while offset < end {
            let byte = bytes[offset]
            if isVerbatim {
                offset += 1
                if byte == UInt8(ascii: ">") { break }
                continue
            }
            if Byte.spaceLength(bytes, at: offset) > 0 || byte == Byte.comma { break }
            if [UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}")].contains(byte) {
                break
            }
            offset += 1
        }
        return offset
    }

    /// The value behind the properties; if only space is left before `end`, the value is missing and stands right here.
    private static func skipSpaceToValue(_ bytes: [UInt8], from start: Int, end: Int) -> Int {
        let next = skipSpace(bytes, from: start, end: end)
        return next < end ? next : start
    }

    /// Skips what libyaml skips between tokens: blanks, line breaks, byte order marks and comments.
    static func skipSpace(_ bytes: [UInt8], from start: Int, end: Int) -> Int {
        var offset = start
        while offset < end {
            let space = Byte.spaceLength(bytes, at: offset)
            if space > 0 {
                offset += space
            } else if bytes[offset] == Byte.hash {
                while offset < end, !Byte.endsComment(bytes, at: offset) { offset += 1 }
            } else {
                break
            }
        }
        return min(offset, end)
    }
}

extension SourceText {
    /// The offset behind the `:` that follows `offset` with only space and comments between, nil if there is none.
    func offsetAfterColon(from offset: Int) -> Int? {
        let next = NodeProperties.skipSpace(bytes, from: offset, end: bytes.count)
        return next < bytes.count && bytes[next] == Byte.colon ? next + 1 : nil
    }
}
