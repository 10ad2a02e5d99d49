/// The functions of the language.
enum Builtins {
    /// Whose second argument is asked about each element.
    static let predicates: Set<String> = answering.union(["map", "sum", "sortBy", "reduce", "groupBy"])
    /// Whose predicate answers yes or no.
    static let answering: Set<String> = ["all", "none", "any", "one", "filter", "find", "findIndex", "findLast", "findLastIndex", "count"]
    /// `count` and `sum` may do without.
    static let needsPredicate = predicates.subtracting(["count", "sum"])

    /// How many arguments each function takes.
    static let arguments: [String: ClosedRange<Int>] = {
        var counts: [String: ClosedRange<Int>] = [:]
        for name in predicates { counts[name] = 2...2 }
        for name in ["count", "sum"] { counts[name] = 1...2 }
        for name in ["reduce", "sortBy"] { counts[name] = 2...3 }
        for name in [
            "len", "type", "abs", "ceil", "floor", "round", "int", "float", "string", "upper", "lower", "first", "last", "keys",
            "values", "reverse", "uniq", "flatten", "duration", "date", "mean", "median", "toPairs", "fromPairs",
            "asInt", "asFloat", "isNaN", "isInf", "isNil",
        ] { counts[name] = 1...1 }
        counts["default"] = 2...2
        for name in ["trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix", "indexOf", "lastIndexOf", "get", "take", "repeat"] {
            counts[name] = 2...2
        }
        for name in ["trim", "join", "sort"] { counts[name] = 1...2 }
        counts["split"] = 2...2
        counts["replace"] = 3...3
        counts["now"] = 0...0
        for name in ["max", "min", "concat"] { counts[name] = 1...64 }
        return counts
    }()

    static let methods: Set<String> = [
        "Year", "Month", "Day", "Hour", "Minute", "Second", "Weekday", "YearDay", "Unix", "Hours", "Minutes", "Seconds",
    ]

    static func countInWords(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound
            ? "\(range.lowerBound) argument\(range.lowerBound == 1 ? "" : "s")"
            : "\(range.lowerBound) to \(range.upperBound) arguments"
    }

    /// What a predicate's results about a list come to.
    static func decide(_ name: String, _ items: [Value], _ results: [Value], _ column: Int) throws(ExpressionError) -> Value {
        let yes = results.indices.filter { results[$0] == .bool(true) }
        switch name {
        case "all": return .bool(yes.count == items.count)
        case "none": return .bool(yes.isEmpty)
        case "any": return .bool(!yes.isEmpty)
        case "one": return .bool(yes.count == 1)
        case "filter": return .array(yes.map { items[$0] })
        case "find": return yes.first.map { items[$0] } ?? .null
        case "findLast": return yes.last.map { items[$0] } ?? .null
        case "findIndex": return .int(yes.first ?? -1)
        case "findLastIndex": return .int(yes.last ?? -1)
        case "count": return .int(yes.count)
        case "map": return .array(results)
        case "sum": return try sum(results, column)
        case "sortBy":
            let order = try sorted(results, column)
            return .array(order.map { items[$0] })
        default:
            var groups: [String: Value] = [:]
            for (item, key) in zip(items, results) {
                guard case .string(let key) = key else { throw ExpressionError("the predicate of '\(name)' gives \(key.typeName)", at: column) }
                guard case .array(let before)? = groups[key] else {
                    groups[key] = .array([item])
                    continue
                }
                groups[key] = .array(before + [item])
            }
            return .map(groups)
        }
    }

    static func call(_ name: String, _ arguments: [Value], _ column: Int) throws(ExpressionError) -> Value {
        func wrong() -> ExpressionError {
            ExpressionError("'\(name)' cannot take \(arguments.map(\.typeName).joined(separator: ", "))", at: column)
        }
        let list: [Value]? = if case .array(let items)? = arguments.first { items } else { nil }
        switch (name, arguments.first) {
        case ("len", .string(let text)?): return .int(text.count)
        case ("len", .array(let items)?): return .int(items.count)
        case ("len", .map(let members)?): return .int(members.count)
        case ("type", let value?): return .string(value.typeName)
        case ("string", let value?): return .string(text(of: value))
        case ("asInt", let value?), ("asFloat", let value?), ("isNaN", let value?), ("isInf", let value?):
            guard let answer = MeasuredValues.call(name, value) else { throw wrong() }
            return answer
        case ("duration", .string(let text)?):
            guard let seconds = TimeText.duration(text) else { throw ExpressionError("'\(text)' is no duration", at: column) }
            return .duration(seconds)
        case ("date", .string(let text)?):
            guard let seconds = TimeText.date(text) else { throw ExpressionError("'\(text)' is no date", at: column) }
            return .time(seconds)
        case ("count", _):
            guard let list else { throw wrong() }
            return .int(list.count { $0 == .bool(true) })
        case ("sum", _):
            guard let list else { throw wrong() }
            return try sum(list, column)
        case ("max", _), ("min", _), ("mean", _), ("median", _):
            return try statistic(name, list ?? arguments, column)
        case ("concat", _):
            var joined: [Value] = []
            for argument in arguments {
                guard case .array(let items) = argument else { throw wrong() }
                joined += items
                guard joined.count <= Limits.size else { throw ExpressionError("the list grows too long", at: column) }
            }
            return .array(joined)
        case ("get", let base?):
            switch (base, arguments[1]) {
            case (.map(let members), .string(let key)): return members[key] ?? .null
            case (.array(let items), .int(let number)): return items.indices.contains(number) ? items[number] : .null
            default: return .null
            }
        case (_, .int), (_, .float): if let value = arguments[0].number { return try numeric(name, arguments[0], value, column) }
        case (_, .string(let text)?): return try Texts.call(name, text, arguments, column)
        case (_, .array(let items)?): return try listed(name, items, arguments, column)
        case ("keys", .map(let members)?): return .array(members.keys.sorted().map(Value.string))
        case ("values", .map(let members)?): return .array(members.sorted { $0.key < $1.key }.map(\.value))
        case ("toPairs", .map(let members)?):
            return .array(members.sorted { $0.key < $1.key }.map { .array([.string($0.key), $0.value]) })
        default: break
        }
        throw wrong()
    }

