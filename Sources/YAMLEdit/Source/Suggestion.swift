/// Finds the name that was probably meant.
public enum Suggestion {
    /// Names longer than this are not compared: the cost is quadratic and file content is hostile.
    private static let longestName = 256

    /// The candidate nearest to `name`, or nil if none is near.
    ///
    /// Near is an edit distance below 4 and below the name's length, or equality apart from case.
    public static func nearest(_ name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count <= longestName else { return nil }
        let lowered = name.lowercased()
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate != name && candidate.utf8.count <= longestName {
            let distance =
                candidate.lowercased() == lowered ? 0 : editDistance(name, candidate)
            guard distance < 4, distance == 0 || distance < max(2, name.count) else { continue }
            if best.map({ distance < $0.distance }) ?? true {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    /// Levenshtein's distance: single-character insertions, deletions and replacements.
    public static func editDistance(_ left: String, _ right: String) -> Int {
        let source = Array(left)
        let target = Array(right)
        guard !source.isEmpty else { return target.count }
        var previous = Array(0...target.count)
        for (row, character) in source.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(target.count + 1)
            for (column, other) in target.enumerated() {
                let replaced = previous[column] + (character == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[target.count]
    }
}
