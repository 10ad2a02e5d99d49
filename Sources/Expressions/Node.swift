/// A parsed part of an expression with the column where it stands.
indirect enum Node: Sendable, Hashable {
    case literal(Value)
    case name(String, Int)
    /// `#`, the element that a predicate is asked about.
    case element(Int)
    case array([Node])
    case map([(key: Node, value: Node)], Int)
    case unary(String, Node, Int)
    case binary(String, Node, Node, Int)
    case conditional(Node, Node, Node)
    /// `base.name` and `base["name"]`; `isOptional` for `?.`.
    case index(Node, Node, isOptional: Bool, Int)
    case slice(Node, Node?, Node?, Int)
    case call(String, [Node], Int)
    /// `time.Hour()`.
    case method(Node, String, Int)
    /// A predicate of a builtin such as `all`.
    case closure(Node)
    case letting(String, Node, Node)

    static func == (lhs: Node, rhs: Node) -> Bool { lhs.text == rhs.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Stands for the node's content in comparisons.
    private var text: String { "\(self)" }

    /// The node's parts.
    var children: [Node] {
        switch self {
        case .literal, .name, .element: []
        case .array(let items): items
        case .map(let entries, _): entries.flatMap { [$0.key, $0.value] }
        case .unary(_, let operand, _): [operand]
        case .binary(_, let left, let right, _): [left, right]
        case .conditional(let condition, let yes, let no): [condition, yes, no]
        case .index(let base, let key, _, _): [base, key]
        case .slice(let base, let from, let to, _): [base] + [from, to].compactMap(\.self)
        case .call(_, let arguments, _): arguments
        case .method(let base, _, _): [base]
        case .closure(let body): [body]
        case .letting(_, let value, let body): [value, body]
        }
    }
}
