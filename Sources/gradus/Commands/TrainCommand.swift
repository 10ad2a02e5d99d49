import ArgumentParser
import HistoryIndex
import PromotionEngine
import WorkflowModel

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Promote what stands together in one stage to the next, in one commit",
        discussion: """
            Example:
              gradus train run --from staging --to prod --all-or-nothing

            The members count on each other: a `depends_on` that another member satisfies holds. One approval of the train's id
            counts for every member.
            """,
        subcommands: [Plan.self, Run.self, Show.self])

    /// What `plan` and `run` share.
    struct Options: ParsableArguments {
        @Option(help: "The stage that the services stand in", completion: LiveNames.stages)
        var from: String

        @Option(help: "The stage to enter, directly after it", completion: LiveNames.stages)
        var to: String

        @Option(help: "Only this service (can be repeated)", completion: LiveNames.services)
        var service: [String] = []

        @Flag(help: "Move nothing unless every service may go")
        var allOrNothing = false

        @Flag(help: "Leave out services that may not go (the default)")
        var skipBlocked = false

        @Option(help: "The change ticket")
        var ticket: String?

        func validate() throws {
            guard !(allOrNothing && skipBlocked) else { throw ValidationError("Give --all-or-nothing or --skip-blocked, not both.") }
        }

        func request(reason: String? = nil) -> TrainRequest {
            TrainRequest(
                from: from, to: to, services: service, mode: allOrNothing ? .allOrNothing : .skipBlocked, reason: reason, ticket: ticket)
        }
    }

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan", abstract: "Show who would go, who would not and why, and the exact diff; write nothing",
            discussion: "Example:\n  gradus train plan --from staging --to prod")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var options: Options

        @Flag(help: "Exit 3 if something would be promoted, 6 if refused, 8 if it waits")
        var exitCode = false

        func run() throws { try TrainPreview.show(options.request(), global, usesExitCode: exitCode) }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Promote the services that may go, all in one commit",
            discussion: "Example:\n  gradus train run --from staging --to prod --service checkout --service payments --all-or-nothing")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var options: Options

        @Option(help: "Why, for the record")
        var reason: String?

        @Option(help: ArgumentHelp("How long to fight lost races (2m)", valueName: "duration"))
        var timeout: SpanArgument?

        @Flag(help: "Show what would go; write nothing")
        var dryRun = false

        func run() throws {
            if dryRun { return try TrainPreview.show(options.request(reason: reason), global, usesExitCode: false) }
            let session = try Session(global, for: .writing, raceTimeout: timeout?.span ?? .minutes(2))
            let who = options.service.isEmpty ? "all services that may go" : options.service.joined(separator: ", ")
            try Confirmation(session).change("promote \(who)", stage: options.to)
            try TrainOutcome.show(try session.conductor.runTrain(options.request(reason: reason)), session)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a train with the state of each member",
            discussion: "Example:\n  gradus train show train-17\n\nWithout an id: the last train of the edge that --from and --to name.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The train's id", valueName: "id"))
        var id: String?

        @Option(help: "The stage that its services stood in", completion: LiveNames.stages)
        var from: String?

        @Option(help: "The stage that they entered", completion: LiveNames.stages)
        var to: String?

        func validate() throws {
            guard id != nil || to != nil else { throw ValidationError("Give the train's id, or --from and --to.") }
        }

        func run() throws {
            let session = try Session(global)
            let records = try TrainRecords(session)
            let train = try id ?? records.last(from: from, to: to ?? "")
            var report = try records.report(train)
            // What waits is told with what it waits for.
            if report.members.contains(where: { $0.phase == .pending }), let waiting = try session.conductor.waitingTrain(train)?.report {
                report.digest = waiting.digest
                let now = Dictionary(waiting.members.map { ($0.promotion, $0) }, uniquingKeysWith: { first, _ in first })
                report.members = report.members.map { $0.phase == .pending ? now[$0.promotion] ?? $0 : $0 }
            }
            session.console.show(report.json) { TrainText(report: report, style: session.console.style).text }
        }
    }
}

/// What the records say of trains.
struct TrainRecords {
    private let index: HistoryIndex

    init(_ session: Session) throws { index = try session.history() }

    /// Throws a usage error for a train that the ledger does not hold.
    func history(_ id: String) throws -> TrainHistory {
        var history = TrainHistory(id: id)
        if let number = TrainTicket.number(in: id) {
            var query = HistoryQuery()
            // A train is named after the number that its first record was to have.
            query.after = number - 1
            try index.forEach(query) { history.take($0) }
        }
        guard history.ticket != nil else {
            throw PromotionError(
                .usage, "the ledger holds no train '\(id)'", hint: "`gradus train show --from STAGE --to STAGE` shows the last one")
        }
        return history
    }

    func report(_ id: String) throws -> TrainReport {
        guard let report = try history(id).report else { throw PromotionError(.error, "\(id) has no members") }
        return report
    }

    /// The id of the last train to a stage.
    func last(from: String?, to: String) throws -> String {
        var query = HistoryQuery()
        query.stage = to
        query.type = "requested"
        var found: String?
        try index.forEach(query) { record in
            guard case .requested(let requested) = record.fact, let train = requested.train else { return }
            if from == nil || requested.from?.split(separator: ",").map(String.init).contains(from ?? "") == true { found = train.id }
        }
        guard let found else {
            throw PromotionError(
                .usage, "the ledger holds no train\(from.map { " from \($0)" } ?? "") to \(to)",
                hint: "see what would go with `gradus train plan --from \(from ?? "STAGE") --to \(to)`")
        }
        return found
    }
}
