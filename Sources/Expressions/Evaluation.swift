/// One evaluation: the facts, the open predicates and how much it has cost.
struct Evaluation {
    private var names: [String: Value]
    /// Elements of the open predicates, innermost last.
    private var elements: [Value] = []
    private var steps = 0
    private var depth = 0

    init(_ facts: [String: Value]) { names = facts }

    mutating func value(_ node: Node) throws(ExpressionError) -> Value {
        steps += 1
        guard steps <= Limits.steps else { throw ExpressionError("the expression takes more than \(Limits.steps) steps", at: 1) }
        switch node {
        case .literal(let value): return value
        case .name(let name, let column): return try named(name, column)
        case .element(let column):
            guard let element = elements.last else { throw ExpressionError("'#' stands outside of a predicate", at: column) }
            return element
        case .array(let items): return .array(try values(items))
        case .map(let entries, let column): return try map(entries, column)
        case .unary(let sign, let operand, let column): return try Operators.unary(sign, value(operand), column)
        case .binary(let sign, let left, let right, let column): return try binary(sign, left, right, column)
        case .conditional(let condition, let yes, let no):
            guard case .bool(let answer) = try value(condition) else {
                throw ExpressionError("a condition is neither true nor false", at: 1)
            }
            return try value(answer ? yes : no)
        case .index(let base, let key, let isOptional, let column):
            let base = try value(base)
            if isOptional, base == .null { return .null }
            return try Operators.index(base, value(key), column)
        case .slice(let base, let from, let to, let column): return try slice(value(base), from, to, column)
        case .call(let name, let arguments, let column): return try call(name, arguments, column)
        case .method(let base, let name, let column): return try Builtins.method(name, of: value(base), column)
        case .closure(let body): return try value(body)
        case .letting(let name, let bound, let body):
            let before = names[name]
            names[name] = try value(bound)
            defer { names[name] = before }
            return try value(body)
        }
    }

    private mutating func values(_ nodes: [Node]) throws(ExpressionError) -> [Value] {
        var values: [Value] = []
        for node in nodes { values.append(try value(node)) }
        return values
    }

    private func named(_ name: String, _ column: Int) throws(ExpressionError) -> Value {
        if name == "$env" { return .map(names.filter { !$0.key.hasPrefix("#") }) }
        guard let value = names[name] else { throw ExpressionError("unknown name '\(name)'", at: column) }
        return value
    }

    private mutating func map(_ entries: [(key: Node, value: Node)], _ column: Int) throws(ExpressionError) -> Value {
        var members: [String: Value] = [:]
        for entry in entries {
            guard case .string(let key) = try value(entry.key) else { throw ExpressionError("a key is no text", at: column) }
            members[key] = try value(entry.value)
        }
        return .map(members)
    }

    /// The right side of `and`, `or` and `??` is asked only when it decides.
    private mutating func binary(_ sign: String, _ left: Node, _ right: Node, _ column: Int) throws(ExpressionError) -> Value {
        let first = try value(left)
        switch sign {
        case "and", "&&", "or", "||":
            guard case .bool(let answer) = first else { throw Operators.mismatch(sign, first, nil, column) }
            if answer == (sign == "or" || sign == "||") { return first }
            let second = try value(right)
            guard case .bool = second else { throw Operators.mismatch(sign, first, second, column) }
            return second
        case "??": return first == .null ? try value(right) : first
        default: return try Operators.binary(sign, first, value(right), column)
        }
    }

    private mutating func slice(_ base: Value, _ from: Node?, _ to: Node?, _ column: Int) throws(ExpressionError) -> Value {
        func bound(_ value: Value?, _ fallback: Int, _ count: Int) throws(ExpressionError) -> Int {
            guard let value else { return fallback }
            guard case .int(let number) = value else { throw ExpressionError("an index is no whole number", at: column) }
            return min(max(number < 0 ? count + max(number, -count) : number, 0), count)
        }
        var first: Value?
        var last: Value?
        if let from { first = try value(from) }
        if let to { last = try value(to) }
        switch base {
        case .array(let items):
            let (start, end) = (try bound(first, 0, items.count), try bound(last, items.count, items.count))
            return .array(start < end ? Array(items[start..<end]) : [])
        case .string(let text):
            let characters = Array(text)
            let (start, end) = (try bound(first, 0, characters.count), try bound(last, characters.count, characters.count))
            return .string(start < end ? String(characters[start..<end]) : "")
        default: throw ExpressionError("a \(base.typeName) cannot be cut", at: column)
        }
    }

    private mutating func call(_ name: String, _ arguments: [Node], _ column: Int) throws(ExpressionError) -> Value {
        guard Builtins.predicates.contains(name), arguments.count > 1 || Builtins.needsPredicate.contains(name) else {
            if name == "now" { return try named("now", column) }
            // Upstream's own two look at the measured result, whatever they are given.
            if name == "isNil" || name == "default" {
                let first = try value(arguments[0])
                let isNothing = (names["result"] ?? first) == .null
                if name == "isNil" { return .bool(isNothing) }
                return isNothing ? try value(arguments[1]) : first
            }
            return try Builtins.call(name, values(arguments), column)
        }
        guard case .array(let items) = try value(arguments[0]) else {
            throw ExpressionError("'\(name)' takes a list", at: column)
        }
        if name == "reduce" { return try reduce(items, arguments, column) }
        var results: [Value] = []
        for (position, item) in items.enumerated() {
            results.append(try apply(arguments[1], to: item, at: position))
        }
        if Builtins.answering.contains(name) {
            for result in results {
                guard case .bool = result else { throw ExpressionError("the predicate of '\(name)' gives \(result.typeName)", at: column) }
            }
        }
        return try Builtins.decide(name, items, results, column)
    }

    private mutating func apply(_ predicate: Node, to item: Value, at position: Int) throws(ExpressionError) -> Value {
        elements.append(item)
        let before = names["#index"]
        names["#index"] = .int(position)
        defer {
            elements.removeLast()
            names["#index"] = before
        }
        return try value(predicate)
    }

    private mutating func reduce(_ items: [Value], _ arguments: [Node], _ column: Int) throws(ExpressionError) -> Value {
        var rest = items[...]
        var sum: Value
        if arguments.count > 2 {
            sum = try value(arguments[2])
        } else {
            guard let first = rest.popFirst() else { throw ExpressionError("'reduce' of an empty list", at: column) }
            sum = first
        }
        let before = names["#acc"]
        defer { names["#acc"] = before }
        for (position, item) in zip(rest.indices, rest) {
            names["#acc"] = sum
            sum = try apply(arguments[1], to: item, at: position)
        }
        return sum
    }
}
