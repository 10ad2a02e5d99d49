import ArgumentParser
import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// What `approve` and `reject` share.
struct OpinionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The promotion's id, SERVICE@STAGE, or a train's id for all its members", valueName: "id"),
        completion: LiveNames.promotions)
    var target: String

    @Option(help: "Refuse unless it is about this version", completion: LiveNames.versions)
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
        if TrainTicket.number(in: target) != nil { return try answerTrain(answer, session, word: word) }
        let opinion = Opinion(answer, withdraw: withdraw, reason: reason, version: version, planDigest: plan)
        if answer == .approve, !withdraw, !dryRun { try ask(opinion, session) }
        let report = try session.conductor.answer(opinion, to: OpinionTarget(target), dryRun: dryRun)
        let about = report.record?.exported["version"]?.stringValue.map { ", version \($0)" } ?? ""
        RecordText.show(
            report, session.console, done: withdraw ? "Withdrawn: \(target)\(about)." : "\(word) \(target)\(about).",
            same: "The same is recorded already.")
    }

    /// Nobody is asked for what will be refused; the refusal itself is told, and recorded, when the answer is given.
    private func mayBeGiven(_ opinion: Opinion, _ session: Session) -> Bool {
        do {
            _ = try session.conductor.answer(opinion, to: OpinionTarget(target), dryRun: true)
            return true
        } catch {
            return false
        }
    }

    private func answerTrain(_ answer: Opinion.Answer, _ session: Session, word: String) throws {
        guard version == nil else { throw ValidationError("--version is of one service; name the train's combination with --plan.") }
        if answer == .approve, !withdraw, !dryRun { try askForTrain(session) }
        let opinion = Opinion(answer, withdraw: withdraw, reason: reason, planDigest: plan)
        let report = try session.conductor.answer(opinion, toTrain: target, dryRun: dryRun)
        RecordText.show(
            report, session.console, done: withdraw ? "Withdrawn: \(target)." : "\(word) \(target).",
            same: "The same is recorded already.")
    }

    private func askForTrain(_ session: Session) throws {
        let question = Question(settings: session.settings)
        guard question.isAsked, let (report, plan) = try session.conductor.waitingTrain(target) else { return }
        let patch = try session.desired.patch(of: plan)
        Console.tell(
            PromotionText.paragraphs(
                session.console.style.bold(target), patch.isEmpty ? "No file changes." : session.console.style.patch(patch),
                TrainText(report: report, style: session.console.style).table, "Plan \(report.digest?.prefix(12) ?? "")"),
            isColored: session.console.style.isColored)
        try question.confirm("Approve \(target): \(Counted.of(report.members.count, "service")) to \(report.stage)?")
    }

    /// On a terminal a person sees version, difference and gates before saying yes; nobody else is asked.
    private func ask(_ opinion: Opinion, _ session: Session) throws {
        let question = Question(settings: session.settings)
        guard question.isAsked, mayBeGiven(opinion, session) else { return }
        let (report, plan) = try session.conductor.previewAnswer(to: OpinionTarget(target), version: version)
        let text = PromotionText(report: report, style: session.console.style, isVerbose: session.settings.verbose)
        let patch = try session.desired.patch(of: plan)
        Console.tell(
            PromotionText.paragraphs(
                session.console.style.bold("\(report.service) \(report.version) to \(report.stage.name), asked for by \(report.requester)"),
                patch.isEmpty ? "No file changes." : session.console.style.patch(patch), text.gates, "Plan \(report.planDigest.prefix(12))"),
            isColored: session.console.style.isColored)
        try question.confirm("Approve \(report.service) \(report.version) to \(report.stage.name)?")
    }
}

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a promotion: this release, this stage, this plan",
        discussion: "Example:\n  gradus approve checkout@prod --version 1.4.2\n\nA changed plan voids the approval. On a terminal it shows version, difference and gates, and asks.")

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
