import ArgumentParser
import PromotionEngine
import WorkflowModel

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a kind of file, for completion in editors, or of the output",
        discussion: """
            Example:
              gradus schema workflow > .gradus/workflow.schema.json
              # and in the first line of a workflow:
              # yaml-language-server: $schema=../.gradus/workflow.schema.json
              gradus schema output     # every document that -o json prints
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Which: workflow, groups, calendar, config or output")
    var file: SchemaFile

    func run() throws {
        Console.write(file.json.prettyText + "\n", to: 1)
    }
}

/// What a schema describes.
enum SchemaFile: String, ExpressibleByArgument, CaseIterable {
    case workflow, groups, calendar, config, output

    var json: JSONValue {
        switch self {
        case .workflow: JSONSchema(root: WorkflowSchema.workflow, title: "Gradus workflow").json
        case .groups: JSONSchema(root: PeopleSchema.groups, title: "Gradus groups and permissions").json
        case .calendar: JSONSchema(root: PeopleSchema.calendar, title: "Gradus calendar").json
        case .config:
            JSONSchema(oneOf: [ConfigurationSchema.project, ConfigurationSchema.user], title: "Gradus configuration").json
        case .output: OutputSchema.json
        }
    }
}
