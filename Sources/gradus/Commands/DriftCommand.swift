import ArgumentParser
import Probes
import PromotionEngine
import WorkflowModel

struct DriftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Show where files differ from the records and stages from each other; adopt or restore it",
        discussion: """
            Examples:
              gradus drift
              gradus drift --service checkout --stage prod
              gradus drift --service checkout --stage prod --restore --reason "edited by mistake"
              gradus drift --service checkout --stage prod --adopt --reason "the fix of last night stands"
              gradus drift --all --restore --reason "after the incident" --dry-run

            Where a stage's health has an `argocd` or `kubernetes` source, it is asked what runs; --no-live asks nobody.
            --adopt accepts what stands, by somebody who did not commit it. --restore puts the promoted values back byte for
            byte, unless a freeze is on. Both name --service and --stage, or --all.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "Only this service", completion: LiveNames.services)
    var service: String?

    @Option(help: "Only this stage", completion: LiveNames.stages)
    var stage: String?

    @Flag(help: "With --adopt and --restore: every cell that was changed")
    var all = false

    @Flag(help: "Accept what was changed outside, for the record")
    var adopt = false

    @Flag(help: "Put back what was promoted")
    var restore = false

    @Option(help: "Why, for the record")
    var reason: String?

    @Flag(help: "Compare files and records only; ask no cluster")
    var noLive = false

    @Flag(help: "Exit 3 when files or clusters differ from the records")
    var exitCode = false

    @Flag(help: "Say what would be done; write nothing")
    var dryRun = false

    func validate() throws {
        if adopt, restore { throw ValidationError("--adopt accepts the change and --restore takes it back: choose one") }
        guard adopt || restore else { return }
        if !all, service == nil || stage == nil { throw ValidationError("name --service and --stage, or --all") }
        if reason == nil { throw ValidationError("say why with --reason") }
    }

    func run() throws {
        let session = try Session(global, for: adopt || restore ? .writing : .reading)
        let cells = CellSelection(service: service, stage: stage)
        if restore { return try putBack(cells, session) }
        let report = adopt
            ? try session.conductor.adoptDrift(cells, reason: reason ?? "", dryRun: dryRun) : try session.conductor.drift(cells, live: noLive ? nil : HealthProbes(session.settings.probes))
        session.console.show(report.json) {
            adopt ? adopted(report, session.console.style) : DriftText(report: report, style: session.console.style).text
        }
        if adopt, dryRun { session.console.status("Dry run: nothing was recorded.") }
        if !adopt, let advice = DriftText.next(report) { session.console.status("Next: \(advice)") }
        if !report.failures.isEmpty { throw Finished(code: 1) }
        if exitCode, !report.findings.isEmpty { throw Finished(code: 3) }
    }

    private func adopted(_ report: DriftReport, _ style: Style) -> String {
        guard !report.findings.isEmpty else { return "Nothing was changed outside Gradus there." }
        return report.findings.map { finding in
            "\(style.green("✓")) \(finding.service) in \(finding.stage): \(finding.found ?? "what stands") is adopted."
        }.joined(separator: "\n")
    }

    private func putBack(_ cells: CellSelection, _ session: Session) throws {
        try Confirmation(session).change(service.map { "restore \($0)" } ?? "restore every service", stage: stage)
        let restoration = try session.conductor.restoreDrift(cells, reason: reason ?? "", dryRun: dryRun)
        let reports = restoration.promotions
        session.console.show(restoration.json) {
            let failures = DriftText.failures(restoration.failures, session.console.style)
            if reports.isEmpty { return failures.isEmpty ? "Nothing was changed outside Gradus there." : failures }
            return PromotionText.paragraphs(failures, reports.map { report in
                let text = PromotionText(report: report, style: session.console.style, isVerbose: session.settings.verbose)
                let waits = report.result == .pending
                return PromotionText.paragraphs(
                    report.result == .planned ? "\(report.service) \(report.version) would be put back in \(report.stage.name):" : text.summary,
                    report.result == .planned ? text.edits : "", waits ? text.gates : "", waits ? text.advice : "")
            }.joined(separator: "\n\n"))
        }
        for report in reports {
            if let problem = report.problem { ErrorReport(problem).print(asJSON: false) }
        }
        if !restoration.failures.isEmpty {
            session.console.status("Next: mend or bring back the files, with `git revert` of the commit that changed them; then `gradus drift` again.")
            throw Finished(code: 1)
        }
        if let code = reports.map({ $0.problem.map { Int32($0.kind.rawValue) } ?? $0.exitCode }).first(where: { $0 != 0 }) {
            throw Finished(code: code)
        }
    }
}
