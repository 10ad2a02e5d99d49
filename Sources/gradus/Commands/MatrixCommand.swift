import ArgumentParser
import PromotionEngine

struct MatrixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix",
        abstract: "Show what is where: services by stages, read from the files",
        discussion: """
            Examples:
              gradus matrix
              gradus matrix --at 2026-10-15T12:00:00Z

            With --at the files, rules and records are those of that time: the overlays of the commit that the branch ended in.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("As it was then", valueName: "time"))
    var at: TimeArgument?

    func run() throws {
        let session = try Session(global)
        let matrix = try session.conductor(at: at?.instant).matrix()
        let now = at?.instant ?? WallPace.current
        session.console.show(matrix.json) {
            MatrixText(
                matrix: matrix, style: session.console.style,
                time: RelativeTime(now: now, isAbsolute: session.settings.verbose), isVerbose: session.settings.verbose
            ).text
        }
    }
}
