import YAMLEdit

extension UpdatePlanner {
    /// Texts above this are not searched: a pattern can cost much more than the text is long.
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
        let regex: Regex<AnyRegexOutput>
        do {
            regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
        } catch {
            throw fault(path, .invalidArgument, "`\(pattern)` is no regular expression")
        }
        let matches = old.matches(of: regex)
        guard let match = matches.first, matches.count == 1 else {
            let count = matches.isEmpty ? "nothing" : "\(matches.count) places"
            throw fault(
                path, matches.isEmpty ? .notFound : .ambiguous,
                "`\(pattern)` matches \(count) in `\(Self.excerpt(old))`, and must match one")
        }
        let range = match.output.count > 1 ? match.output[1].range : match.range
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
