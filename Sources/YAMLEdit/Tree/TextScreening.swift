/// Checks the bytes before libyaml sees them, because its own messages for these faults have no usable place.
enum TextScreening {
    /// Throws for a file that is not UTF-8, or holds characters that YAML forbids.
    static func check(_ source: SourceText) throws(YAMLError) {
        func fail(
            _ code: YAMLError.Code, _ message: String, range: Range<Int>, hint: String? = nil
        ) -> YAMLError {
            YAMLError(
                code: code, operation: "read", subject: source.path,
                diagnostics: [source.diagnostic(.error, message, range: range, hint: hint)])
        }
        let bytes = source.bytes
        if isUTF16(bytes) {
            throw fail(
                .encoding, "the file is UTF-16; only UTF-8 is read", range: 0..<1,
                hint: "save the file as UTF-8")
        }
        try checkTagDirectives(source)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                if byte < 0x20 && byte != Byte.tab && !Byte.isLineBreak(byte) || byte == 0x7F {
                    let name = byte == 0 ? "a NUL byte" : "control character \(hex(byte))"
                    throw fail(.encoding, "\(name) is not allowed in YAML", range: index..<index + 1)
                }
                index += 1
                continue
            }
            guard let length = sequenceLength(bytes, at: index) else {
                throw fail(
                    .encoding, "byte \(hex(byte)) is not valid UTF-8", range: index..<index + 1,
                    hint: "save the file as UTF-8")
            }
            if isForbidden(bytes, at: index, length: length) {
                throw fail(
                    .encoding, "this character is not allowed in YAML", range: index..<index + length)
            }
            index += length
        }
    }

    /// libyaml compares every `%TAG` line with all before it, so a file of nothing else would keep it busy for hours.
    private static func checkTagDirectives(_ source: SourceText) throws(YAMLError) {
        let marker = Array("%TAG".utf8)
        let starts = source.lineStarts.lazy.filter { source.bytes[$0...].starts(with: marker) }
        guard let excess = starts.dropFirst(maxTagDirectives).first else { return }
        throw YAMLError(
            code: .limit, operation: "read", subject: source.path,
            diagnostics: [
                source.diagnostic(
                    .error, "the file has more than \(maxTagDirectives) `%TAG` lines",
                    range: excess..<excess + marker.count)
            ])
    }

    private static let maxTagDirectives = 256

    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return false }
        return bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count < 2 ? "0" : "") + digits
    }

    /// The length of the well-formed UTF-8 sequence at `index`, nil if there is none (Unicode, table 3-7).
    private static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int? {
        let lead = bytes[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
        for offset in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[index + offset]) {
            return nil
        }
        return length
    }

    /// C1 controls except NEL, and U+FFFE, U+FFFF (YAML 1.2, 5.1).
    private static func isForbidden(_ bytes: [UInt8], at index: Int, length: Int) -> Bool {
        if length == 2 { return bytes[index] == 0xC2 && bytes[index + 1] < 0xA0 && bytes[index + 1] != 0x85 }
        return length == 3 && bytes[index] == 0xEF && bytes[index + 1] == 0xBF
            && bytes[index + 2] >= 0xBE
    }
}
