import PromotionEngine
import TestSupport

/// A JSON Schema validator that is not ours: Python's `jsonschema`, which `make setup` installs.
struct SchemaJudge {
    private let environment: HermeticEnvironment
    private let schema: String

    /// Asks the built binary for the schema.
    init(_ name: String, _ environment: HermeticEnvironment) throws {
        self.environment = environment
        let printed = try GradusProcess(environment).run(["schema", name], in: environment.folder.path)
        guard printed.code == 0 else { throw TestSupportError("gradus schema \(name): \(printed.errors)") }
        try environment.folder.write("schemas/\(name).json", printed.output)
        schema = environment.folder("schemas/\(name).json")
    }

    /// One verdict for each text: "ok", or what is wrong. Throws when the schema itself is none.
    func verdicts(on texts: [String], suffix: String, isClosed: Bool = false) throws -> [String] {
        let names = try texts.enumerated().map { position, text in
            let name = "judged/\(position).\(suffix)"
            try environment.folder.write(name, text)
            return environment.folder(name)
        }
        let script = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/validate.py"
        let result = try CommandRunner(environment).run(["python3", script] + (isClosed ? ["--closed"] : []) + [schema] + names)
        guard result.status == 0 else { throw TestSupportError("validate.py: \(result.errors)") }
        return result.output.split(separator: "\n").map(String.init)
    }
}
