import Patterns

/// What the operators do with values.
enum Operators {
    static func mismatch(_ sign: String, _ left: Value, _ right: Value?, _ column: Int) -> ExpressionError {
        ExpressionError("'\(sign)' cannot take \(left.typeName)\(right.map { " and \($0.typeName)" } ?? "")", at: column)
    }

    static func unary(_ sign: String, _ operand: Value, _ column: Int) throws(ExpressionError) -> Value {
        switch (sign, operand) {
        case ("not", .bool(let answer)): return .bool(!answer)
        case ("-", .int(let number)):
            guard number != .min else { throw ExpressionError("the number is too large", at: column) }
            return .int(-number)
        case ("-", .float(let number)): return .float(-number)
        case ("-", .duration(let seconds)): return .duration(-seconds)
        case ("+", .int), ("+", .float): return operand
        default: throw mismatch(sign, operand, nil, column)
        }
    }

    static func binary(_ sign: String, _ left: Value, _ right: Value, _ column: Int) throws(ExpressionError) -> Value {
        switch sign {
        case "==": return .bool(left.equals(right))
        case "!=": return .bool(!left.equals(right))
        case "<", ">", "<=", ">=": return .bool(try ordered(sign, left, right, column))
        case "in": return .bool(try contains(right, left, column))
        case "matches", "contains", "startsWith", "endsWith": return .bool(try compare(sign, left, right, column))
        case "..": return try range(left, right, column)
        default: return try arithmetic(sign, left, right, column)
        }
    }

    static func ordered(_ sign: String, _ left: Value, _ right: Value, _ column: Int) throws(ExpressionError) -> Bool {
        func holds<Item: Comparable>(_ first: Item, _ second: Item) -> Bool {
            switch sign {
            case "<": first < second
            case ">": first > second
            case "<=": first <= second
            default: first >= second
            }
        }
        switch (left, right) {
        case (.int(let first), .int(let second)): return holds(first, second)
        case (.string(let first), .string(let second)): return holds(first, second)
        case (.time(let first), .time(let second)): return holds(first, second)
        case (.duration(let first), .duration(let second)): return holds(first, second)
        default:
            guard let first = left.number, let second = right.number else { throw mismatch(sign, left, right, column) }
            return holds(first, second)
        }
    }

    private static func contains(_ whole: Value, _ part: Value, _ column: Int) throws(ExpressionError) -> Bool {
        switch (whole, part) {
        case (.array(let items), _): return items.contains { $0.equals(part) }
        case (.map(let members), .string(let key)): return members[key] != nil
        case (.null, _): return false
        default: throw mismatch("in", part, whole, column)
        }
    }

    private static func compare(_ sign: String, _ left: Value, _ right: Value, _ column: Int) throws(ExpressionError) -> Bool {
        guard case .string(let text) = left, case .string(let other) = right else { throw mismatch(sign, left, right, column) }
        switch sign {
        case "contains": return other.isEmpty || text.contains(other)
        case "startsWith": return text.hasPrefix(other)
        case "endsWith": return text.hasSuffix(other)
        default: return try matches(text, other, column)
        }
    }

    private static func matches(_ text: String, _ pattern: String, _ column: Int) throws(ExpressionError) -> Bool {
        do throws(PatternError) {
            return try Pattern(pattern).firstMatch(in: text) != nil
        } catch {
            throw ExpressionError("'\(pattern)' is no regular expression, or costs too much: \(error)", at: column)
        }
    }

    private static func range(_ left: Value, _ right: Value, _ column: Int) throws(ExpressionError) -> Value {
        guard case .int(let first) = left, case .int(let last) = right else { throw mismatch("..", left, right, column) }
        guard first <= last else { return .array([]) }
        let (count, overflowed) = last.subtractingReportingOverflow(first)
        guard !overflowed, count < Limits.size else { throw ExpressionError("the range has more than \(Limits.size) numbers", at: column) }
        return .array((first...last).map(Value.int))
    }

    private static func arithmetic(_ sign: String, _ left: Value, _ right: Value, _ column: Int) throws(ExpressionError) -> Value {
        switch (sign, left, right) {
        case ("+", .string(let first), .string(let second)):
            guard first.utf8.count + second.utf8.count <= Limits.size else { throw ExpressionError("the text grows too long", at: column) }
            return .string(first + second)
        case ("+", .time(let time), .duration(let span)), ("+", .duration(let span), .time(let time)): return try moved(time, by: span, column)
        case ("-", .time(let time), .duration(let span)): return try moved(time, by: -span, column)
        case ("-", .time(let first), .time(let second)): return .duration(Double(first) - Double(second))
        case ("+", .duration(let first), .duration(let second)): return .duration(first + second)
        case ("-", .duration(let first), .duration(let second)): return .duration(first - second)
        case ("*", .duration(let span), _): if let factor = right.number { return .duration(span * factor) }
        case ("*", _, .duration(let span)): if let factor = left.number { return .duration(span * factor) }
        case (_, .int(let first), .int(let second)) where ["+", "-", "*", "%"].contains(sign):
            return try whole(sign, first, second, column)
        default: break
        }
        guard let first = left.number, let second = right.number, sign != "%" else { throw mismatch(sign, left, right, column) }
        switch sign {
        case "+": return .float(first + second)
        case "-": return .float(first - second)
        case "*": return .float(first * second)
        case "/": return .float(first / second)
        default: return .float(power(first, second))
        }
    }

    private static func moved(_ time: Int, by span: Double, _ column: Int) throws(ExpressionError) -> Value {
        let sum = Double(time) + span.rounded(.down)
        guard let seconds = Int(exactly: sum) else { throw ExpressionError("the time is out of range", at: column) }
        return .time(seconds)
    }

    private static func whole(_ sign: String, _ first: Int, _ second: Int, _ column: Int) throws(ExpressionError) -> Value {
        if sign == "%", second == 0 { throw ExpressionError("division by zero", at: column) }
        let (result, overflowed) =
            switch sign {
            case "+": first.addingReportingOverflow(second)
            case "-": first.subtractingReportingOverflow(second)
            case "*": first.multipliedReportingOverflow(by: second)
            default: first.remainderReportingOverflow(dividingBy: second)
            }
        guard !overflowed else { throw ExpressionError("the number grows too large", at: column) }
        return .int(result)
    }

    /// Exact for whole exponents; by repeated squaring, so that no C library is needed.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        guard exponent.rounded() == exponent, abs(exponent) <= 1_024 else { return exponent == 0.5 ? base.squareRoot() : .nan }
        var (result, factor, rest) = (1.0, base, Int(abs(exponent)))
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return exponent < 0 ? 1 / result : result
    }

    static func index(_ base: Value, _ key: Value, _ column: Int) throws(ExpressionError) -> Value {
        switch (base, key) {
        case (.map(let members), .string(let name)): return members[name] ?? .null
        case (.array(let items), .int(let number)):
            let position = number < 0 ? items.count + max(number, -items.count - 1) : number
            guard items.indices.contains(position) else {
                throw ExpressionError("index \(number) is outside of a list of \(items.count)", at: column)
            }
            return items[position]
        case (.null, _): throw ExpressionError("nil has no fields", at: column)
        default: throw ExpressionError("a \(base.typeName) has no field by \(key.typeName)", at: column)
        }
    }
}
