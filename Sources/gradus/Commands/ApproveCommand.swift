import ArgumentParser
import PromotionEngine

/// What `approve` and `reject` share.
struct OpinionOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The promotion's id, or SERVICE@STAGE", valueName: "id"))
    var target: String

    @Option(help: "Refuse unless it is about this version")
    var version: String?

    @Option(help: ArgumentHelp("Refuse unless this is the plan's digest, or its beginning", valueName: "digest"))
    var plan: String?

    @Flag(help: "Take the answer back")
    var withdraw = false

    @Option(help: "Why, for the record")
    var reason: String?

    @Flag(help: "Check everything; record nothing")
    var dryRun = false

    func answer(_ answer: Opinion.Answer, _ global: GlobalOptions, word: String) throws {
        let session = try Session(global, for: .writing)
        let opinion = Opinion(answer, withdraw: withdraw, reason: reason, version: version, planDigest: plan)
        let report = try session.conductor.answer(opinion, to: OpinionTarget(target), dryRun: dryRun)
        RecordText.show(
            report, session.console, done: withdraw ? "Withdrawn: \(target)." : "\(word) \(target).",
            same: "The same is recorded already.", dryRun: dryRun)
    }
}

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a promotion: this release, this stage, this plan",
        discussion: "A changed plan voids the approval.\n\nExample:\n  gradus approve checkout@prod --version 1.4.2")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: OpinionOptions

    func run() throws { try options.answer(.approve, global, word: "Approved") }
}

struct RejectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Reject a promotion: this release, this stage, this plan",
        discussion: "Example:\n  gradus reject checkout@prod --reason \"the migration is not rehearsed\"")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: OpinionOptions

    func run() throws { try options.answer(.reject, global, word: "Rejected") }
}
