/// JSON's surrogate pairs, which libyaml refuses.
///
/// In a JSON file `\ud83d\ude00` is replaced, for libyaml only, by escapes of the same length, so every mark stays right;
/// the strings concerned are then decoded here.
enum JSONStrings {
    /// The text for libyaml and the offsets at which it differs.
    static func shadow(of bytes: [UInt8]) -> (bytes: [UInt8], offsets: [Int]) {
        var shadow = bytes
        var offsets: [Int] = []
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == Byte.backslash else {
                index += 1
                continue
            }
            if let high = unit(bytes, at: index), (0xD800..<0xDC00).contains(high),
                let low = unit(bytes, at: index + 6), (0xDC00..<0xE000).contains(low)
            {
                for offset in [index, index + 6] {
                    shadow.replaceSubrange(offset + 2..<offset + 6, with: Array("fffd".utf8))
                }
                offsets.append(index)
                index += 12
            } else {
                index += 2
            }
        }
        return (shadow, offsets)
    }

    /// Decodes the text between the quotes of a JSON string; nil if it is not JSON.
    static func decode(_ raw: ArraySlice<UInt8>) -> String? {
        var units: [UInt8] = []
        let bytes = Array(raw)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == Byte.backslash else {
                units.append(bytes[index])
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { return nil }
            if let code = unit(bytes, at: index) {
                var value = code
                var length = 6
                if (0xD800..<0xDC00).contains(code) {
                    guard let low = unit(bytes, at: index + 6), (0xDC00..<0xE000).contains(low)
                    else { return nil }
                    value = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                    length = 12
                }
                guard let scalar = Unicode.Scalar(value) else { return nil }
                units.append(contentsOf: Array(String(Character(scalar)).utf8))
                index += length
                continue
            }
            guard let plain = simpleEscapes[bytes[index + 1]] else { return nil }
            units.append(plain)
            index += 2
        }
        return String(decoding: units, as: UTF8.self)
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), Byte.backslash: Byte.backslash,
        UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    /// The code unit of a `\uXXXX` escape at `index`, nil if there is none.
    private static func unit(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 6 <= bytes.count, bytes[index] == Byte.backslash,
            bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index + 2..<index + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
