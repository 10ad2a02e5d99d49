/// Functions whose first argument is a text.
enum Texts {
    static func call(_ name: String, _ text: String, _ arguments: [Value], _ column: Int) throws(ExpressionError) -> Value {
        let second = arguments.count > 1 ? arguments[1] : .null
        switch (name, second) {
        case ("upper", _): return .string(text.uppercased())
        case ("lower", _): return .string(text.lowercased())
        case ("int", _):
            guard let number = Int(text) else { throw ExpressionError("'\(text)' is no whole number", at: column) }
            return .int(number)
        case ("float", _):
            guard let number = Double(text), number.isFinite else { throw ExpressionError("'\(text)' is no number", at: column) }
            return .float(number)
        case ("trim", .null): return .string(trimmed(text) { $0.isWhitespace })
        case ("trim", .string(let characters)): return .string(trimmed(text) { characters.contains($0) })
        case ("trimPrefix", .string(let part)): return .string(text.hasPrefix(part) ? String(text.dropFirst(part.count)) : text)
        case ("trimSuffix", .string(let part)): return .string(text.hasSuffix(part) ? String(text.dropLast(part.count)) : text)
        case ("hasPrefix", .string(let part)): return .bool(text.hasPrefix(part))
        case ("hasSuffix", .string(let part)): return .bool(text.hasSuffix(part))
        case ("indexOf", .string(let part)): return .int(positions(of: part, in: text).first ?? -1)
        case ("lastIndexOf", .string(let part)): return .int(positions(of: part, in: text).last ?? -1)
        case ("split", .string(let separator)):
            guard !separator.isEmpty else { return .array(text.map { .string(String($0)) }) }
            return .array(pieces(text, separator).map(Value.string))
        case ("replace", .string(let part)):
            guard case .string(let other) = arguments[2] else { break }
            guard !part.isEmpty else { return .string(text) }
            let pieces = pieces(text, part)
            guard text.utf8.count + pieces.count * other.utf8.count <= Limits.size else { throw ExpressionError("the text grows too long", at: column) }
            return .string(pieces.joined(separator: other))
        case ("repeat", .int(let count)):
            guard count >= 0, count <= Limits.size, text.utf8.count * count <= Limits.size else {
                throw ExpressionError("the text grows too long", at: column)
            }
            return .string(String(repeating: text, count: count))
        default: break
        }
        throw ExpressionError("'\(name)' cannot take \(arguments.map(\.typeName).joined(separator: ", "))", at: column)
    }

    private static func trimmed(_ text: String, _ isCut: (Character) -> Bool) -> String {
        var rest = text.drop(while: isCut)
        while let last = rest.last, isCut(last) { rest.removeLast() }
        return String(rest)
    }

    private static func positions(of part: String, in text: String) -> [Int] {
        let (whole, wanted) = (Array(text), Array(part))
        guard !wanted.isEmpty, whole.count >= wanted.count else { return [] }
        return (0...(whole.count - wanted.count)).filter { whole[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    private static func pieces(_ text: String, _ separator: String) -> [String] {
        let whole = Array(text)
        var (pieces, start): ([String], Int) = ([], 0)
        for position in positions(of: separator, in: text) where position >= start {
            pieces.append(String(whole[start..<position]))
            start = position + separator.count
        }
        return pieces + [String(whole[start...])]
    }
}
