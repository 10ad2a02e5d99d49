/// The bytes of a file with an index of its lines.
struct SourceText: Sendable {
    let path: String
    let bytes: [UInt8]
    /// Byte offsets at which lines begin; never empty.
    let lineStarts: [Int]

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(bytes: [UInt8], path: String) {
        self.path = path
        self.bytes = bytes
        var starts = [0]
        var index = 0
        while index < bytes.count {
            if bytes[index] == Byte.lineFeed {
                starts.append(index + 1)
            } else if bytes[index] == Byte.carriageReturn,
                index + 1 >= bytes.count || bytes[index + 1] != Byte.lineFeed
            {
                starts.append(index + 1)
            }
            index += 1
        }
        lineStarts = starts
    }

    /// Where the text begins: after the byte order mark, if there is one.
    var contentStart: Int {
        bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    }

    func position(ofByte offset: Int) -> SourcePosition {
        let offset = max(0, min(offset, bytes.count))
        let line = lineIndex(ofByte: offset)
        let start = max(lineStarts[line], line == 0 ? contentStart : 0)
        let column = start < offset ? Self.characterCount(bytes[start..<offset]) : 0
        return SourcePosition(line: line + 1, column: column + 1, offset: offset)
    }

    /// The text of a line, 1 for the first, without its line break; empty outside the file.
    func line(_ number: Int) -> String {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let start = max(lineStarts[number - 1], number == 1 ? contentStart : 0)
        return String(decoding: bytes[start..<lineEnd(from: start)], as: UTF8.self)
    }

    /// The offset of the line break (or the end of the file) at or after `offset`.
    func lineEnd(from offset: Int) -> Int {
        var end = offset
        while end < bytes.count, !Byte.isLineBreak(bytes[end]) { end += 1 }
        return end
    }

    /// The offset after the line break at `offset`, or `offset` if there is none.
    func afterLineBreak(at offset: Int) -> Int {
        guard offset < bytes.count, Byte.isLineBreak(bytes[offset]) else { return offset }
        let isPair =
            bytes[offset] == Byte.carriageReturn && offset + 1 < bytes.count
            && bytes[offset + 1] == Byte.lineFeed
        return offset + (isPair ? 2 : 1)
    }

    /// The first byte of the line that holds `offset`; a byte order mark is skipped.
    func lineStart(ofByte offset: Int) -> Int {
        let line = lineIndex(ofByte: offset)
        return max(lineStarts[line], line == 0 ? contentStart : 0)
    }

    /// The line break that the file uses around `offset`: that of the line, else the file's first, else LF.
    func lineBreak(near offset: Int) -> [UInt8] {
        let end = lineEnd(from: min(offset, bytes.count))
        if end < bytes.count { return Array(bytes[end..<afterLineBreak(at: end)]) }
        let first = lineEnd(from: 0)
        return first < bytes.count
            ? Array(bytes[first..<afterLineBreak(at: first)]) : [Byte.lineFeed]
    }

    func diagnostic(
        _ severity: Diagnostic.Severity, _ message: String, range: Range<Int>, hint: String? = nil
    ) -> Diagnostic {
        let position = position(ofByte: range.lowerBound)
        let end = min(range.upperBound, lineEnd(from: position.offset))
        let length =
            end > position.offset ? Self.characterCount(bytes[position.offset..<end]) : 1
        return Diagnostic(
            severity: severity, message: message, hint: hint, path: path, position: position,
            length: length, sourceLine: isShowable(position.line) ? line(position.line) : nil)
    }

    /// Diagnostics keep their line; a minified file is one line of megabytes, of which an excerpt says little.
    private func isShowable(_ number: Int) -> Bool {
        let start = lineStarts[number - 1]
        return lineEnd(from: start) - start <= 1 << 16
    }

    /// Characters (Unicode scalars) in valid UTF-8: every byte that does not continue another.
    static func characterCount(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    private func lineIndex(ofByte offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
