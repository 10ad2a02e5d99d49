import ArgumentParser
import PromotionEngine
import WorkflowModel

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage back to a release that was verified there, and hold it",
        discussion: """
            Example:
              gradus rollback checkout --stage prod --reason "errors after the release"

            Without --version: the release that was verified there last; without one, what the files held before the first
            promotion. No criteria, approvals or windows are asked. Automation does not undo it; `gradus resume` ends the hold.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Option(help: "The stage", completion: LiveNames.stages)
    var stage: String

    @Option(help: "The version to go back to; it must have been verified in the stage", completion: LiveNames.versions)
    var version: String?

    @Option(help: "Why, for the record")
    var reason: String

    @Option(help: ArgumentHelp("How long to fight lost races (2m)", valueName: "duration"))
    var timeout: SpanArgument?

    @Flag(help: "Say what would be done; write nothing")
    var dryRun = false

    func run() throws {
        let session = try Session(global, for: .writing, raceTimeout: timeout?.span ?? .minutes(2))
        if !dryRun { try Confirmation(session).change("roll back \(service)", stage: stage) }
        let report = try session.conductor.rollback(
            PromotionTarget(service: service, stage: stage, version: version), reason: reason, dryRun: dryRun)
        try PromotionOutcome.show(report, session)
    }
}
