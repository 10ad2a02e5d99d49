import ArgumentParser
import PromotionEngine
import WorkflowModel

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a kind of file, for completion in editors",
        discussion: """
            Example:
              gradus schema workflow > .gradus/workflow.schema.json
              # and in the first line of a workflow:
              # yaml-language-server: $schema=../.gradus/workflow.schema.json
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Which file: workflow, groups or calendar")
    var file: SchemaFile

    func run() throws {
        Console.write(file.schema.json.prettyText + "\n", to: 1)
    }
}

/// The files that a schema describes.
enum SchemaFile: String, ExpressibleByArgument, CaseIterable {
    case workflow, groups, calendar

    var schema: JSONSchema {
        switch self {
        case .workflow: JSONSchema(root: WorkflowSchema.workflow, title: "Gradus workflow")
        case .groups: JSONSchema(root: PeopleSchema.groups, title: "Gradus groups and permissions")
        case .calendar: JSONSchema(root: PeopleSchema.calendar, title: "Gradus calendar")
        }
    }
}
