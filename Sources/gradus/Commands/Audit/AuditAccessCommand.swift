import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine
import WorkflowModel

struct AuditAccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "Tell who could promote, approve and break glass at a time",
        discussion: """
            Example:
              gradus audit access --at 2026-10-15T12:00:00Z --stage prod

            From the rules that the target branch held then. Whoever can write to the repository can do more than gradus lets
            him: protect the branches.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("The moment; default: now", valueName: "time"))
    var at: TimeArgument?

    @Option(help: "Only this stage")
    var stage: [String] = []

    func run() throws {
        let session = try Session(global)
        let time = at?.instant ?? WallPace.current
        guard time <= WallPace.current else {
            throw PromotionError(.usage, "\(time) is still to come", hint: "look back with a time such as 2026-10-15T12:00:00Z")
        }
        guard let version = try RulesHistory(session.location).rules(at: time) else {
            throw PromotionError(.error, "\(session.desired.branch) held no rules at \(time)", hint: "`gradus audit rules` tells when they came")
        }
        guard let rules = version.rules else {
            throw PromotionError(.error, "the rules of \(time) cannot be read", causes: [version.fault ?? ""], hint: "ask for a time before or after commit \(version.commit.prefix(10))")
        }
        let known = rules.workflows.flatMap { $0.stages.map(\.name) }
        for name in stage where !known.contains(name) {
            throw PromotionError(.usage, "no workflow had a stage '\(name)' then", hint: "stages: \(Set(known).sorted().joined(separator: ", "))")
        }
        let rows = rules.accessRows(Set(stage), try session.conductor.pseudonyms())
        let document: JSONValue = [
            "apiVersion": "gradus/v1", "kind": "Access", "at": .string(time.description), "commit": .string(version.commit),
            "rows": .array(rows.map(\.json)),
        ]
        session.console.show(document) {
            var table = Table(["WORKFLOW", "STAGE", "SERVICE", "MAY", "GRANTED TO", "PEOPLE"])
            for row in rows {
                let people = row.people == ["*"] ? "everyone who can write" : row.people.joined(separator: ", ")
                table.add([row.workflow, row.stage, row.service ?? "all", row.action, row.granted.isEmpty ? "nobody" : row.granted.joined(separator: ", "), people])
            }
            return "By the rules of commit \(version.commit.prefix(10)), \(version.at):\n" + table.text
        }
    }
}
