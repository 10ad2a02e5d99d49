/// The keys that one kind of map in a rule file may have: the source of the decoder's checks and of the JSON Schema.
///
/// 1. A key that is not in the table is unknown; names near it come from the table.
/// 2. A key that is in the table and that the decoder does not ask for is refused as not supported, never ignored.
public struct MapSchema: Sendable {
    /// Names the definition in the JSON Schema.
    public let name: String
    /// In words with an article, for messages: `a stage`.
    public let what: String
    public let description: String
    public let keys: [KeySchema]
    /// Keys with this prefix are free, for anchors.
    public let freePrefix: String?
    /// What stands under keys that are not in the table; nil: there are none.
    public let others: ValueSchema?

    init(
        _ name: String, _ what: String, _ description: String, freePrefix: String? = nil, others: ValueSchema? = nil,
        _ keys: [KeySchema]
    ) {
        self.name = name
        self.what = what
        self.description = description
        self.freePrefix = freePrefix
        self.others = others
        self.keys = keys
    }

    func key(_ name: String) -> KeySchema? { keys.first { $0.name == name } }
}

/// One key of a map.
public struct KeySchema: Sendable {
    public let name: String
    public let value: ValueSchema
    /// One sentence, as an editor shows it.
    public let description: String
    public let isRequired: Bool
    /// Keys that must be there when this one is.
    public let needs: [String]
    /// False: part of the contract, refused by this version.
    public let isSupported: Bool

    init(_ name: String, _ value: ValueSchema, _ description: String, required: Bool = false, needs: [String] = []) {
        self.name = name
        self.value = value
        self.description = description
        isRequired = required
        self.needs = needs
        isSupported = true
    }

    private init(planned name: String) {
        self.name = name
        value = .any
        description = ""
        isRequired = false
        needs = []
        isSupported = false
    }

    /// Keys of the contract that this version refuses.
    static func planned(_ names: String...) -> [KeySchema] { names.map(KeySchema.init(planned:)) }
}

/// What stands under a key.
public indirect enum ValueSchema: Sendable {
    /// Any scalar but null: numbers and booleans are read as their text.
    case text
    case flag
    /// A whole number of at least this.
    case count(Int)
    /// A time span such as `90s`, `24h`, `7d`.
    case span
    case choice([String])
    case list(ValueSchema)
    case map(MapSchema)
    /// A map with free keys.
    case mapOf(ValueSchema)
    case either([ValueSchema])
    /// Null, which says outright that there is nothing.
    case nothing
    case any

    static func choice<Value: RawRepresentable & CaseIterable>(of type: Value.Type) -> ValueSchema where Value.RawValue == String {
        .choice(type.allCases.map(\.rawValue))
    }
}
