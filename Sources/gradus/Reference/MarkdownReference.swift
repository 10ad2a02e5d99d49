import PromotionEngine
import WorkflowModel

/// The pages of `docs/reference/`, made from the code that they describe.
enum MarkdownReference {
    static func pages() throws -> [(name: String, text: String)] {
        [
            ("commands.md", try commands()), ("workflow-keys.md", workflowKeys), ("criteria.md", criteria),
            ("exit-codes.md", exitCodes), ("records.md", records),
        ]
    }

    private static func head(_ title: String, _ text: String) -> String {
        "# \(title)\n\n\(text) This page is made by `make reference`.\n"
    }

    static func commands() throws -> String {
        let root = try CommandReference.root()
        var text = head("Commands", "Every command with its options, as `gradus help COMMAND` tells them.")
        text += "\n## Global options\n\nEvery command takes them, before or after its name.\n\n"
        text += options((root.subcommands.first { $0.path.last == "history" } ?? root).globalArguments)
        for command in root.subcommands.flatMap(\.all) {
            text += "\n## \(command.name)\n\n\(command.abstract).\n\n```text\n\(command.usage)\n```\n"
            if !command.discussion.isEmpty { text += "\n\(prose(command.discussion))\n" }
            if !command.ownArguments.isEmpty { text += "\n" + options(command.ownArguments) }
        }
        return text
    }

    /// Indented lines are commands; what says so above them stays.
    private static func prose(_ text: String) -> String {
        var lines: [String] = []
        var isExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isIndented = line.hasPrefix("  ")
            if isIndented != isExample {
                if isIndented, lines.last?.isEmpty == false { lines.append("") }
                lines.append(isIndented ? "```text" : "```")
            }
            isExample = isIndented
            lines.append(isIndented ? String(line.dropFirst(2)) : String(line))
        }
        return (isExample ? lines + ["```"] : lines).joined(separator: "\n")
    }

    private static func options(_ arguments: [CommandReference.Argument]) -> String {
        "| Argument | Meaning |\n|---|---|\n"
            + arguments.map { "| `\(cell($0.spelling))` | \(cell($0.abstract))\($0.isRepeating ? " (can be repeated)" : "") |\n" }.joined()
    }

    /// A bar would end the cell.
    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }

    static var workflowKeys: String {
        var text = head("Workflow keys", "Every key of the files in `workflows/`, from the tables that read them.")
        for (title, schema) in [
            ("A workflow", WorkflowSchema.workflow), ("`groups.yaml`", PeopleSchema.groups), ("`calendar.yaml`", PeopleSchema.calendar),
        ] {
            var seen: Set<String> = []
            text += maps(schema, title, &seen)
        }
        return text
    }

    private static func maps(_ schema: MapSchema, _ title: String, _ seen: inout Set<String>) -> String {
        guard seen.insert(schema.name).inserted else { return "" }
        var text = "\n## \(title)\n\n\(schema.description)\n\n| Key | Value | Meaning |\n|---|---|---|\n"
        var inner: [MapSchema] = []
        for key in schema.keys where key.isSupported {
            text += "| `\(key.name)`\(key.isRequired ? " (required)" : "") | \(cell(words(key.value))) | \(cell(key.description)) |\n"
            inner += nested(key.value)
        }
        if let others = schema.others {
            text += "| any other | \(cell(words(others))) | |\n"
            inner += nested(others)
        }
        for map in inner { text += maps(map, map.what.prefix(1).uppercased() + map.what.dropFirst(), &seen) }
        return text
    }

    private static func nested(_ value: ValueSchema) -> [MapSchema] {
        switch value {
        case .map(let map): [map]
        case .list(let item), .mapOf(let item): nested(item)
        case .either(let choices): choices.flatMap(nested)
        default: []
        }
    }

    private static func words(_ value: ValueSchema) -> String {
        switch value {
        case .text: "text"
        case .flag: "true or false"
        case .count(let least): "whole number, at least \(least)"
        case .span: "time span such as `24h`"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let item): "list of \(words(item))"
        case .map(let map): map.what
        case .mapOf(let inner): "map of \(words(inner))"
        case .either(let choices): choices.map(words).joined(separator: ", or ")
        case .nothing: "null"
        case .any: "anything"
        }
    }

    static var criteria: String {
        var text = head(
            "Criteria", "Keys of `entry_criteria`, `exit_criteria` and `promotion_criteria` whose meaning is built in.")
        text += "\n| Key | Value | Passes when |\n|---|---|---|\n"
        for key in WorkflowSchema.criterion.keys {
            text += "| `\(key.name)` | \(cell(words(key.value))) | \(cell(key.description)) |\n"
        }
        return text + "\nBeside them: `STAGE_stable: 48h`, and the keys declared under the workflow's `evidence:`.\n"
    }

    static var exitCodes: String {
        head("Exit codes", "How every command ends.") + "\n| Code | Name | Meaning |\n|---|---|---|\n"
            + ExitCodes.all.map { "| \($0.code) | \($0.name) | \($0.meaning) |\n" }.joined()
    }

    static var records: String {
        head("Records", "The types of records in the ledger, as `gradus history --type TYPE` takes them.")
            + "\n| Type | Says |\n|---|---|\n" + RecordCatalog.all.map { "| `\($0.type)` | \($0.meaning) |\n" }.joined()
            + "\nEvery record also has `seq`, `v`, `type`, `at`, `initiator`, `hash` and `prev`; [the ledger](../ledger.md) tells how they chain.\n"
    }
}
