import ArgumentParser
import PromotionEngine

struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Stop one service in one stage by hand", subcommands: [Add.self, List.self, Remove.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Put a hold on a service in a stage; several may stand at once",
            discussion: "Example:\n  gradus hold add --service checkout --stage prod --reason \"looking at an incident\" --until +4h")

        @OptionGroup var global: GlobalOptions

        @Option(help: "The service")
        var service: String

        @Option(help: "The stage")
        var stage: String

        @Option(help: "Why, for the record")
        var reason: String

        @Option(help: ArgumentHelp("When it ends; default: when it is removed", valueName: "time"))
        var until: TimeArgument?

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func run() throws {
            let session = try Session(global, for: .writing)
            let report = try session.conductor.addHold(
                service: service, stage: stage, reason: reason, until: until?.instant, dryRun: dryRun)
            RecordText.show(report, session.console, done: "\(service) is held in \(stage).", same: "The same hold is recorded already.")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the holds that stand", discussion: "Example:\n  gradus hold list")

        @OptionGroup var global: GlobalOptions

        @Option(help: "Only this service")
        var service: String?

        @Option(help: "Only this stage")
        var stage: String?

        func run() throws {
            let session = try Session(global)
            let holds = try session.conductor.holds(service: service, stage: stage)
            session.console.show(["apiVersion": "gradus/v1", "kind": "HoldList", "holds": .array(holds.map(\.json))]) {
                if holds.isEmpty { return "There is no hold." }
                let (style, time) = (session.console.style, RelativeTime(session))
                var table = Table(["ID", "SERVICE", "STAGE", "SINCE", "UNTIL", "OWNER", "REASON"].map(style.dim))
                for item in holds {
                    table.add([
                        item.hold.id, item.service, item.hold.stage, style.dim(time.text(item.hold.since)),
                        item.hold.until.map(time.text) ?? "removed", item.hold.owner, item.hold.reason,
                    ])
                }
                return table.text
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "End a hold, by its id or all of one's own in a cell", discussion: "Example:\n  gradus hold remove hold-17")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The hold's id")
        var id: String?

        @Option(help: "The service, without an id")
        var service: String?

        @Option(help: "The stage, without an id")
        var stage: String?

        @Option(help: "Why, for the record")
        var reason: String?

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func validate() throws {
            guard (id == nil) == (service != nil && stage != nil) else {
                throw ValidationError("Name the hold's id, or --service and --stage.")
            }
        }

        func run() throws {
            let session = try Session(global, for: .writing)
            let report: RecordReport
            if let service, let stage {
                report = try session.conductor.resume(service: service, stage: stage, reason: reason, dryRun: dryRun)
            } else {
                report = try Repetition(session).report(of: id ?? "", ended: .hold) {
                    try session.conductor.removeHold(id ?? "", reason: reason, dryRun: dryRun)
                }
            }
            RecordText.show(report, session.console, done: "Removed the hold.", same: id.map { "\($0) is removed already." } ?? "No hold was removed.")
        }
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End the holds of a rollback, and one's own, on a service in a stage",
        discussion: "Example:\n  gradus resume checkout --stage prod")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Option(help: "The stage", completion: LiveNames.stages)
    var stage: String

    @Option(help: "Why, for the record")
    var reason: String?

    @Flag(help: "Check everything; record nothing")
    var dryRun = false

    func run() throws {
        let session = try Session(global, for: .writing)
        let report = try session.conductor.resume(service: service, stage: stage, reason: reason, dryRun: dryRun)
        RecordText.show(report, session.console, done: "\(service) goes on in \(stage).", same: "No hold was removed.")
    }
}
