import PromotionEngine
import WorkflowModel

/// A JSON Schema (draft 7, which editors' YAML servers read) made from the decoder's own tables.
struct JSONSchema {
    let root: MapSchema
    let title: String

    var json: JSONValue {
        var definitions: [String: JSONValue] = [:]
        var document = Self.object(root, &definitions)
        document["$schema"] = "http://json-schema.org/draft-07/schema#"
        document["title"] = .string(title)
        if !definitions.isEmpty { document["definitions"] = .object(definitions) }
        return .object(document)
    }

    private static func object(_ map: MapSchema, _ definitions: inout [String: JSONValue]) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        var dependencies: [String: JSONValue] = [:]
        for key in map.keys where key.isSupported {
            var value = self.value(key.value, &definitions)
            value["description"] = .string(key.description)
            // Draft 7 ignores what stands beside a reference.
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
        if !dependencies.isEmpty { document["dependencies"] = .object(dependencies) }
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
            return ["$ref": .string("#/definitions/\(map.name)")]
        case .mapOf(let inner): return ["type": "object", "additionalProperties": .object(value(inner, &definitions))]
        case .either(let choices): return ["anyOf": .array(choices.map { .object(value($0, &definitions)) })]
        case .nothing: return ["type": "null"]
        case .any: return [:]
        }
    }
}
