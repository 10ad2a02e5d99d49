/// The placeholders that every update may use; a service's `vars` add to them (`design.md` section 5).
public enum Placeholder {
    /// Those with a fixed name. `image[NAME].tag` and `image[NAME].digest` come beside them.
    public static let names = [
        "service", "version", "tag", "digest", "image", "commit", "stage", "environment", "from",
    ]

    /// True for a fixed name and for `image[NAME].tag` and `image[NAME].digest`.
    public static func isBuiltIn(_ name: String) -> Bool {
        names.contains(name) || image(in: name) != nil
    }

    /// The image's name and the part of it that `image[NAME].tag` or `image[NAME].digest` asks for.
    ///
    /// Nil for any other placeholder.
    public static func image(in name: String) -> (name: String, part: String)? {
        guard name.hasPrefix("image["), let close = name.lastIndex(of: "]") else { return nil }
        let start = name.index(name.startIndex, offsetBy: "image[".count)
        let part = name[name.index(after: close)...]
        guard start < close, part == ".tag" || part == ".digest" else { return nil }
        return (String(name[start..<close]), String(part.dropFirst()))
    }
}

/// A template names a placeholder that has no value.
public struct UnknownPlaceholder: Error, Sendable, Hashable, CustomStringConvertible {
    /// Without the braces.
    public var name: String

    public init(name: String) { self.name = name }

    public var description: String { "unknown placeholder `{\(name)}`" }
}

/// A text with placeholders in braces, such as `environments/{stage}/{service}.yaml`.
///
/// There is no escape: a `{` always begins a placeholder if a `}` follows.
public struct PlaceholderTemplate: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case literal(String)
        case placeholder(String)
    }

    private let pieces: [Piece]
    /// False when a `{` has no `}` after it; it then stands for itself.
    public let isClosed: Bool

    public init(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        var isClosed = true
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                isClosed = false
                break
            }
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            pieces.append(.placeholder(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.pieces = pieces
        self.isClosed = isClosed
    }

    /// The names without braces, in order, each as often as it occurs.
    public var placeholders: [String] {
        pieces.compactMap { piece in
            if case .placeholder(let name) = piece { name } else { nil }
        }
    }

    /// The text with every placeholder replaced by its value.
    ///
    /// Throws the first placeholder for which `value` is nil. Values are not expanded again.
    public func expanded(_ value: (String) -> String?) throws(UnknownPlaceholder) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): result += text
            case .placeholder(let name):
                guard let replacement = value(name) else { throw UnknownPlaceholder(name: name) }
                result += replacement
            }
        }
        return result
    }

    /// The text with those placeholders replaced that have a value; the others stay as they are.
    public func filling(_ value: (String) -> String?) -> String { filled(value) }

    func filled(_ value: (String) -> String?) -> String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(let name): value(name) ?? "{\(name)}"
            }
        }.joined()
    }

    /// The one value of the placeholders in `names` that makes the template equal `text`, all other placeholders given.
    ///
    /// `v{version}` and `v1.4.2` give `1.4.2`. Nil when the text does not fit, when the value would be empty, when
    /// none of `names` occurs, or when another placeholder has no value.
    public func solving(_ names: Set<String>, for text: String, _ value: (String) -> String?) -> String? {
        // nil marks the unknown. All unknowns share one value, so its length follows from the total.
        var parts: [[UInt8]?] = []
        for piece in pieces {
            switch piece {
            case .literal(let literal): parts.append(Array(literal.utf8))
            case .placeholder(let name) where names.contains(name): parts.append(nil)
            case .placeholder(let name):
                guard let given = value(name) else { return nil }
                parts.append(Array(given.utf8))
            }
        }
        let unknowns = parts.count { $0 == nil }
        let bytes = Array(text.utf8)
        let left = bytes.count - parts.reduce(0) { $0 + ($1?.count ?? 0) }
        guard unknowns > 0, left > 0, left.isMultiple(of: unknowns) else { return nil }
        let length = left / unknowns
        let start = parts.prefix { $0 != nil }.reduce(0) { $0 + ($1?.count ?? 0) }
        let solution = Array(bytes[start..<start + length])
        guard parts.flatMap({ $0 ?? solution }) == bytes else { return nil }
        return String(validating: solution, as: UTF8.self)
    }
}
