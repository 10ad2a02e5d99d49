import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine
import WorkflowModel

struct AuditRulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Tell what changed in the rules, whether it loosened or tightened them, and by whom",
        discussion: """
            Example:
              gradus audit rules --since 2026-10-01

            Reads every commit of the target branch that touched workflows/, whether or not it was promoted by.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("From this time on", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Before this time", valueName: "time"))
    var until: TimeArgument?

    func run() throws {
        let session = try Session(global)
        try AuditScopeOptions.checkPeriod(since, until)
        let scope = AuditScope(since: since?.instant, until: until?.instant)
        let changes = try AuditRules.changes(RulesHistory(session.location), scope, session.conductor.pseudonyms())
        session.console.show(["apiVersion": "gradus/v1", "kind": "RuleChanges", "changes": .array(changes.map(\.json))]) {
            changes.isEmpty ? "No commit of that time touched the rules." : changes.map { Self.text($0, session.console.style) }.joined(separator: "\n")
        }
    }

    private static func text(_ change: RuleChange, _ style: Style) -> String {
        var lines = ["\(change.at) \(style.bold(change.author)) \(change.commit.prefix(10)) \(change.subject)"]
        if let fault = change.fault { lines.append("  \(style.red("! errored")) \(fault)") }
        if change.items.isEmpty, change.fault == nil { lines.append("  \(style.dim("nothing that decides: \(change.files.joined(separator: ", "))"))") }
        for item in change.items {
            let mark = switch item.direction {
            case .loosened: style.red("- loosened ")
            case .tightened: style.green("+ tightened")
            case .changed: style.yellow("~ changed  ")
            }
            lines.append("  \(mark) \(item.text)")
        }
        return lines.joined(separator: "\n")
    }
}

/// Joins what the branch holds with what it means.
enum AuditRules {
    /// The rule changes of a period; each is compared with the last rules before it that could be read.
    static func changes(_ history: RulesHistory, _ scope: AuditScope, _ pseudonyms: Pseudonyms) throws -> [RuleChange] {
        var before: Rules?
        var changes: [RuleChange] = []
        for version in try history.versions() {
            var items: [RuleChange.Item] = []
            if let rules = version.rules {
                items = before.map { RuleComparison.items(from: $0, to: rules) } ?? [.init(.changed, "the first rules")]
                before = rules
            }
            let change = RuleChange(
                commit: version.commit, at: version.at, author: pseudonyms.person(version.author), subject: version.subject, files: version.files,
                items: items, fault: version.fault)
            let isAfter = scope.since.map { version.at >= $0 } ?? true
            if isAfter, scope.until.map({ version.at < $0 }) ?? true { changes.append(change) }
        }
        return changes
    }
}

extension Rules {
    /// Of the stages named; all for none.
    func accessRows(_ stages: Set<String>, _ pseudonyms: Pseudonyms) -> [AccessRow] {
        AccessReview.rows(self).filter { stages.isEmpty || stages.contains($0.stage) }.map { row in
            AccessRow(
                workflow: row.workflow, stage: row.stage, service: row.service, action: row.action,
                granted: row.granted.map(pseudonyms.person), people: row.people.map(pseudonyms.person))
        }
    }
}
