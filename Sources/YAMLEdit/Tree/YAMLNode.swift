/// One node of a parsed file: a scalar, a sequence, a mapping or an alias, with its exact bytes.
///
/// Nodes are immutable. An alias holds the node that it names, so a tree is a graph without cycles.
public final class YAMLNode: Sendable {
    public enum Kind: String, Sendable, Hashable {
        case scalar, sequence, mapping, alias
    }

    /// How a scalar is written.
    public enum ScalarStyle: String, Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    public typealias Entry = (key: YAMLNode, value: YAMLNode)

    public let kind: Kind
    /// The bytes of the node with its quotes or brackets, without anchor, tag and comments.
    ///
    /// A block collection ends with its last child. A block scalar ends after its trailing empty lines. A missing value is
    /// the empty range after its `:` or `-`.
    public let range: Range<Int>
    /// The anchor of this node (`&name`), or for an alias the name it refers to.
    public let anchor: String?
    /// The tag, resolved: `!!str` is `tag:yaml.org,2002:str`.
    public let tag: String?
    /// The style of a scalar; `.plain` for other kinds.
    public let style: ScalarStyle
    /// Whether a collection is written in brackets.
    public let isFlow: Bool
    /// The decoded text of a scalar, nil for other kinds.
    public let scalarText: String?
    /// The items of a sequence in file order, empty for other kinds.
    public let items: [YAMLNode]
    /// The entries of a mapping in file order, merge keys unresolved; empty for other kinds.
    public let entries: [Entry]
    /// The node that an alias names, nil for other kinds.
    public let aliasTarget: YAMLNode?

    /// Whether this is an alias, or holds one.
    public let holdsAlias: Bool
    /// The bytes from the anchor or tag (if any) to the end of the node.
    let fullRange: Range<Int>
    /// Nodes below and including this one when aliases are replaced by what they name.
    let expandedCount: Int
    /// Levels below and including this one when aliases are replaced by what they name.
    let expandedHeight: Int

    init(
        kind: Kind, range: Range<Int>, fullStart: Int? = nil, anchor: String? = nil,
        tag: String? = nil, style: ScalarStyle = .plain, isFlow: Bool = false,
        scalarText: String? = nil, items: [YAMLNode] = [], entries: [Entry] = [],
        aliasTarget: YAMLNode? = nil
    ) {
        self.kind = kind
        self.range = range
        self.anchor = anchor
        self.tag = tag
        self.style = style
        self.isFlow = isFlow
        self.scalarText = scalarText
        self.items = items
        self.entries = entries
        self.aliasTarget = aliasTarget
        let start = min(fullStart ?? range.lowerBound, range.lowerBound)
        fullRange = start..<range.upperBound
        var holdsAlias = kind == .alias
        var count = aliasTarget?.expandedCount ?? 1
        var height = aliasTarget?.expandedHeight ?? 0
        func include(_ child: YAMLNode) {
            let (sum, overflow) = count.addingReportingOverflow(child.expandedCount)
            count = overflow ? .max : sum
            height = max(height, child.expandedHeight)
            holdsAlias = holdsAlias || child.holdsAlias
        }
        items.forEach(include)
        for entry in entries {
            include(entry.key)
            include(entry.value)
        }
        self.holdsAlias = holdsAlias
        expandedCount = count
        expandedHeight = kind == .sequence || kind == .mapping ? height + 1 : height
    }

    /// The node itself, or for an alias the node it names.
    public var resolved: YAMLNode { aliasTarget ?? self }

    /// Whether this is a value that is not written at all, as in `key:`.
    public var isMissing: Bool {
        kind == .scalar && style == .plain && range.isEmpty
    }

    /// "a scalar", "a sequence", … for messages.
    public var kindPhrase: String {
        switch kind {
        case .alias: "an alias"
        case .scalar, .sequence, .mapping: "a \(kind.rawValue)"
        }
    }
}
