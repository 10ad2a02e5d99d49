import Expressions
import PromotionEngine

/// The part of JSON Schema that descriptions of forges use: types, members, what is required, enumerations, combinations.
struct SchemaCheck {
    let root: Value

    /// Swagger 2 knows no `nullable`: there anything may be null.
    private var mayAllBeNull: Bool { root["swagger"] != nil || root["definitions"] != nil }

    func faults(_ value: JSONValue, _ node: Value, _ place: String) -> [String] {
        let schema = Description.resolved(node, root)
        if value == .null, mayAllBeNull || schema["nullable"]?.flag == true { return [] }
        for key in ["anyOf", "oneOf"] where schema[key] != nil {
            // Each is meant together with what stands beside it.
            let found = (schema[key]?.items ?? []).map { faults(value, merged(schema, $0, without: key), place) }
            return found.contains([]) ? [] : found.first ?? []
        }
        if let parts = schema["allOf"]?.items {
            return faults(value, parts.reduce(schema) { merged($0, $1, without: "allOf") }, place)
        }
        if let allowed = schema["enum"]?.items, !allowed.contains(Self.value(value)) {
            return ["\(place) is \(value.canonicalText), which is none of its values"]
        }
        if let type = schema["type"]?.text, !Self.isOf(type, value) { return ["\(place) is \(value.canonicalText.prefix(60)), no \(type)"] }
        switch value {
        case .object(let members): return memberFaults(members, schema, place)
        case .array(let items):
            guard let item = schema["items"] else { return [] }
            return items.enumerated().flatMap { faults($0.element, item, "\(place)[\($0.offset)]") }
        default: return []
        }
    }

    private func memberFaults(_ members: [String: JSONValue], _ schema: Value, _ place: String) -> [String] {
        let known = schema["properties"]?.members ?? [:]
        let isOpen = schema["additionalProperties"].map { $0 != .bool(false) } ?? known.isEmpty
        var faults: [String] = []
        for name in (schema["required"]?.items ?? []).compactMap(\.text) where members[name] == nil {
            faults.append("\(place).\(name) is missing")
        }
        for (name, value) in members {
            if let schema = known[name] {
                faults += self.faults(value, schema, "\(place).\(name)")
            } else if !isOpen {
                faults.append("\(place).\(name) is not described")
            }
        }
        return faults
    }

    /// The value with the required members that it lacks, here and below.
    func completed(_ value: JSONValue, _ node: Value) -> JSONValue {
        var schema = Description.resolved(node, root)
        if let parts = schema["allOf"]?.items { schema = parts.reduce(schema) { merged($0, $1, without: "allOf") } }
        switch value {
        case .object(var members):
            let known = schema["properties"]?.members ?? [:]
            for (name, value) in members {
                if let schema = known[name] { members[name] = completed(value, schema) }
            }
            for name in (schema["required"]?.items ?? []).compactMap(\.text) where members[name] == nil {
                members[name] = sample(known[name] ?? .map([:]))
            }
            return .object(members)
        case .array(let items): return .array(items.map { completed($0, schema["items"] ?? .map([:])) })
        default: return value
        }
    }

    /// The smallest value that the schema allows.
    private func sample(_ node: Value) -> JSONValue {
        let schema = Description.resolved(node, root)
        if schema["nullable"]?.flag == true { return .null }
        if let first = (schema["allOf"] ?? schema["anyOf"] ?? schema["oneOf"])?.items.first {
            return sample(merged(schema, first, without: "allOf", "anyOf", "oneOf"))
        }
        if let first = schema["enum"]?.items.first { return Self.document(first) }
        switch schema["type"]?.text {
        case "integer", "number": return 0
        case "boolean": return false
        case "array": return []
        case "string": return "x"
        default: return completed([:], schema)
        }
    }

    /// Two schemas that both hold.
    private func merged(_ schema: Value, _ other: Value, without keys: String...) -> Value {
        var result = schema.members
        for key in keys { result[key] = nil }
        for (key, value) in Description.resolved(other, root).members {
            switch (key, result[key]) {
            case ("properties", let there?): result[key] = .map(there.members.merging(value.members) { $1 })
            case ("required", let there?): result[key] = .array(there.items + value.items)
            default: result[key] = value
            }
        }
        return .map(result)
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("integer", .int), ("number", .int), ("boolean", .bool): true
        default: false
        }
    }

    private static func value(_ document: JSONValue) -> Value {
        switch document {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .bool(let flag): .bool(flag)
        default: .null
        }
    }

    /// What was read, as it is written.
    static func document(_ value: Value) -> JSONValue {
        switch value {
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .string(let text): .string(text)
        case .array(let items): .array(items.map(document))
        case .map(let members): .object(members.mapValues(document))
        default: .null
        }
    }
}
