import PromotionEngine

/// The JSON Schema (draft 2020-12) of every document that `-o json` prints.
enum OutputSchema {
    static var json: JSONValue {
        var definitions: [String: JSONValue] = [:]
        for document in OutputTable.documents { document.define(in: &definitions) }
        // A line of `history -o jsonl` is a record by itself.
        OutputParts.record.define(in: &definitions)
        return [
            "$schema": .string(JSONSchema.dialect), "title": "Gradus output",
            "description": "What commands print with `-o json`. Its `kind` says which of the definitions a document follows; a line of `history -o jsonl` is a `record`.",
            "oneOf": .array(OutputTable.documents.map { ["$ref": .string("#/$defs/\($0.name)")] }), "$defs": .object(definitions),
        ]
    }
}
