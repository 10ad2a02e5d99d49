internal import Crypto

/// SHA-256 in lower-case hexadecimal, as records, plans and checkpoints quote it.
public enum Digest {
    /// Sixty-four zeros: what stands for the hash before the first record.
    public static let none = String(repeating: "0", count: 64)

    public static func sha256(_ text: String) -> String {
        sha256(Array(text.utf8))
    }

    public static func sha256(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The hash of a record: SHA-256 over the previous record's hash in hexadecimal, followed by the canonical JSON.
    public static func record(previous: String, canonical: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(previous.utf8.count + canonical.utf8.count)
        bytes.append(contentsOf: previous.utf8)
        bytes.append(contentsOf: canonical.utf8)
        return sha256(bytes)
    }
}
