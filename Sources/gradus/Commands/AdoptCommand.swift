import ArgumentParser
import PromotionEngine

struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Record what the files hold as the baseline of every stage that no promotion has been in",
        discussion: """
            Example:
              gradus adopt --reason "moving to Gradus"

            A baseline can be rolled back to and is no evidence. A version such as `latest` or `main` is recorded as
            floating; where fields disagree, all versions are recorded.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "Only this service", completion: LiveNames.services)
    var service: String?

    @Option(help: "Only this stage", completion: LiveNames.stages)
    var stage: String?

    @Option(help: "Why, for the record")
    var reason: String

    @Flag(help: "Show what would be recorded; write nothing")
    var dryRun = false

    func run() throws {
        let session = try Session(global)
        let report = try session.conductor.adopt(service: service, stage: stage, reason: reason, dryRun: dryRun)
        session.console.show(report.json) { text(report) }
        if dryRun { session.console.status("Dry run: nothing was recorded.") }
        if report.hasErrors { throw Finished(code: 1) }
    }

    private func text(_ report: AdoptionReport) -> String {
        guard !report.cells.isEmpty else { return "No workflow declares a service to adopt." }
        var table = Table(["SERVICE", "STAGE", "VERSION", "RESULT"])
        for cell in report.cells {
            var result = cell.result.rawValue
            if cell.floating { result += ", floating" }
            if !cell.mixed.isEmpty { result += ", mixed: \(cell.mixed.joined(separator: ", "))" }
            if let reason = cell.reason { result += " (\(reason))" }
            table.add([cell.service, cell.stage, cell.version ?? "-", result])
        }
        return table.text
    }
}
