/// Builds the tree by precedence (`semantics.md` 0.6, after expr-lang's `parser/operator`).
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private var depth = 0
    /// How many predicates are open: only inside one `#` and `.field` mean something.
    private var predicates = 0

    private static let binary: [String: (precedence: Int, isRightAssociative: Bool)] = [
        "|": (0, false), "or": (10, false), "||": (10, false), "and": (15, false), "&&": (15, false),
        "==": (20, false), "!=": (20, false), "<": (20, false), ">": (20, false), "<=": (20, false), ">=": (20, false),
        "in": (20, false), "matches": (20, false), "contains": (20, false), "startsWith": (20, false),
        "endsWith": (20, false), "..": (25, false), "+": (30, false), "-": (30, false), "*": (60, false), "/": (60, false),
        "%": (60, false), "**": (100, true), "^": (100, true), "??": (500, false),
    ]
    private static let negatable: Set<String> = ["in", "matches", "contains", "startsWith", "endsWith"]
    private static let reserved: Set<String> = ["and", "or", "not", "in", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"]

    static func parse(_ text: String) throws(ExpressionError) -> Node {
        var parser = Parser(tokens: try Lexer.tokens(text))
        if parser.token.kind == .end { throw ExpressionError("the expression is empty", at: 1) }
        let node = try parser.sequence()
        guard parser.token.kind == .end else { throw parser.unexpected() }
        return node
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private var token: Token { tokens[min(position, tokens.count - 1)] }

    private func unexpected(_ wanted: String? = nil) -> ExpressionError {
        let found: String =
            switch token.kind {
            case .end: "the expression ends"
            case .name(let name): "'\(name)' stands"
            case .symbol(let symbol): "'\(symbol)' stands"
            case .string: "a text stands"
            case .number: "a number stands"
            }
        return ExpressionError(wanted.map { "\(found) where \($0) should" } ?? "\(found) where nothing fits", at: token.column)
    }

    private func isSymbol(_ text: String) -> Bool { token.kind == .symbol(text) }
    private func isWord(_ text: String) -> Bool { token.kind == .name(text) }

    private mutating func take(_ text: String) -> Bool {
        guard isSymbol(text) || isWord(text) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ text: String) throws(ExpressionError) {
        guard take(text) else { throw unexpected("'\(text)'") }
    }

    private mutating func nested<Result>(_ body: (inout Parser) throws(ExpressionError) -> Result) throws(ExpressionError) -> Result {
        depth += 1
        guard depth <= Limits.depth else { throw ExpressionError("parts are nested deeper than \(Limits.depth)", at: token.column) }
        defer { depth -= 1 }
        return try body(&self)
    }

    /// `let x = …; …`, or an expression.
    private mutating func sequence() throws(ExpressionError) -> Node {
        guard isWord("let") else { return try expression(0) }
        return try nested { (parser) throws(ExpressionError) in
            parser.position += 1
            guard case .name(let name) = parser.token.kind, !Self.reserved.contains(name) else { throw parser.unexpected("a name") }
            parser.position += 1
            try parser.expect("=")
            let value = try parser.expression(0)
            try parser.expect(";")
            return .letting(name, value, try parser.sequence())
        }
    }

    private mutating func expression(_ least: Int) throws(ExpressionError) -> Node {
        try nested { (parser) throws(ExpressionError) in try parser.operators(least) }
    }

    private mutating func operators(_ least: Int) throws(ExpressionError) -> Node {
        var left = try unary()
        while let name = operatorName {
            let column = token.column
            let isNegated = name == "not"
            let word = isNegated ? negated : name
            guard let word, let rule = Self.binary[word], rule.precedence >= least else { break }
            position += isNegated ? 2 : 1
            if word == "|" {
                left = try piped(left)
                continue
            }
            let right = try expression(rule.isRightAssociative ? rule.precedence : rule.precedence + 1)
            left = .binary(word, left, right, column)
            if isNegated { left = .unary("not", left, column) }
        }
        if least == 0, isSymbol("?") {
            position += 1
            if take(":") { return .conditional(left, left, try expression(0)) }
            let yes = try expression(0)
            try expect(":")
            return .conditional(left, yes, try expression(0))
        }
        return left
    }

    private var operatorName: String? {
        switch token.kind {
        case .symbol(let symbol) where Self.binary[symbol] != nil: symbol
        case .name(let name) where Self.binary[name] != nil || name == "not": name
        default: nil
        }
    }

    /// The operator behind `not`, as in `x not in xs`.
    private var negated: String? {
        guard position + 1 < tokens.count, case .name(let name) = tokens[position + 1].kind, Self.negatable.contains(name) else { return nil }
        return name
    }

    /// `value | call(…)` is `call(value, …)`.
    private mutating func piped(_ value: Node) throws(ExpressionError) -> Node {
        let column = token.column
        guard case .name(let name) = token.kind, !Self.reserved.contains(name) else { throw unexpected("a function") }
        position += 1
        try expect("(")
        return try postfix(.call(name, try arguments(of: name, after: [value]), column))
    }

    private mutating func unary() throws(ExpressionError) -> Node {
        let column = token.column
        for (sign, precedence) in [("not", 50), ("!", 50), ("-", 90), ("+", 90)] where isSymbol(sign) || isWord(sign) {
            position += 1
            let operand = try expression(precedence)
            return .unary(sign == "!" ? "not" : sign, operand, column)
        }
        return try postfix(try primary())
    }

    private mutating func primary() throws(ExpressionError) -> Node {
        let (kind, column) = (token.kind, token.column)
        position += 1
        switch kind {
        case .number(let value): return .literal(value)
        case .string(let text): return .literal(.string(text))
        case .symbol("("):
            let inner = try sequence()
            try expect(")")
            return inner
        case .symbol("["): return .array(try list(until: "]"))
        case .symbol("{"): return try map(column)
        case .symbol("#") where predicates > 0:
            // `#acc` and `#index` belong to the predicate too.
            if case .name(let name) = token.kind, token.column == column + 1 {
                position += 1
                return .name("#" + name, column)
            }
            return .element(column)
        case .symbol(".") where predicates > 0:
            guard case .name(let name) = token.kind else { break }
            position += 1
            return .index(.element(column), .literal(.string(name)), isOptional: false, column)
        case .name("true"): return .literal(.bool(true))
        case .name("false"): return .literal(.bool(false))
        case .name("nil"): return .literal(.null)
        case .name("if"): return try branch()
        case .name(let name) where !Self.reserved.contains(name):
            guard take("(") else { return .name(name, column) }
            return .call(name, try arguments(of: name, after: []), column)
        default: break
        }
        position -= 1
        throw unexpected("a value")
    }

    /// `if condition { … } else { … }`.
    private mutating func branch() throws(ExpressionError) -> Node {
        let condition = try expression(0)
        try expect("{")
        let yes = try sequence()
        try expect("}")
        try expect("else")
        if take("if") { return .conditional(condition, yes, try branch()) }
        try expect("{")
        let no = try sequence()
        try expect("}")
        return .conditional(condition, yes, no)
    }

    private mutating func list(until end: String) throws(ExpressionError) -> [Node] {
        var items: [Node] = []
        while !isSymbol(end) {
            items.append(try expression(0))
            if !take(",") { break }
        }
        try expect(end)
        return items
    }

    private mutating func map(_ column: Int) throws(ExpressionError) -> Node {
        var entries: [(key: Node, value: Node)] = []
        while !isSymbol("}") {
            let key: Node
            switch token.kind {
            case .name(let name), .string(let name): key = .literal(.string(name))
            case .symbol("("): key = try nestedKey()
            default: throw unexpected("a key")
            }
            position += 1
            try expect(":")
            entries.append((key, try expression(0)))
            if !take(",") { break }
        }
        try expect("}")
        return .map(entries, column)
    }

    private mutating func nestedKey() throws(ExpressionError) -> Node {
        position += 1
        let key = try expression(0)
        guard isSymbol(")") else { throw unexpected("')'") }
        return key
    }

    private mutating func arguments(of name: String, after first: [Node]) throws(ExpressionError) -> [Node] {
        var arguments = first
        while !isSymbol(")") {
            let takesPredicate = Builtins.predicates.contains(name) && arguments.count == 1
            arguments.append(takesPredicate ? .closure(try predicate()) : try expression(0))
            if !take(",") { break }
        }
        try expect(")")
        return arguments
    }

    /// With or without braces.
    private mutating func predicate() throws(ExpressionError) -> Node {
        predicates += 1
        defer { predicates -= 1 }
        guard take("{") else { return try expression(0) }
        let body = try sequence()
        try expect("}")
        return body
    }

    private mutating func postfix(_ start: Node) throws(ExpressionError) -> Node {
        var node = start
        while true {
            let column = token.column
            if isSymbol(".") || isSymbol("?.") {
                let isOptional = isSymbol("?.")
                position += 1
                if isOptional, take("[") {
                    node = .index(node, try expression(0), isOptional: true, column)
                    try expect("]")
                    continue
                }
                guard case .name(let name) = token.kind else { throw unexpected("a field's name") }
                position += 1
                if take("(") {
                    try expect(")")
                    node = .method(node, name, column)
                } else {
                    node = .index(node, .literal(.string(name)), isOptional: isOptional, column)
                }
            } else if take("[") {
                node = try subscripted(node, column)
            } else {
                return node
            }
        }
    }

    private mutating func subscripted(_ base: Node, _ column: Int) throws(ExpressionError) -> Node {
        let from: Node? = isSymbol(":") ? nil : try expression(0)
        if take(":") {
            let to: Node? = isSymbol("]") ? nil : try expression(0)
            try expect("]")
            return .slice(base, from, to, column)
        }
        try expect("]")
        guard let from else { throw unexpected("an index") }
        return .index(base, from, isOptional: false, column)
    }
}
