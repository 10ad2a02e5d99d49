/// A path with captures in braces, such as `services/{group}/{service}/overlays/dev`, by which services are found.
///
/// A capture takes one part of the path, or what stands between a fixed beginning and end of it, and never spans `/`.
struct DiscoveryPattern {
    /// One part of the path.
    private enum Part {
        case literal(String)
        case capture(before: String, name: String, after: String)
    }

    /// A path that fits, with what the captures took.
    struct Match: Hashable {
        var path: String
        var captures: [String: String]
    }

    private let parts: [Part]
    /// In order, each once.
    let captures: [String]

    /// What is wrong with the text, as a sentence; nil with a pattern when nothing is.
    static func parse(_ text: String) -> (pattern: DiscoveryPattern?, complaint: String?) {
        if let complaint = RepositoryPath.complaint(about: text) { return (nil, "the path `\(text)` \(complaint)") }
        var parts: [Part] = []
        for part in text.split(separator: "/").map(String.init) {
            let template = PlaceholderTemplate(part)
            guard template.isClosed else { return (nil, "`{` without `}` in `\(text)`") }
            guard let name = template.placeholders.first else {
                parts.append(.literal(part))
                continue
            }
            guard template.placeholders.count == 1 else {
                return (nil, "`\(part)` captures twice: where the first ends cannot be told")
            }
            guard isName(name) else { return (nil, "`{\(name)}` is no name for a capture") }
            guard name == "service" || !Placeholder.isBuiltIn(name) else {
                return (nil, "`from` cannot capture `{\(name)}`, which a promotion gives; name one stage's folder instead")
            }
            let capture = "{\(name)}"
            guard let range = part.firstRange(of: capture) else { continue }
            parts.append(
                .capture(before: String(part[..<range.lowerBound]), name: name, after: String(part[range.upperBound...])))
        }
        let pattern = DiscoveryPattern(parts: parts)
        guard pattern.captures.contains("service") else { return (nil, "`from` captures no `{service}`") }
        return (pattern, nil)
    }

    private init(parts: [Part]) {
        self.parts = parts
        captures = parts.reduce(into: []) { names, part in
            if case .capture(_, let name, _) = part, !names.contains(name) { names.append(name) }
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.first, first.isASCII, first.isLetter else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// Every path of the tree that fits, in order of path.
    ///
    /// - Parameter service: only paths in which `{service}` takes this text. They are looked up instead of listed, so the cost
    ///   does not grow with the number of services.
    func matches(in tree: some PathLister, service: String? = nil) throws -> [Match] {
        var found = [Match(path: "", captures: [:])]
        for (position, part) in parts.enumerated() {
            let isLast = position == parts.count - 1
            found = try found.flatMap { try extended($0, by: part, isLast: isLast, in: tree, service) }
        }
        return found.sorted { $0.path < $1.path }
    }

    private func extended(
        _ match: Match, by part: Part, isLast: Bool, in tree: some PathLister, _ service: String?
    ) throws -> [Match] {
        let prefix = match.path.isEmpty ? "" : match.path + "/"
        func ifThere(_ name: String, _ captures: [String: String]) throws -> [Match] {
            guard let isFolder = try tree.isFolder(prefix + name), isLast || isFolder else { return [] }
            return [Match(path: prefix + name, captures: captures)]
        }
        switch part {
        case .literal(let name): return try ifThere(name, match.captures)
        case .capture(let before, "service", let after) where service != nil:
            let service = service ?? ""
            return try ifThere(before + service + after, match.captures.merging(["service": service]) { $1 })
        case .capture(let before, let capture, let after):
            let entries = (try tree.entries(of: match.path) ?? []).filter { isLast || $0.isFolder }
            return entries.compactMap { entry in
                let name = entry.name
                guard name.hasPrefix(before), name.hasSuffix(after), name.utf8.count > before.utf8.count + after.utf8.count
                else { return nil }
                let taken = String(name.dropFirst(before.count).dropLast(after.count))
                // The same capture twice in one pattern must take the same text.
                if let earlier = match.captures[capture], earlier != taken { return nil }
                return Match(path: prefix + name, captures: match.captures.merging([capture: taken]) { $1 })
            }
        }
    }
}
