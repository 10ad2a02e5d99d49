/// A value of the language.
public indirect enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case array([Value])
    case map([String: Value])
    /// Whole seconds since 1970-01-01T00:00:00Z.
    case time(Int)
    /// Seconds.
    case duration(Double)

    /// What people call its type, as `type()` answers it.
    public var typeName: String {
        switch self {
        case .null: "nil"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "string"
        case .array: "array"
        case .map: "map"
        case .time: "time"
        case .duration: "duration"
        }
    }

    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// Equality of the language: whole numbers and decimals compare as numbers, also inside lists and maps; NaN equals nothing.
    func equals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): left == right
        case (.int, .float), (.float, .int), (.float, .float): number == other.number
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
        case (.map(let left), .map(let right)):
            left.count == right.count && left.allSatisfy { key, value in right[key].map(value.equals) ?? false }
        case (.duration(let left), .duration(let right)): left == right
        default: self == other
        }
    }
}
