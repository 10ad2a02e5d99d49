import PromotionEngine
import WorkflowModel

/// Where one service stands in each stage, and what it waits for, for people.
struct StatusText {
    let row: Matrix.Row
    let stages: [String]
    /// By stage: the promotion that is open, or the one that could be next.
    let next: [String: PromotionReport]
    /// By stage: what is delivered and being verified.
    let verifying: [String: PromotionReport]
    let style: Style
    let time: RelativeTime
    let isVerbose: Bool

    var text: String { PromotionText.paragraphs("\(style.bold(row.service))  \(style.dim("workflow \(row.workflow)"))", table, faults, waits) }

    private var table: String {
        var table = Table(["STAGE", "VERSION", "HEALTH", "SINCE", "NEXT"].map(style.dim))
        for stage in stages {
            guard let cell = row.cells[stage] else { continue }
            var version = cell.version ?? "-"
            if cell.adopted, cell.version != nil { version += style.dim(" (never promoted)") }
            if cell.drift { version += style.red(" ! changed outside") }
            if cell.mixed { version += style.yellow(" ~ fields disagree") }
            if let yank = cell.yanked { version += style.red(" x yanked: \(yank.reason)") }
            if cell.fault != nil { version = style.red("! error") }
            table.add([
                style.bold(stage), version, cell.health == .unknown ? style.dim("-") : style.health(cell.health),
                cell.since.map { time.text($0) + (isVerbose ? " \(cell.commit?.prefix(10) ?? "")" : "") } ?? style.dim("-"), upcoming(stage, cell),
            ])
        }
        return table.text
    }

    private var faults: String {
        stages.compactMap { stage in row.cells[stage]?.fault.map { "\(style.red("! error")) \(row.service) in \(stage): \($0)" } }
            .joined(separator: "\n")
    }

    private func upcoming(_ stage: String, _ cell: MatrixCell) -> String {
        var parts: [String] = []
        for hold in cell.holds { parts.append(style.yellow("# held by \(hold.owner): \(hold.reason)")) }
        for freeze in cell.freezes { parts.append(style.yellow("= frozen\(freeze.until.map { " until \($0)" } ?? ""): \(freeze.reason)")) }
        if let status = verifying[stage]?.verification { parts.append(style.yellow("… verifying: \(status.reason)")) }
        if let report = next[stage] {
            let open = report.gates.filter { $0.verdict != .passed }
            switch report.gates.overall {
            case .passed: parts.append(style.green("✓ \(report.version) may enter"))
            case .failed: parts.append(style.red("✗ \(report.version) may not enter: \(Self.names(open))"))
            case .errored: parts.append(style.red("! \(report.version): not found out: \(Self.names(open))"))
            case .waiting: parts.append(style.yellow("… \(report.version) waits: \(Self.names(open))"))
            }
        }
        return parts.joined(separator: "; ")
    }

    private static func names(_ gates: [Gate]) -> String { gates.map(\.id).joined(separator: ", ") }

    private var waits: String {
        let watched = stages.compactMap { stage in
            verifying[stage].map { report in
                let text = PromotionText(report: report, style: style, isVerbose: isVerbose)
                return PromotionText.paragraphs(text.summary, text.verification(time))
            }
        }
        let waiting = stages.compactMap { stage -> String? in
            guard let report = next[stage], report.result == .pending else { return nil }
            let text = PromotionText(report: report, style: style, isVerbose: isVerbose)
            return PromotionText.paragraphs(text.summary, text.openGates, text.advice)
        }
        return (watched + waiting).joined(separator: "\n\n")
    }
}
