import ArgumentParser
import PromotionEngine

struct FreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Close stages for a time: nothing new is admitted while a freeze is on",
        subcommands: [Add.self, List.self, Remove.self, Check.self])

    /// What a freeze, or a question about freezes, is about.
    struct ScopeOptions: ParsableArguments {
        @Option(help: "Only this workflow")
        var workflow: String?

        @Option(help: "Only this stage")
        var stage: String?

        @Option(help: "Only this service")
        var service: String?

        var scope: FreezeScope { FreezeScope(workflow: workflow, stage: stage, service: service) }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Begin a freeze, now or later",
            discussion: """
                Example:
                  gradus freeze add --stage prod --reason "end of year" --start 2026-12-18T18:00:00Z --until 2027-01-04T08:00:00Z
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var about: ScopeOptions

        @Flag(help: "Freeze everything")
        var all = false

        @Option(help: "Why, for the record")
        var reason: String

        @Option(help: ArgumentHelp("When it begins; default: now", valueName: "time"))
        var start: TimeArgument?

        @Option(help: ArgumentHelp("When it ends; default: when it is removed", valueName: "time"))
        var until: TimeArgument?

        @Flag(help: "Stop rollbacks too")
        var includeRollbacks = false

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func validate() throws {
            guard all == (about.scope == FreezeScope()) else {
                throw ValidationError("Name --workflow, --stage or --service, or else --all.")
            }
        }

        func run() throws {
            let session = try Session(global, for: .writing)
            let report = try session.conductor.addFreeze(
                about.scope, reason: reason, start: start?.instant, until: until?.instant, includesRollbacks: includeRollbacks,
                dryRun: dryRun)
            RecordText.show(report, session.console, done: "Froze \(about.scope).", same: "The same freeze is recorded already.")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the freezes that are on or to come", discussion: "Example:\n  gradus freeze list")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = try Session(global)
            let freezes = try session.conductor.freezes()
            session.console.show(
                ["apiVersion": "gradus/v1", "kind": "FreezeList", "freezes": .array(freezes.map { .object($0.members) })]
            ) {
                if freezes.isEmpty { return "There is no freeze." }
                let (style, time) = (session.console.style, RelativeTime(session))
                var table = Table(["ID", "SCOPE", "START", "UNTIL", "ROLLBACKS", "OWNER", "REASON"].map(style.dim))
                for freeze in freezes {
                    table.add([
                        freeze.id, freeze.scope.description, time.text(freeze.start), freeze.until.map(time.text) ?? "removed",
                        freeze.includesRollbacks ? "stopped" : "pass", freeze.owner, freeze.reason,
                    ])
                }
                return table.text
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "End a freeze before its time", discussion: "Example:\n  gradus freeze remove freeze-31 --reason \"incident over\"")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The freeze's id")
        var id: String

        @Option(help: "Why, for the record")
        var reason: String?

        @Flag(help: "Check everything; record nothing")
        var dryRun = false

        func run() throws {
            let session = try Session(global, for: .writing)
            let report = try Repetition(session).report(of: id, ended: .freeze) {
                try session.conductor.removeFreeze(id, reason: reason, dryRun: dryRun)
            }
            RecordText.show(report, session.console, done: "Removed \(id).", same: "\(id) is removed already.")
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Tell whether a scope is frozen, and when that changes",
            discussion: """
                Examples:
                  gradus freeze check
                  gradus freeze check --service checkout --stage prod --exit-code

                Every freeze counts that closes what is asked about or a part of it; without a scope, every one that is on.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var about: ScopeOptions

        @Option(help: ArgumentHelp("Ask about another time than now", valueName: "time"))
        var at: TimeArgument?

        @Flag(help: "Exit 8 when it is frozen, or a part of it")
        var exitCode = false

        func run() throws {
            let session = try Session(global)
            let check = try session.conductor.checkFreezes(about.scope, at: at?.instant)
            session.console.show(check.json) {
                if check.active.isEmpty {
                    return "\(about.scope): open" + (check.nextClose.map { ", frozen from \($0)" } ?? "")
                }
                let end = check.nextOpen.map { ", open from \($0)" } ?? ", with no end"
                return "\(about.scope): frozen\(check.isWhole ? "" : " in part")\(end)\n"
                    + check.active.map { "  \($0.id) closes \($0.scope), by \($0.owner): \($0.reason)" }.joined(separator: "\n")
            }
            if exitCode, !check.active.isEmpty { throw Finished(code: 8) }
        }
    }
}
