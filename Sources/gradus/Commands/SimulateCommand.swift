import ArgumentParser
import GitOpsBackend
import PromotionEngine
import WorkflowModel
import YAMLEdit

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay the ledger under the present rules, or under a changed workflow; write nothing",
        discussion: """
            Examples:
              gradus simulate --since 2026-10-01
              gradus simulate --workflow-file workflows/storefront.yaml

            Tells of every promotion that was asked for when it was admitted, and when it would have been. The facts stay as
            they are recorded: what would have followed from an earlier or a missing delivery is not made up.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Rules to use in place of the workflow of the same name", valueName: "file"))
    var workflowFile: String?

    @Option(help: ArgumentHelp("Follow what was asked for from this time on", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("End the replay at this time", valueName: "time"))
    var until: TimeArgument?

    func run() throws {
        let session = try Session(global)
        let rules = try rules(session)
        var replay = Replay(rules: rules, zones: ZoneFolder(), since: since?.instant, until: until?.instant)
        try LedgerHistory(session.location.authority).forEach { record in
            if case .unknown(let type, _) = record.fact {
                throw PromotionError(
                    .error, "the ledger holds records that this version of gradus does not know: \(type)", hint: "upgrade gradus")
            }
            replay.take(record)
        }
        replay.end(at: WallPace.current)
        let attempts = replay.attempts
        let counts = Dictionary(grouping: attempts, by: \.change).mapValues(\.count)
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "Simulation", "since": .optional(since?.instant.description),
                "until": .optional(until?.instant.description),
                "counts": .object(
                    Dictionary(uniqueKeysWithValues: Replay.Change.allCases.map { ($0.rawValue, .int(counts[$0] ?? 0)) })),
                "promotions": .array(attempts.map(\.json)),
            ]
        ) { text(attempts, counts) }
    }

    /// The rules at the tip, with the file in place of the one that declares the same workflow.
    private func rules(_ session: Session) throws -> Rules {
        _ = try session.desired.refresh()
        guard let workflowFile else { return try session.desired.rules(of: nil) }
        let bytes = try LocalFile.read(workflowFile)
        let given = RuleFile(path: workflowFile, bytes: bytes, blobID: "")
        let (alone, faults) = RulesReader.read([given], isComplete: false)
        guard let name = alone.workflows.first?.name, !faults.contains(where: { $0.severity == .error }) else {
            throw Self.invalid(workflowFile, faults)
        }
        let present = try session.desired.rules(of: nil).workflows
        guard let path = present.first(where: { $0.name == name })?.path else {
            throw PromotionError(
                .usage, "\(workflowFile) is workflow '\(name)', which the repository does not have",
                hint: "workflows: \(present.map(\.name).joined(separator: ", "))")
        }
        let files = try session.desired.ruleFiles().map { $0.path == path ? RuleFile(path: path, bytes: bytes, blobID: "") : $0 }
        let (rules, diagnostics) = RulesReader.read(files, trees: session.desired)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw Self.invalid(workflowFile, diagnostics) }
        return rules
    }

    private static func invalid(_ path: String, _ diagnostics: [Diagnostic]) -> PromotionError {
        PromotionError(
            .usage, "\(path) cannot take the workflow's place", hint: "mend it; `gradus validate \(path)` shows the same",
            faults: diagnostics.filter { $0.severity == .error }.map(\.description))
    }

    private func text(_ attempts: [Replay.Attempt], _ counts: [Replay.Change: Int]) -> String {
        if attempts.isEmpty { return "Nothing was asked for." }
        let summary = Replay.Change.allCases.compactMap { change in counts[change].map { "\($0) \(change.rawValue)" } }
        var table = Table(["PROMOTION", "CHANGE", "ADMITTED", "WOULD BE", "WHY"])
        for attempt in attempts where attempt.change != .same {
            let open = attempt.gates.filter { $0.verdict != .passed && !$0.isSkipped }
            table.add([
                "\(attempt.subject.service) \(attempt.subject.version) to \(attempt.subject.stage)", attempt.change.rawValue,
                attempt.actual.admittedAt?.description ?? "-", attempt.simulated.admittedAt?.description ?? "-",
                open.map { "\($0.id): \($0.reason)" }.joined(separator: "; "),
            ])
        }
        let changes = attempts.contains { $0.change != .same }
        return PromotionText.paragraphs(
            "\(Counted.of(attempts.count, "promotion")): \(summary.joined(separator: ", "))", changes ? table.text : "")
    }
}
