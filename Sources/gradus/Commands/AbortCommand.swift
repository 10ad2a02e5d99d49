import ArgumentParser
import PromotionEngine
import WorkflowModel

struct AbortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Close a promotion that is not admitted yet",
        discussion: "Example:\n  gradus abort checkout@prod --reason \"the ticket was withdrawn\"")

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("The promotion's id, SERVICE@STAGE, or a train's id for all its members", valueName: "id"),
        completion: LiveNames.promotions)
    var target: String

    @Option(help: "Why, for the record")
    var reason = "aborted by hand"

    @Flag(help: "Check everything; record nothing")
    var dryRun = false

    func run() throws {
        let session = try Session(global, for: .writing)
        let isTrain = TrainTicket.number(in: target) != nil
        let report = try Repetition(session).report(of: target, ended: .promotion) {
            isTrain
                ? try session.conductor.abort(train: target, reason: reason, dryRun: dryRun)
                : try session.conductor.abort(OpinionTarget(target), reason: reason, dryRun: dryRun)
        }
        RecordText.show(report, session.console, done: "Aborted \(target).", same: "\(target) is aborted already.")
    }
}

struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Carry an open promotion on: the same as promoting it again",
        discussion: "Example:\n  gradus retry checkout-prod-17")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The promotion's id, or SERVICE@STAGE", valueName: "id"), completion: LiveNames.promotions)
    var target: String

    @Option(help: ArgumentHelp("How long to fight lost races (2m)", valueName: "duration"))
    var timeout: SpanArgument?

    @Flag(help: "Show the diff and the gates; write nothing")
    var dryRun = false

    func run() throws {
        let session = try Session(global, for: dryRun ? .reading : .writing, raceTimeout: timeout?.span ?? .minutes(2))
        let open = try session.conductor.openPromotion(OpinionTarget(target))
        let request = PromotionRequest(requester: session.conductor.initiatorID, trigger: .manual)
        let cell = PromotionTarget(service: open.service, stage: open.stage, version: open.version)
        // A rollback that must begin again asks what rollbacks ask.
        let isRollback = open.trigger == .rollback && open.isPending
        if dryRun, !isRollback {
            return try Preview(global: global, service: open.service, to: open.stage, version: open.version).show(withDiff: true)
        }
        let report = try isRollback
            ? session.conductor.rollback(cell, reason: open.reason ?? "retried", dryRun: dryRun) : session.conductor.promote(cell, request)
        try PromotionOutcome.show(report, session)
    }
}
