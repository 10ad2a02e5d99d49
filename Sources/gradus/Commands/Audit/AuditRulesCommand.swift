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

            Reads every commit of the target branch that touched workflows/, whether or not it was promoted by, and every commit
            that named another target branch in .gradus/config.yaml.
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
        let landings = try session.landings()
        let changes = try AuditRules.changes(
            RulesHistory(session.location, landings), TargetBranches(session.location.authority, landings), scope, session.conductor.pseudonyms())
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
    static func changes(
        _ history: RulesHistory, _ targets: TargetBranches, _ scope: AuditScope, _ pseudonyms: Pseudonyms
    ) throws -> [RuleChange] {
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
            changes.append(change)
        }
        for move in try targets.moves() {
            let items = move.from == move.to ? [] : [RuleChange.Item(.changed, "the target branch, which promotions go to: \(move.from) -> \(move.to)")]
            let change = RuleChange(
                commit: move.commit, at: move.at, author: pseudonyms.person(move.author), subject: move.subject, files: [TargetBranches.path],
                items: items, fault: move.fault)
            // A commit that changed both is told after what it did to the rules.
            changes.insert(change, at: changes.lastIndex { $0.at <= move.at }.map { $0 + 1 } ?? 0)
        }
        return changes.filter { change in
            (scope.since.map { change.at >= $0 } ?? true) && (scope.until.map { change.at < $0 } ?? true)
        }
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
