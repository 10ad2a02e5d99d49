import ArgumentParser

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show the exact diff and the gates of a promotion; write nothing",
        discussion: "Example:\n  gradus plan checkout --to prod")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Option(help: "The stage to enter", completion: LiveNames.stages)
    var to: String

    @Option(help: "The version; it must be registered", completion: LiveNames.versions)
    var version: String?

    @Option(help: "The change ticket")
    var ticket: String?

    @Flag(help: "Exit 3 if it would be promoted, 6 if refused, 8 if it waits")
    var exitCode = false

    func run() throws {
        try Preview(global: global, service: service, to: to, version: version, ticket: ticket, usesExitCode: exitCode)
            .show(withDiff: true)
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a release may or may not enter a stage now, and what clears each gate",
        discussion: """
            Examples:
              gradus explain checkout --to prod
              gradus explain checkout --to prod --at 2026-10-15T12:00:00Z

            With --at files, rules, records and the clock are those of that time. What only a probe could have told then is what is
            on record.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Option(help: "The stage to enter", completion: LiveNames.stages)
    var to: String

    @Option(help: "The version; it must be registered", completion: LiveNames.versions)
    var version: String?

    @Flag(help: "Exit 3 if it would be promoted, 6 if refused, 8 if it waits")
    var exitCode = false

    @Option(help: ArgumentHelp("As it was then", valueName: "time"))
    var at: TimeArgument?

    func run() throws {
        try Preview(global: global, service: service, to: to, version: version, at: at?.instant, usesExitCode: exitCode)
            .show(withDiff: false)
    }
}
