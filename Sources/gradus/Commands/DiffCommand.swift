import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two stages: versions, the releases between them, and files",
        discussion: """
            Examples:
              gradus diff staging prod
              gradus diff staging prod --service checkout --files

            Releases between are those registered after the older version up to the newer one. The range of source commits is
            told where both releases name theirs, with its subjects where this repository holds them.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The one stage", valueName: "stage"), completion: LiveNames.stages)
    var first: String

    @Argument(help: ArgumentHelp("The other stage", valueName: "stage"), completion: LiveNames.stages)
    var second: String

    @Option(help: "Only this service", completion: LiveNames.services)
    var service: String?

    @Flag(help: "Also the difference of the overlay files")
    var files = false

    @Flag(help: "Exit 3 when the stages differ")
    var exitCode = false

    func run() throws {
        let session = try Session(global)
        var comparisons = try session.conductor.compare(first, second, service: service)
        for position in comparisons.indices {
            let comparison = comparisons[position]
            if let range = comparison.range {
                comparisons[position].changes = try session.desired.subjects(after: range.older, upTo: range.newer)
            }
            guard files else { continue }
            comparisons[position].patch = try session.desired.patch(
                from: comparison.first.files, at: comparison.first.tip, to: comparison.second.files, at: comparison.second.tip)
        }
        let shown = comparisons
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "StageDiff", "from": .string(first), "to": .string(second),
                "services": .array(shown.map(\.json)),
            ]
        ) { StageDiffText(comparisons: shown, first: first, second: second, style: session.console.style, showsFiles: files, time: RelativeTime(session)).text }
        if exitCode, shown.contains(where: { !$0.isSame }) { throw Finished(code: 3) }
    }
}
