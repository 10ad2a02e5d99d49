import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine

struct AuditReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the audit report of a period as one HTML page",
        discussion: """
            Examples:
              gradus audit report --stage prod --since 2026-01-01 --until 2027-01-01 --output report.html
              gradus audit report -o json --since 2026-10-01

            Exceptions first, then completeness, every change with who, when, why, ticket, tests and approvals, rule changes,
            and the bearing on SOC 2 CC8.1 and ISO 27001 A.8.32. The page loads nothing and prints well.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: AuditScopeOptions

    @Option(name: .customLong("file"), help: ArgumentHelp("Write the page to this file; default: stdout", valueName: "file"))
    var file: String?

    func run() throws {
        let session = try Session(global)
        let reading = try AuditReading(session)
        let scope = try options.productionScope(reading.rules, reading.fold)
        let population = Population(reading.fold, scope)
        if session.console.format != .text {
            try reading.requireIntact()
            session.console.show(Self.json(population, reading)) { "" }
            if file == nil { return }
        }
        let now = WallPace.current
        let history = RulesHistory(session.location)
        let input = ReportInput(
            repository: session.location.authority.name, branch: session.desired.branch, createdAt: now,
            version: GradusVersion.text, population: population, verification: reading.verification,
            metrics: DeliveryMetrics(reading.fold.changes, scope: scope, classes: reading.classes, now: now),
            ruleChanges: try AuditRules.changes(history, scope, reading.pseudonyms),
            access: try (history.rules(at: min(scope.until ?? now, now))?.rules ?? reading.rules).accessRows(scope.stages, reading.pseudonyms))
        try AuditOutput.write(AuditReportPage(input).text, to: file, session.console)
        try reading.requireIntact()
    }

    private static func json(_ population: Population, _ reading: AuditReading) -> JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "AuditPopulation", "scope": population.scope.json,
            "population": .int(population.changes.count), "chain_head": reading.report.head?.json ?? .null,
            "changes": .array(population.changes.map(\.json)),
        ]
    }
}
