/// A parsed part of a pattern.
indirect enum PatternNode: Sendable, Hashable {
    case empty
    case character(CharacterSet)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// `most` nil: any number; a lazy one takes as little as it can.
    case repeated(PatternNode, least: Int, most: Int?, isLazy: Bool)
    /// Numbered from 1.
    case group(Int, PatternNode)
    case assertion(Assertion)
}

/// What must hold between two characters.
enum Assertion: Sendable, Hashable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// The characters that one place takes.
struct CharacterSet: Sendable, Hashable {
    /// Pairs of first and last scalar value.
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false
    var ignoresCase = false

    func contains(_ scalar: UInt32) -> Bool {
        var isIn = ranges.contains { $0.contains(scalar) }
        if !isIn, ignoresCase, let other = Self.otherCase(scalar) { isIn = ranges.contains { $0.contains(other) } }
        return isIn != isNegated
    }

    /// The other case of a letter of ASCII.
    private static func otherCase(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x41...0x5A, 0x61...0x7A: scalar ^ 0x20
        default: nil
        }
    }

    static let digit: [ClosedRange<UInt32>] = [0x30...0x39]
    static let word: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let space: [ClosedRange<UInt32>] = [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]

    static func isWord(_ scalar: UInt32) -> Bool { word.contains { $0.contains(scalar) } }

    /// Every character that is in none of the ranges.
    static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        return next <= 0x10FFFF ? result + [next...0x10FFFF] : result
    }
}
