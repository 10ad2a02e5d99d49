import PromotionEngine
import WorkflowModel

/// A JSON Schema (draft 2020-12) made from the decoder's own tables.
struct JSONSchema {
    static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// A file is one of these.
    let roots: [MapSchema]
    let title: String

    init(root: MapSchema, title: String) { (roots, self.title) = ([root], title) }

    init(oneOf roots: [MapSchema], title: String) { (self.roots, self.title) = (roots, title) }

    var json: JSONValue {
        var definitions: [String: JSONValue] = [:]
        var document: [String: JSONValue]
        if let root = roots.first, roots.count == 1 {
            document = Self.object(root, &definitions)
        } else {
            document = ["anyOf": .array(roots.map { .object(Self.value(.map($0), &definitions)) })]
        }
        document["$schema"] = .string(Self.dialect)
        document["title"] = .string(title)
        if !definitions.isEmpty { document["$defs"] = .object(definitions) }
        return .object(document)
    }

    private static func object(_ map: MapSchema, _ definitions: inout [String: JSONValue]) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        var dependencies: [String: JSONValue] = [:]
        for key in map.keys where key.isSupported {
            var value = self.value(key.value, &definitions)
            value["description"] = .string(key.description)
            // Editors that know draft 7 only ignore what stands beside a reference.
            if let reference = value.removeValue(forKey: "$ref") { value["allOf"] = [["$ref": reference]] }
            properties[key.name] = .object(value)
            if !key.needs.isEmpty { dependencies[key.name] = .array(key.needs.map(JSONValue.string)) }
        }
        var document: [String: JSONValue] = [
            "type": "object", "description": .string(map.description), "properties": .object(properties),
            "additionalProperties": map.others.map { .object(self.value($0, &definitions)) } ?? false,
        ]
        let required = map.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { document["required"] = .array(required) }
        if !dependencies.isEmpty { document["dependentRequired"] = .object(dependencies) }
        if let prefix = map.freePrefix { document["patternProperties"] = .object(["^\(prefix)": true]) }
        return document
    }

    private static func value(_ schema: ValueSchema, _ definitions: inout [String: JSONValue]) -> [String: JSONValue] {
        switch schema {
        case .text: return ["type": ["string", "number", "boolean"]]
        case .flag: return ["type": "boolean"]
        case .count(let minimum): return ["type": "integer", "minimum": .int(minimum)]
        case .span: return ["type": "string", "pattern": "^(?=.)([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"]
        case .choice(let names): return ["enum": .array(names.map(JSONValue.string))]
        case .list(let item): return ["type": "array", "items": .object(value(item, &definitions))]
        case .map(let map):
            if definitions[map.name] == nil {
                // The name is taken before what is inside is described.
                definitions[map.name] = .null
                definitions[map.name] = .object(object(map, &definitions))
            }
            return ["$ref": .string("#/$defs/\(map.name)")]
        case .mapOf(let inner): return ["type": "object", "additionalProperties": .object(value(inner, &definitions))]
        case .either(let choices): return ["anyOf": .array(choices.map { .object(value($0, &definitions)) })]
        case .nothing: return ["type": "null"]
        case .any: return [:]
        }
    }
}
