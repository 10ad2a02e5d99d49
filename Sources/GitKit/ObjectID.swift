import CLibgit2

/// The name of one object: a SHA-1, 20 bytes.
///
/// A value that owns its bytes; it says nothing about whether the object exists. Ordered as its hex text is.
public struct ObjectID: Hashable, Sendable {
    // Big-endian words: comparing them in order equals comparing the hex text.
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    private init(high: UInt64, middle: UInt64, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }

    /// The id made of zeros, which Git uses for "no object".
    public static let zero = ObjectID(high: 0, middle: 0, low: 0)

    /// Whether this is ``zero``.
    public var isZero: Bool { self == .zero }

    /// The id that `hex` spells, or nil unless it is exactly 40 hexadecimal digits (either case).
    public init?(hex: String) {
        guard hex.utf8.count == 40 else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (position, byte) in hex.utf8.enumerated() {
            let digit: UInt64
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt64(byte - UInt8(ascii: "a")) + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt64(byte - UInt8(ascii: "A")) + 10
            default: return nil
            }
            switch position {
            case ..<16: words.0 = words.0 << 4 | digit
            case ..<32: words.1 = words.1 << 4 | digit
            default: words.2 = words.2 << 4 | digit
            }
        }
        self.init(high: words.0, middle: words.1, low: UInt32(words.2))
    }

    /// The 40 lower-case hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 40) { buffer in
            for position in 0..<40 {
                let nibble: UInt8
                switch position {
                case ..<16: nibble = UInt8(truncatingIfNeeded: high >> UInt64(60 - 4 * position)) & 15
                case ..<32: nibble = UInt8(truncatingIfNeeded: middle >> UInt64(124 - 4 * position)) & 15
                default: nibble = UInt8(truncatingIfNeeded: low >> UInt32(156 - 4 * position)) & 15
                }
                buffer[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
            }
            return 40
        }
    }
}

extension ObjectID: Comparable {
    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}

extension ObjectID: CustomStringConvertible {
    public var description: String { hex }
}

extension ObjectID {
    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { bytes in
            ObjectID(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                middle: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                low: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
        }
    }

    /// The id that a C call lent; nil if it lent none.
    init?(_ pointer: UnsafePointer<git_oid>?) {
        guard let pointer else { return nil }
        self.init(pointer.pointee)
    }

    /// A copy in libgit2's layout, to pass by reference into one C call.
    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { bytes in
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return oid
    }
}
