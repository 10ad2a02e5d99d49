/// A version by Semantic Versioning 2.0.0, with an optional leading `v`, for ordering releases.
public struct SemanticVersion: Sendable, Hashable, Comparable {
    public let core: [Int]
    /// Empty for a normal release.
    public let prerelease: [String]

    init(core: [Int], prerelease: [String]) {
        self.core = core
        self.prerelease = prerelease
    }

    /// Nil unless the text is `[v]MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]`.
    public init?(_ text: String) {
        var rest = Substring(text)
        if rest.hasPrefix("v") { rest = rest.dropFirst() }
        if let plus = rest.firstIndex(of: "+") {
            guard Self.identifiers(rest[rest.index(after: plus)...]) != nil else { return nil }
            rest = rest[..<plus]
        }
        var prerelease: [String] = []
        if let dash = rest.firstIndex(of: "-") {
            guard let identifiers = Self.identifiers(rest[rest.index(after: dash)...]),
                identifiers.allSatisfy({ !Self.isNumeric($0) || $0 == "0" || $0.first != "0" })
            else { return nil }
            prerelease = identifiers
            rest = rest[..<dash]
        }
        var core: [Int] = []
        for part in rest.split(separator: ".", omittingEmptySubsequences: false) {
            guard Self.isNumeric(part), let number = Int(part),
                part.count == 1 || part.first != "0"
            else { return nil }
            core.append(number)
        }
        guard core.count == 3 else { return nil }
        self.core = core
        self.prerelease = prerelease
    }

    /// Precedence by section 11 of the specification; build metadata does not count.
    public static func < (lhs: SemanticVersion, rhs: SemanticVersion) -> Bool {
        if lhs.core != rhs.core { return lhs.core.lexicographicallyPrecedes(rhs.core) }
        if lhs.prerelease.isEmpty || rhs.prerelease.isEmpty { return !lhs.prerelease.isEmpty && rhs.prerelease.isEmpty }
        for (left, right) in zip(lhs.prerelease, rhs.prerelease) where left != right {
            switch (isNumeric(left), isNumeric(right)) {
            // Without leading zeros the longer number is the greater one, however many digits it has.
            case (true, true): return (left.utf8.count, left) < (right.utf8.count, right)
            case (true, false): return true
            case (false, true): return false
            case (false, false): return left < right
            }
        }
        return lhs.prerelease.count < rhs.prerelease.count
    }

    /// Identifiers between dots, of ASCII letters, digits and hyphens; nil when one is empty or holds anything else.
    private static func identifiers(_ text: Substring) -> [String]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let allowed = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
        return allowed ? parts : nil
    }

    private static func isNumeric(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
