import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine
import WorkflowModel

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Measure delivery", subcommands: [MetricsDoraCommand.self])
}

struct MetricsDoraCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, html, svg
    }

    static let configuration = CommandConfiguration(
        commandName: "dora",
        abstract: "Deployment frequency, lead time, change failure rate, recovery time, success rate",
        discussion: """
            Examples:
              gradus metrics dora --since 2026-10-01
              gradus metrics dora --stage staging -o json
              gradus metrics dora --format html --file dora.html

            Of the stages of class production, or of those named; each number is printed with its definition, because teams
            mean different things by the same words.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: AuditScopeOptions

    @Option(help: "table, html or svg")
    var format: Format = .table

    @Option(name: .customLong("file"), help: ArgumentHelp("Write html or svg to this file; default: stdout", valueName: "file"))
    var file: String?

    func run() throws {
        let session = try Session(global)
        let reading = try AuditReading(session, isBranchRead: false)
        try reading.requireIntact()
        let scope = try options.productionScope(reading)
        let metrics = DeliveryMetrics(reading.fold.changes, scope: scope, classes: reading.classes(scope), now: WallPace.current)
        switch format {
        case .table: session.console.show(metrics.json) { Self.text(metrics, session.console.style) }
        case .html:
            let page = MetricsPage(metrics, repository: session.location.authority.name, head: reading.report.head)
            try AuditOutput.write(page.text, to: file, session.console)
        case .svg: try AuditOutput.write(MetricsPage.svg(metrics), to: file, session.console)
        }
    }

    private static func text(_ metrics: DeliveryMetrics, _ style: Style) -> String {
        var table = Table(["", "DEPLOYMENTS", "A WEEK", "LEAD p50", "LEAD p90", "CHANGE FAILURES", "SUCCESS", "MTTR", "LONGEST"])
        func add(_ row: DeliveryMetrics.Row, _ name: String) {
            let success = row.isSuccessMet.map { $0 ? style.green("✓ " + row.successText) : style.red("✗ " + row.successText) } ?? "-"
            let recovery = row.isRecoveryMet.map { $0 ? style.green("✓ " + row.recoveryText) : style.red("✗ " + row.recoveryText) } ?? "-"
            table.add([
                name, String(row.deployments), row.perWeekText, row.leadMedianText, row.leadNinetiethText, row.failureText, success, recovery,
                row.longestText + (row.unrecovered > 0 ? " (\(row.unrecovered) not recovered)" : ""),
            ])
        }
        add(metrics.total, "all")
        if metrics.classes.count > 1 { for row in metrics.classes { add(row, "class \(row.name)") } }
        for row in metrics.services { add(row, row.name) }
        let stages = metrics.scope.stages.sorted().joined(separator: ", ")
        let definitions = DeliveryMetrics.definitions.map { "  \($0.name): \($0.meaning)." }
        return (["\(stages.isEmpty ? "All stages" : stages), \(metrics.scope.period) (\(metrics.weeksText) weeks).", table.text, "", "Definitions"] + definitions)
            .joined(separator: "\n")
    }
}
