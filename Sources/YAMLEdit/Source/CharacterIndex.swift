/// Maps libyaml's character counts to byte offsets.
///
/// libyaml's marks count characters, edits need bytes. One offset is kept for every `stride` characters, so the index of a
/// large file stays small.
struct CharacterIndex {
    private static let stride = 128
    private let bytes: [UInt8]
    private let base: Int
    private let isASCII: Bool
    private var checkpoints: [Int] = []

    /// - Parameter base: the byte offset of character 0.
    init(bytes: [UInt8], base: Int) {
        self.bytes = bytes
        self.base = base
        isASCII = bytes[base...].allSatisfy { $0 < 0x80 }
        guard !isASCII else { return }
        var count = 0
        for offset in base..<bytes.count where bytes[offset] & 0xC0 != 0x80 {
            if count % Self.stride == 0 { checkpoints.append(offset) }
            count += 1
        }
    }

    func byteOffset(ofCharacter index: Int) -> Int {
        if isASCII { return min(base + index, bytes.count) }
        let slot = index / Self.stride
        guard slot < checkpoints.count else { return bytes.count }
        var offset = checkpoints[slot]
        for _ in 0..<(index % Self.stride) {
            guard offset < bytes.count else { break }
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }
}
