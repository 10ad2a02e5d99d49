/// What a scalar means by the core schema of YAML 1.2.
public enum ScalarType: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string
}

extension YAMLNode {
    private static let tagPrefix = "tag:yaml.org,2002:"
    /// The standard tags of scalars that are no text.
    static let nonStringTags: Set<String> = ["null", "bool", "int", "float", "timestamp", "binary"]

    /// The type of a scalar by YAML 1.2's core schema; an alias has its target's; collections are `.string`.
    ///
    /// Quoted and block scalars are strings unless a tag says otherwise. An integer that does not fit 64 bits is a float.
    /// Rule: https://yaml.org/spec/1.2.2/#103-core-schema
    public var scalarType: ScalarType {
        let node = resolved
        guard let text = node.scalarText else { return .string }
        if let tag = node.tag {
            guard tag.hasPrefix(Self.tagPrefix) else { return .string }
            return ["null", "bool", "int", "float"].contains(tag.dropFirst(Self.tagPrefix.count))
                ? ScalarType(coreSchema: text) : .string
        }
        return node.style == .plain ? ScalarType(coreSchema: text) : .string
    }

    /// Whether every common parser takes this scalar for a string.
    public var readsAsString: Bool {
        let node = resolved
        guard let text = node.scalarText else { return false }
        if node.tag != nil {
            return node.standardTag.map { !Self.nonStringTags.contains($0) } ?? true
        }
        return node.style != .plain || !readsAsNonString(text)
    }

    /// The last part of a standard tag: `str` for `!!str`.
    var standardTag: String? {
        guard let tag, tag.hasPrefix(Self.tagPrefix) else { return nil }
        return String(tag.dropFirst(Self.tagPrefix.count))
    }
}

extension ScalarType {
    /// Reads the text of a plain scalar.
    public init(coreSchema text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        case ".nan", ".NaN", ".NAN": self = .float(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .float(-.infinity)
        default: self = Self.number(text) ?? .string
        }
    }

    private static func number(_ text: String) -> ScalarType? {
        let bytes = Array(text.utf8)
        guard bytes.count <= PlainReading.longestNumber else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0o") {
            let radix = text.hasPrefix("0x") ? 16 : 8
            let digits = text.dropFirst(2)
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.hexDigitValue != nil })
            else { return nil }
            return Int(digits, radix: radix).map(ScalarType.int)
        }
        guard PlainReading.isDecimalNumber(bytes[...], underscores: false) else { return nil }
        if bytes.allSatisfy({ PlainReading.isDigit($0) || PlainReading.isSign($0) }),
            let value = Int(text)
        {
            return .int(value)
        }
        return Double(text).map(ScalarType.float)
    }
}
