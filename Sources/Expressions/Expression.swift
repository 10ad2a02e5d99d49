import Patterns

/// An expression of the expr-lang subset (`semantics.md` 0.6): parsed once, asked about many facts, without any I/O.
///
/// 1. Evaluation is pure: the same facts give the same value, and `now` is a fact.
/// 2. Length, nesting, steps and the size of what is made are limited; above a limit evaluation throws.
/// 3. What cannot be answered, such as `nil < 3`, throws with its column; it is never taken for false.
public struct Expression: Sendable, Hashable {
    /// As it was written.
    public let text: String
    private let root: Node

    /// Throws `ExpressionError` with the column of the first fault. Names are checked against `known` when it is given.
    public init(_ text: String, known: Set<String>? = nil) throws(ExpressionError) {
        self.text = text
        root = try Parser.parse(text)
        try Self.check(root, known)
    }

    public static func == (lhs: Expression, rhs: Expression) -> Bool { lhs.text == rhs.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// The value for these facts. Throws `ExpressionError` with a column when there is none.
    public func value(_ facts: [String: Value]) throws(ExpressionError) -> Value {
        var evaluation = Evaluation(facts)
        return try evaluation.value(root)
    }

    /// The answer of a condition. Throws also when the value is neither true nor false.
    public func holds(_ facts: [String: Value]) throws(ExpressionError) -> Bool {
        let value = try value(facts)
        guard case .bool(let answer) = value else {
            throw ExpressionError("the expression gives \(value.typeName), not true or false", at: 1)
        }
        return answer
    }

    /// The fields of a name that the expression reads by a fixed key: of `evidence`, `["cves"]` for `evidence.cves > 0`.
    public func fields(of name: String) -> Set<String> {
        var fields: Set<String> = []
        Self.visit(root) { node in
            if case .index(.name(name, _), .literal(.string(let field)), _, _) = node { fields.insert(field) }
        }
        return fields
    }

    private static func visit(_ node: Node, _ body: (Node) -> Void) {
        body(node)
        for child in node.children { visit(child, body) }
    }

    /// Faults that need no facts: functions that do not exist, names that nobody gives, patterns that are none.
    private static func check(_ node: Node, _ known: Set<String>?, _ local: Set<String> = []) throws(ExpressionError) {
        switch node {
        case .call(let name, let arguments, let column):
            guard let allowed = Builtins.arguments[name] else { throw ExpressionError("there is no function '\(name)'", at: column) }
            guard allowed.contains(arguments.count) else {
                throw ExpressionError("'\(name)' takes \(Builtins.countInWords(allowed)), not \(arguments.count)", at: column)
            }
        case .name(let name, let column):
            if let known, !known.contains(name), !local.contains(name), name != "$env", !name.hasPrefix("#") {
                throw ExpressionError("unknown name '\(name)'; known are \(known.sorted().joined(separator: ", "))", at: column)
            }
        case .binary(let sign, let left, let right, let column)
        where ["==", "!=", "<", ">", "<=", ">="].contains(sign)
            && (MeasuredValues.isMismatch(left, right) || MeasuredValues.isMismatch(right, left)):
            throw ExpressionError("'\(sign)' compares a number with something else", at: column)
        case .binary("matches", _, .literal(.string(let pattern)), let column):
            do throws(PatternError) { _ = try Pattern(pattern) } catch { throw ExpressionError("'\(pattern)' is no regular expression: \(error)", at: column) }
        case .method(_, let name, let column):
            guard Builtins.methods.contains(name) else { throw ExpressionError("there is no method '\(name)'", at: column) }
        case .letting(let name, let value, let body):
            try check(value, known, local)
            return try check(body, known, local.union([name]))
        default: break
        }
        for child in node.children { try check(child, known, local) }
    }
}
