import PromotionEngine
import YAMLEdit

/// Findings as SARIF 2.1.0, which code hosts show beside the lines of a change.
struct SARIFReport {
    let diagnostics: [Diagnostic]

    private static let rule = "workflow"

    var json: JSONValue {
        let driver: JSONValue = [
            "name": "gradus", "version": .string(GradusVersion.text),
            "rules": [["id": .string(Self.rule), "shortDescription": ["text": "A rule file must say what can be carried out"]]],
        ]
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [["tool": ["driver": driver], "results": .array(results)]],
        ]
    }

    private var results: [JSONValue] {
        diagnostics.map { diagnostic in
            var place: [String: JSONValue] = ["artifactLocation": ["uri": .string(diagnostic.path)]]
            if let position = diagnostic.position {
                place["region"] = [
                    "startLine": .int(position.line), "startColumn": .int(position.column),
                    "endColumn": .int(position.column + diagnostic.length),
                ]
            }
            let text = diagnostic.message + (diagnostic.hint.map { " (\($0))" } ?? "")
            return [
                "ruleId": .string(Self.rule), "level": .string(diagnostic.severity.rawValue), "message": ["text": .string(text)],
                "locations": [["physicalLocation": .object(place)]],
            ]
        }
    }
}
