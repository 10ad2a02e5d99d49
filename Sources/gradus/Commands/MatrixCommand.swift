import ArgumentParser
import PromotionEngine

struct MatrixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix",
        abstract: "Show what is where: services by stages, read from the files",
        discussion: "Marks: * never promoted here, ^ a name that moves, ! changed outside Gradus, ~ fields disagree, > a promotion is open, # held, = frozen.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = try Session(global)
        let matrix = try session.conductor.matrix()
        session.console.show(matrix.json) { MatrixText.text(matrix, session.console.style) }
    }
}

/// The matrix for people.
enum MatrixText {
    static func text(_ matrix: Matrix, _ style: Style) -> String {
        var table = Table(["SERVICE"] + matrix.stages.map { $0.uppercased() })
        for row in matrix.rows {
            table.add([row.service] + matrix.stages.map { stage in row.cells[stage].map { cell($0, style) } ?? "" })
        }
        return table.text
    }

    private static func cell(_ cell: MatrixCell, _ style: Style) -> String {
        if cell.fault != nil { return style.red("! error") }
        var text = cell.version ?? "-"
        if cell.floating { text = style.yellow(text + " ^") }
        if cell.mixed { text = style.yellow(text + " ~") }
        if cell.drift { text = style.red(text + " !") }
        if cell.adopted, cell.version != nil { text = style.dim(text + " *") }
        if cell.health != .unknown { text += " " + cell.health.rawValue }
        if !cell.holds.isEmpty { text += style.yellow(" #") }
        if !cell.freezes.isEmpty { text += style.yellow(" =") }
        if let open = cell.open, open.version != cell.version { text += style.yellow(" > \(open.version)") }
        return text
    }
}
