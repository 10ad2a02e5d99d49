public import ArgumentParser
public import PromotionEngine
import WorkflowModel

struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Bring a release to a stage, as far as it may go now",
        discussion: """
            Examples:
              gradus promote checkout --to qa
              gradus promote checkout --to prod --version 1.4.2 --reason "fixes the basket" --ticket CHG-1234
              gradus promote checkout --to qa --wait=verified --timeout 15m

            Without --version: the open promotion's version, else what is upstream, else the last registered.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Option(help: "The stage to enter", completion: LiveNames.stages)
    var to: String

    @Option(help: "The version; it must be registered", completion: LiveNames.versions)
    var version: String?

    @Option(help: "Why, for the record")
    var reason: String?

    @Option(help: "The change ticket")
    var ticket: String?

    @Option(help: "Stay until the release is delivered, or verified (the default of a bare --wait)")
    var wait: PromotionWait?

    @Option(help: ArgumentHelp("How long to fight lost races (2m) and to --wait (30m)", valueName: "duration"))
    var timeout: SpanArgument?

    @Option(help: ArgumentHelp("Skip this gate, on record; needs --reason and a permission (can be repeated)", valueName: "gate"))
    var breakGlass: [String] = []

    @Flag(help: "Show the diff and the gates; write nothing")
    var dryRun = false

    func validate() throws {
        guard breakGlass.isEmpty || !(reason ?? "").isEmpty else { throw ValidationError("--break-glass needs --reason.") }
    }

    func run() throws {
        if dryRun { return try Preview(global: global, service: service, to: to, version: version, ticket: ticket, breakGlass: breakGlass).show(withDiff: true) }
        let session = try Session(global, for: .writing, raceTimeout: timeout?.span ?? .minutes(2))
        try Confirmation(session).change("promote \(service)\(version.map { " \($0)" } ?? "")", stage: to)
        let request = PromotionRequest(
            requester: session.conductor.initiatorID, trigger: .manual, reason: reason, ticket: ticket, breakGlass: breakGlass)
        let report = try session.conductor.promote(
            PromotionTarget(service: service, stage: to, version: version), request, wait: wait,
            waitTimeout: timeout?.span ?? .minutes(30))
        try PromotionOutcome.show(report, session)
    }
}

/// The end of a command that moved, or tried to move, one promotion.
enum PromotionOutcome {
    /// Prints the document and ends the process with its exit code.
    static func show(_ report: PromotionReport, _ session: Session) throws {
        session.console.show(report.json) {
            let text = PromotionText(report: report, style: session.console.style, isVerbose: session.settings.verbose)
            let showsGates = report.result != .promoted && report.result != .unchanged || session.settings.verbose
            return PromotionText.paragraphs(
                text.summary, report.result == .planned ? text.edits : "", text.downgrade, showsGates ? text.gates : "",
                showsGates ? text.advice : "")
        }
        if let next = try NextStep(report, session).command { session.console.status("Next: \(next)") }
        if let problem = report.problem {
            // The document stands on stdout already; the reason goes to stderr.
            let told = ErrorReport(problem)
            told.print(asJSON: false)
            throw Finished(code: told.exitCode)
        }
        if report.exitCode != 0 { throw Finished(code: report.exitCode) }
    }
}

extension PromotionWait: ExpressibleByArgument {}
