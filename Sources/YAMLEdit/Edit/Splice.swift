/// Bytes that take the place of a range.
struct Splice {
    var range: Range<Int>
    var replacement: [UInt8]
    /// Deletions may overlap each other: the union is removed.
    var isDeletion = false

    /// The bytes with all splices made; nil if two of them touch the same bytes.
    ///
    /// Splices at the same place keep their order.
    static func apply(_ splices: [Splice], to bytes: [UInt8]) -> [UInt8]? {
        let ordered = splices.enumerated().sorted { left, right in
            let (a, b) = (left.element.range, right.element.range)
            if a.lowerBound != b.lowerBound { return a.lowerBound < b.lowerBound }
            // An insertion at the place where a deletion begins goes in front of it.
            if a.isEmpty != b.isEmpty { return a.isEmpty }
            return left.offset < right.offset
        }.map(\.element)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + splices.reduce(0) { $0 + $1.replacement.count })
        var done = 0
        var lastWasDeletion = false
        for splice in ordered {
            if splice.range.lowerBound < done {
                guard lastWasDeletion, splice.isDeletion else { return nil }
            } else {
                result += bytes[done..<splice.range.lowerBound]
            }
            result += splice.replacement
            done = max(done, splice.range.upperBound)
            lastWasDeletion = splice.isDeletion
        }
        return result + bytes[done...]
    }
}
