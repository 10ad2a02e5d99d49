import PromotionEngine

/// What stands in a place of an output document.
indirect enum OutputShape: Sendable {
    case text
    /// RFC 3339 in UTC, with `Z`.
    case time
    case number
    case flag
    case choice([String])
    case list(OutputShape)
    /// An object with free keys.
    case map(OutputShape)
    case object(OutputObject)
    /// The shape, or null.
    case nullable(OutputShape)
    case nothing

    static func choice<Value: RawRepresentable & CaseIterable>(of type: Value.Type) -> OutputShape where Value.RawValue == String {
        .choice(type.allCases.map(\.rawValue))
    }

    /// As JSON Schema; objects become definitions.
    func schema(_ definitions: inout [String: JSONValue]) -> [String: JSONValue] {
        switch self {
        case .text: return ["type": "string"]
        case .time: return ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"]
        case .number: return ["type": "integer"]
        case .flag: return ["type": "boolean"]
        case .choice(let names): return ["enum": .array(names.map(JSONValue.string))]
        case .list(let item): return ["type": "array", "items": .object(item.schema(&definitions))]
        case .map(let item): return ["type": "object", "additionalProperties": .object(item.schema(&definitions))]
        case .object(let object):
            object.define(in: &definitions)
            return ["$ref": .string("#/$defs/\(object.name)")]
        case .nullable(let shape): return ["anyOf": [.object(shape.schema(&definitions)), ["type": "null"]]]
        case .nothing: return ["type": "null"]
        }
    }
}

/// One kind of object in the output, with what its members mean.
///
/// Later versions may add members: a reader passes over what it does not know.
struct OutputObject: Sendable {
    struct Member: Sendable {
        let name: String
        let shape: OutputShape
        let description: String
        /// False: left out where there is nothing to say.
        let isAlways: Bool

        init(_ name: String, _ shape: OutputShape, _ description: String, always: Bool = true) {
            (self.name, self.shape, self.description, isAlways) = (name, shape, description, always)
        }
    }

    let name: String
    let description: String
    let members: [Member]
    /// True for a whole document of `-o json`, which names itself.
    let isDocument: Bool
    /// True where another member says which further ones there are.
    let isOpen: Bool

    init(_ name: String, _ description: String, isOpen: Bool = false, _ members: [Member]) {
        (self.name, self.description, self.members, isDocument, self.isOpen) = (name, description, members, false, isOpen)
    }

    init(document name: String, _ description: String, _ members: [Member]) {
        (self.name, self.description, self.members, isDocument, isOpen) = (name, description, members, true, false)
    }

    func define(in definitions: inout [String: JSONValue]) {
        guard definitions[name] == nil else { return }
        // The name is taken before what is inside is described.
        definitions[name] = .null
        var properties: [String: JSONValue] = [:]
        for member in members {
            var value = member.shape.schema(&definitions)
            value["description"] = .string(member.description)
            properties[member.name] = .object(value)
        }
        var required = members.filter(\.isAlways).map(\.name)
        if isDocument {
            properties["apiVersion"] = ["const": "gradus/v1"]
            properties["kind"] = ["const": .string(name)]
            required = ["apiVersion", "kind"] + required
        }
        var definition: [String: JSONValue] = [
            "type": "object", "description": .string(description), "properties": .object(properties),
            "required": .array(required.map(JSONValue.string)),
        ]
        if isOpen { definition["additionalProperties"] = true }
        definitions[name] = .object(definition)
    }
}
