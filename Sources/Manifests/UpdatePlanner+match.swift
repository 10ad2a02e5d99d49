import Patterns
import YAMLEdit

extension UpdatePlanner {
    /// Texts above this are not searched.
    private static let longestSearched = 1 << 16

    /// Replaces the one place that the pattern matches, or its first group.
    mutating func setMatch(
        _ path: YAMLPath, _ pattern: String, _ text: String, _ typing: ValueTyping
    ) throws(ManifestError) {
        let old: String
        do throws(YAMLError) {
            old = try file.get(path)
        } catch {
            throw .yaml(error, operation: "set \(path)")
        }
        guard old.utf8.count <= Self.longestSearched else {
            throw fault(path, .yaml, "the text is longer than \(Self.longestSearched) bytes, which are not searched")
        }
        let (matches, hasGroup): ([Pattern.Match], Bool)
        do throws(PatternError) {
            let pattern = try Pattern(pattern)
            // A third one would say no more.
            (matches, hasGroup) = (try pattern.matches(in: old, atMost: 2), pattern.hasGroup)
        } catch {
            throw fault(path, .invalidArgument, "`\(pattern)` is no regular expression that can be used: \(error)")
        }
        guard let match = matches.first, matches.count == 1 else {
            let count = matches.isEmpty ? "nothing" : "more than one place"
            throw fault(
                path, matches.isEmpty ? .notFound : .ambiguous,
                "`\(pattern)` matches \(count) in `\(Self.excerpt(old))`, and must match one")
        }
        let range = hasGroup ? match.group : match.range
        guard let range, !range.isEmpty else {
            throw fault(path, .notFound, "`\(pattern)` matches an empty text in `\(Self.excerpt(old))`")
        }
        let new = old[..<range.lowerBound] + text + old[range.upperBound...]
        try set(path, String(new), typing, part: String(old[range]))
    }

    private static func excerpt(_ text: String) -> String {
        text.unicodeScalars.count <= 80 ? text : String(text.unicodeScalars.prefix(79)) + "…"
    }

    private func fault(_ path: YAMLPath, _ code: ManifestError.Code, _ message: String) -> ManifestError {
        ManifestError(
            code: code, operation: "set a part of \(path)", subject: file.path,
            diagnostics: [Diagnostic(message: "`\(path)`: " + message, path: file.path)])
    }
}