    private static func numeric(_ name: String, _ value: Value, _ number: Double, _ column: Int) throws(ExpressionError) -> Value {
        switch name {
        case "float": return .float(number)
        case "abs":
            if case .int(let whole) = value, whole != .min { return .int(abs(whole)) }
            return .float(abs(number))
        case "ceil": return .float(number.rounded(.up))
        case "floor": return .float(number.rounded(.down))
        case "round": return .float(number.rounded())
        case "int":
            guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw ExpressionError("the number is too large", at: column) }
            return .int(whole)
        default: throw ExpressionError("'\(name)' cannot take \(value.typeName)", at: column)
        }
    }

    private static func listed(_ name: String, _ items: [Value], _ arguments: [Value], _ column: Int) throws(ExpressionError) -> Value {
        switch (name, arguments.count > 1 ? arguments[1] : .null) {
        case ("first", _): return items.first ?? .null
        case ("last", _): return items.last ?? .null
        case ("reverse", _): return .array(items.reversed())
        case ("uniq", _): return .array(items.reduce(into: []) { unique, item in if !unique.contains(where: item.equals) { unique.append(item) } })
        case ("flatten", _): return .array(items.flatMap { item -> [Value] in if case .array(let inner) = item { inner } else { [item] } })
        case ("take", .int(let count)): return .array(Array(items.prefix(max(0, count))))
        case ("sort", let direction):
            let order = try sorted(items, column)
            return .array((direction == .string("desc") ? order.reversed() : order).map { items[$0] })
        case ("join", let separator):
            var texts: [String] = []
            for item in items {
                guard case .string(let text) = item else { throw ExpressionError("'join' takes texts", at: column) }
                texts.append(text)
            }
            guard texts.reduce(0, { $0 + $1.utf8.count }) <= Limits.size else { throw ExpressionError("the text grows too long", at: column) }
            return .string(texts.joined(separator: separator == .null ? "" : text(of: separator)))
        case ("fromPairs", _):
            var members: [String: Value] = [:]
            for item in items {
                guard case .array(let pair) = item, pair.count == 2, case .string(let key) = pair[0] else {
                    throw ExpressionError("'fromPairs' takes pairs of a text and a value", at: column)
                }
                members[key] = pair[1]
            }
            return .map(members)
        default: throw ExpressionError("'\(name)' cannot take array", at: column)
        }
    }

    private static func sum(_ values: [Value], _ column: Int) throws(ExpressionError) -> Value {
        var sum = Value.int(0)
        for value in values { sum = try Operators.binary("+", sum, value, column) }
        return sum
    }

    private static func statistic(_ name: String, _ values: [Value], _ column: Int) throws(ExpressionError) -> Value {
        guard values.allSatisfy({ $0.number != nil }), !values.isEmpty else {
            throw ExpressionError("'\(name)' takes numbers, at least one", at: column)
        }
        let order = try sorted(values, column).map { values[$0] }
        switch name {
        case "max": return order[order.count - 1]
        case "min": return order[0]
        case "mean": return .float(values.reduce(0) { $0 + ($1.number ?? 0) } / Double(values.count))
        default:
            let middle = order.count / 2
            let upper = order[middle].number ?? 0
            return .float(order.count.isMultiple(of: 2) ? ((order[middle - 1].number ?? 0) + upper) / 2 : upper)
        }
    }

    /// Positions in the order of their values. Throws when two of them have no order.
    private static func sorted(_ values: [Value], _ column: Int) throws(ExpressionError) -> [Int] {
        for value in values.dropFirst() { _ = try Operators.ordered("<", values[0], value, column) }
        return values.indices.sorted { left, right in
            do { return try Operators.ordered("<", values[left], values[right], column) } catch { return false }
        }
    }

    static func text(of value: Value) -> String {
        switch value {
        case .null: "nil"
        case .bool(let answer): answer ? "true" : "false"
        case .int(let number): String(number)
        case .float(let number): number.rounded() == number && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
        case .string(let text): text
        case .array(let items): "[" + items.map(text).joined(separator: " ") + "]"
        case .map(let members): "map[" + members.sorted { $0.key < $1.key }.map { "\($0.key):\(text(of: $0.value))" }.joined(separator: " ") + "]"
        case .time(let seconds): TimeText.text(seconds)
        case .duration(let seconds): "\(seconds)s"
        }
    }

    /// Methods of times, in UTC, and of durations.
    static func method(_ name: String, of value: Value, _ column: Int) throws(ExpressionError) -> Value {
        switch value {
        case .duration(let seconds):
            switch name {
            case "Hours": return .float(seconds / 3_600)
            case "Minutes": return .float(seconds / 60)
            case "Seconds": return .float(seconds)
            default: break
            }
        case .time(let seconds):
            if let field = TimeText.field(name, of: seconds) { return .int(field) }
        default: break
        }
        throw ExpressionError("a \(value.typeName) has no method '\(name)'", at: column)
    }
}
