import ArgumentParser
import PromotionEngine
import WorkflowModel

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a stage back to a release that was verified there, and hold it",
        discussion: """
            Examples:
              gradus rollback checkout --stage prod --reason "errors after the release"
              gradus rollback --train train-17 --reason "errors after the release"

            Without --version: the release that was verified there last; without one, what the files held before the first
            promotion. No criteria, approvals or windows are asked. Automation does not undo it; `gradus resume` ends the hold.

            --train brings back, in one commit, everything that a train brought and that is still there.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String?

    @Option(help: "The stage", completion: LiveNames.stages)
    var stage: String?

    @Option(help: "The version to go back to; it must have been verified in the stage", completion: LiveNames.versions)
    var version: String?

    @Option(help: ArgumentHelp("Bring back what this train brought", valueName: "id"))
    var train: String?

    @Option(help: "Why, for the record")
    var reason: String

    @Option(help: ArgumentHelp("How long to fight lost races (2m)", valueName: "duration"))
    var timeout: SpanArgument?

    @Flag(help: "Say what would be done; write nothing")
    var dryRun = false

    func validate() throws {
        if train != nil {
            guard service == nil, stage == nil, version == nil else {
                throw ValidationError("--train stands alone: the train says which services, stage and versions.")
            }
        } else if service == nil {
            throw ValidationError("Give a service and its --stage, or --train.")
        } else if stage == nil {
            throw ValidationError("Give the --stage of \(service ?? "").")
        }
    }

    func run() throws {
        let session = try Session(global, for: .writing, raceTimeout: timeout?.span ?? .minutes(2))
        if let train { return try rollBack(train, session) }
        let (service, stage) = (service ?? "", stage ?? "")
        if !dryRun { try Confirmation(session).change("roll back \(service)", stage: stage) }
        let report = try session.conductor.rollback(
            PromotionTarget(service: service, stage: stage, version: version), reason: reason, dryRun: dryRun)
        try PromotionOutcome.show(report, session)
    }

    private func rollBack(_ train: String, _ session: Session) throws {
        let history = try TrainRecords(session).history(train)
        let members = history.members.filter { $0.commit != nil }.map(\.subject)
        guard let stage = members.first?.stage else {
            throw PromotionError(
                .usage, "\(train) has delivered nothing, so there is nothing to roll back", hint: "`gradus train show \(train)` tells how it stands")
        }
        if !dryRun { try Confirmation(session).change("roll back \(train)", stage: stage) }
        let report = try session.conductor.rollback(train: train, members: members, reason: reason, dryRun: dryRun)
        try TrainOutcome.show(report, session)
    }
}
