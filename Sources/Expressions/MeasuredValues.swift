/// The functions that Argo Rollouts adds to the language for its analyses (`semantics.md` 4.3).
enum MeasuredValues {
    /// Nil when the value cannot be taken.
    static func call(_ name: String, _ value: Value) -> Value? {
        switch (name, value) {
        case ("asInt", .int), ("asFloat", .float): value
        case ("asInt", .float(let number)): Int(exactly: number.rounded(.towardZero)).map(Value.int)
        case ("asInt", .string(let text)): Int(text).map(Value.int)
        case ("asFloat", .int(let number)): .float(Double(number))
        case ("asFloat", .string(let text)): Double(text).map(Value.float)
        case ("isNaN", _): value.number.map { .bool($0.isNaN) }
        case ("isInf", _): value.number.map { .bool($0.isInfinite) }
        default: nil
        }
    }

    /// A comparison that no value can make true: upstream refuses it when it compiles the expression.
    static func isMismatch(_ left: Node, _ right: Node) -> Bool {
        guard case .call(let name, _, _) = left, name == "asInt" || name == "asFloat" else { return false }
        return switch right {
        case .literal(.string), .literal(.bool): true
        default: false
        }
    }
}
