import PromotionEngine
import WorkflowModel

/// The matrix for people: a version and its marks in each cell, and below what the marks mean.
struct MatrixText {
    let matrix: Matrix
    let style: Style
    let time: RelativeTime
    /// Also since when, and by which commit.
    let isVerbose: Bool

    var text: String {
        guard !matrix.rows.isEmpty else { return "No workflow declares a service." }
        var table = Table((["SERVICE"] + matrix.stages.map { $0.uppercased() }).map(style.dim))
        for row in matrix.rows {
            table.add([style.bold(row.service)] + matrix.stages.map { stage in row.cells[stage].map(cell) ?? "" })
        }
        return PromotionText.paragraphs(table.text, legend)
    }

    /// A sign of a cell, with the words that stand for it below the table.
    private enum Mark: String, CaseIterable {
        case adopted = "*", floating = "^", drift = "!", mixed = "~", open = ">", hold = "#", freeze = "=", yanked = "x"

        var meaning: String {
            switch self {
            case .adopted: "never promoted here"
            case .floating: "a name that moves"
            case .drift: "changed outside Gradus"
            case .mixed: "fields disagree"
            case .open: "a promotion is open"
            case .hold: "held"
            case .freeze: "frozen"
            case .yanked: "yanked"
            }
        }
    }

    private func marks(_ cell: MatrixCell) -> [Mark] {
        var marks: [Mark] = []
        if cell.floating { marks.append(.floating) }
        if cell.mixed { marks.append(.mixed) }
        if cell.drift { marks.append(.drift) }
        if cell.yanked != nil { marks.append(.yanked) }
        if cell.adopted, cell.version != nil { marks.append(.adopted) }
        if !cell.holds.isEmpty { marks.append(.hold) }
        if !cell.freezes.isEmpty { marks.append(.freeze) }
        if let open = cell.open, open.version != cell.version { marks.append(.open) }
        return marks
    }

    private func cell(_ cell: MatrixCell) -> String {
        if cell.fault != nil { return style.red("! error") }
        let marks = marks(cell)
        var text = cell.version ?? "-"
        for mark in marks where mark != .open { text += " " + mark.rawValue }
        if marks.contains(.drift) || marks.contains(.yanked) {
            text = style.red(text)
        } else if marks.contains(.adopted) {
            text = style.dim(text)
        } else if !marks.isEmpty, marks != [.open] {
            text = style.yellow(text)
        }
        if let rollout = cell.rollout, !rollout.step.isLast { text += style.yellow(" \(rollout.step.number)/\(rollout.step.of)") }
        if cell.health != .unknown { text += " " + style.health(cell.health) }
        if marks.contains(.open), let open = cell.open { text += style.yellow(" > \(open.version)") }
        if isVerbose, let since = cell.since { text += " " + style.dim("\(time.text(since)) \(cell.commit?.prefix(10) ?? "")") }
        return text
    }

    private var legend: String {
        let present = Set(matrix.rows.flatMap { $0.cells.values.flatMap(marks) })
        var lines: [String] = []
        for mark in Mark.allCases where present.contains(mark) {
            let entry = "\(mark.rawValue) \(mark.meaning)"
            if let line = lines.last, TextWidth.of(line) + 3 + TextWidth.of(entry) <= Terminal.width ?? 120 {
                lines[lines.count - 1] = line + "   " + entry
            } else {
                lines.append(entry)
            }
        }
        return lines.map(style.dim).joined(separator: "\n")
    }
}

extension Style {
    /// A symbol, the word, and a colour that says the same.
    func health(_ status: HealthStatus) -> String {
        switch status {
        case .healthy: green("✓ Healthy")
        case .degraded: red("✗ Degraded")
        case .missing: red("✗ Missing")
        case .progressing, .suspended, .unknown: yellow("… \(status.rawValue)")
        }
    }
}
