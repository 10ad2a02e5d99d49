/// A regular expression whose search takes time in proportion to the text.
///
/// Patterns come from repositories, which are hostile: a backtracking search of `(a+)+$` over a long line would not end.
/// The syntax is that of RE2 (https://github.com/google/re2/wiki/Syntax) without Unicode classes: what needs backtracking, such
/// as references to groups and looking around, is refused. Characters are Unicode scalars; the first alternative that fits wins.
public struct Pattern: Sendable, Hashable {
    /// What a search found.
    public struct Match: Sendable, Hashable {
        public var range: Range<String.Index>
        /// What the first group took; nil where the pattern has no group, or the group took part in nothing.
        public var group: Range<String.Index>?
    }

    public let text: String
    /// Whether the pattern has a group that takes a part of the match.
    public let hasGroup: Bool
    let program: [Instruction]

    /// - Throws: ``PatternError`` for a text that is no pattern, with the character at which that shows.
    public init(_ text: String) throws(PatternError) {
        self.text = text
        guard text.utf8.count <= PatternLimits.length else {
            throw PatternError("a pattern is at most \(PatternLimits.length) bytes long", at: 1)
        }
        var parser = PatternParser(text)
        let node = try parser.parse()
        hasGroup = parser.groups > 0
        var compiler = PatternCompiler()
        program = try compiler.compile(node)
    }

    /// The leftmost match.
    ///
    /// - Throws: ``PatternError`` when the search would take more steps than one search may.
    public func firstMatch(in text: String) throws(PatternError) -> Match? { try matches(in: text, atMost: 1).first }

    /// Matches from left to right that do not overlap.
    ///
    /// - Throws: as ``firstMatch(in:)``.
    public func matches(in text: String, atMost count: Int) throws(PatternError) -> [Match] {
        var search = PatternSearch(program, in: text)
        var found: [Match] = []
        var start = 0
        while found.count < count, start <= search.scalars.count, let match = try search.run(from: start) {
            found.append(Match(range: search.range(match.whole), group: match.group.map(search.range)))
            // An empty match is left behind by one character.
            start = match.whole.isEmpty ? match.whole.upperBound + 1 : match.whole.upperBound
        }
        return found
    }
}

/// Why a text is no pattern, or why a search was given up.
public struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A clause without a full stop.
    public var message: String
    /// The character of the pattern, 1 for the first; 0 for a search.
    public var column: Int

    init(_ message: String, at column: Int) {
        self.message = message
        self.column = column
    }

    public var description: String { column > 0 ? "\(message) (character \(column))" : message }
}

/// How much one pattern may cost.
public enum PatternLimits {
    /// Bytes of a pattern.
    public static let length = 1_024
    /// Groups inside of groups.
    static let depth = 64
    /// The largest number in `{n,m}`, as in RE2.
    static let repetitions = 1_000
    /// Instructions of a compiled pattern.
    static let instructions = 5_000
    /// Steps of one search, a small part of a second.
    static let steps = 4_000_000
}
