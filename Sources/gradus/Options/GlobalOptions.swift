import ArgumentParser

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Work tree, bare repository or URL (GRADUS_REPO)", valueName: "path|url"))
    var repo: String?

    @Option(help: "Target branch; default: the one that HEAD of the authority names")
    var branch: String?

    @Option(name: [.customShort("o"), .long], help: "Form of the output: text, json or jsonl")
    var output: OutputFormat?

    @Flag(help: "Use no colour (NO_COLOR)")
    var noColor = false

    @Flag(name: .shortAndLong, help: "Print no status on stderr")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print more: absolute times, every gate")
    var verbose = false

    @Option(help: ArgumentHelp("Who acts: an id, or 'NAME <MAIL>' (GRADUS_ACTOR)", valueName: "id"))
    var actor: String?

    @Flag(help: "Answer every question with yes")
    var yes = false
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, jsonl
}
