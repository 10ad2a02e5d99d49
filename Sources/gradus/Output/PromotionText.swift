import PromotionEngine
import WorkflowModel

/// A promotion and its gates for people.
struct PromotionText {
    let report: PromotionReport
    let style: Style
    /// Also what has passed, and where values come from.
    let isVerbose: Bool

    var summary: String {
        let what = "\(report.service) \(report.version)"
        let place = report.stage.name
        let commit = (report.commit.map { " in \($0.prefix(10))" } ?? "") + (report.rollout.map { ", step \($0)" } ?? "")
        if report.isRollback, let told = rollback(place, commit) { return told }
        return switch (report.result, report.phase) {
        case (.promoted, .verifying): "\(style.green("✓")) \(what) is delivered to \(place)\(commit); its health is being watched."
        case (.promoted, _): "\(style.green("✓")) \(what) is in \(place), delivered\(commit)."
        case (.unchanged, .verifying): "\(style.green("✓")) \(what) is in \(place) already\(report.rollout.map { ", step \($0)" } ?? ""); its health is being watched."
        case (.unchanged, _): "\(style.green("✓")) \(what) is in \(place) already; nothing to do."
        case (.pending, .verifying): "\(style.yellow("…")) \(what) is in \(place); its health is being watched."
        case (.pending, .withdrawn), (.pending, .admitted): "\(style.red("!")) \(what) could not be delivered to \(place)."
        case (.pending, .proposed):
            "\(style.yellow("…")) \(what) is proposed to \(place)\(proposal)."
        case (.refused, .rejected): "\(style.red("✗")) \(what) to \(place) was rejected\(proposal)."
        case (.pending, _): "\(style.yellow("…")) \(what) waits to enter \(place)."
        case (.refused, _): "\(style.red("✗")) \(what) may not enter \(place)."
        case (.failed, _): "\(style.red("✗")) \(what) failed in \(place)."
        case (.aborted, _): "\(style.red("✗")) \(what) to \(place) was aborted."
        case (.superseded, _): "\(style.yellow("…")) \(what) to \(place) was superseded."
        case (.errored, _): "\(style.red("!")) whether \(what) may enter \(place) could not be found out."
        case (.planned, _): "\(what) to \(place)\(report.proposal == nil ? "" : ", proposed\(proposal)"):"
        }
    }

    /// Nil for what is told of a rollback as of any promotion.
    private func rollback(_ place: String, _ commit: String) -> String? {
        switch (report.result, report.phase) {
        case (.promoted, .proposed), (.promoted, .verifying): nil
        case (.promoted, _): "\(style.green("✓")) \(report.service) is rolled back to \(report.version) in \(place), delivered\(commit), and held."
        case (.refused, _): "\(style.red("✗")) \(report.service) is not rolled back to \(report.version) in \(place): nothing was changed or recorded."
        case (.planned, _): "\(report.service) would be rolled back to \(report.version) in \(place):"
        default: nil
        }
    }

    /// How the verification of what was delivered stands; empty when nothing is verified.
    func verification(_ time: RelativeTime) -> String {
        guard let status = report.verification else { return "" }
        var needs = "Healthy for \(status.verifyFor)"
        if let timeout = status.healthTimeout { needs += "; failed when not Healthy within \(timeout) of the first observation" }
        if let timeout = status.syncTimeout { needs += ", or not seen within \(timeout)" }
        let seen = status.last.map { last in
            "\(style.health(last.status)) \(time.text(last.at))\(last.message.map { ": \($0)" } ?? "")"
        }
        var lines = ["Verifying since \(time.text(status.since)): \(status.reason)"]
        if status.watchesHealth {
            lines.append("  needs      \(needs)")
            lines.append("  last seen  \(seen ?? "nothing yet")")
        }
        return lines.joined(separator: "\n") + "\n\nWhat carries it on:\n" + status.carryOn.map { "  \($0)" }.joined(separator: "\n")
    }

    /// Said where an older version comes over a newer one; a rollback says so itself.
    var downgrade: String {
        guard let newer = report.downgradeFrom, !report.isRollback else { return "" }
        switch report.result {
        case .promoted: return "This is a downgrade from \(newer)."
        case .planned, .pending, .refused, .errored: return "This would be a downgrade from \(newer)."
        case .unchanged, .failed, .aborted, .superseded: return ""
        }
    }

    /// Where what waits to be merged can be seen.
    private var proposal: String {
        guard let proposal = report.proposal else { return "" }
        let place = proposal.number.map { "pull request \($0)" } ?? "branch \(proposal.branch) at \(proposal.head.prefix(10))"
        return " in \(place)" + (proposal.proposed.url.map { ": \($0)" } ?? "")
    }

    var gates: String {
        if report.gates.isEmpty {
            // What is there already is asked nothing, whatever guards the stage.
            return [.unchanged, .failed].contains(report.result) || report.phase == .verifying ? "" : "No gate guards \(report.stage.name)."
        }
        return table(of: report.gates)
    }

    /// Only what stands in the way, unless everything is asked for.
    var openGates: String {
        let open = report.gates.filter { isVerbose || $0.verdict != .passed }
        return open.isEmpty ? "" : table(of: open)
    }

    private func table(of gates: [Gate]) -> String {
        var table = Table([style.dim("VERDICT"), style.dim("GATE"), style.dim("VALUE"), style.dim("NEEDS"), style.dim("WHY")])
        for gate in gates {
            var why = gate.reason
            if let source = gate.source, isVerbose || gate.verdict != .passed { why += " (\(source))" }
            if let next = gate.nextCheck { why += "; earliest \(next)" }
            table.add([style.symbol(gate), gate.id, gate.value ?? "-", gate.threshold ?? "-", why])
        }
        if let width = Terminal.width, table.width(withLast: Self.narrowestWhy) > width { return sentences(of: gates) }
        return table.text
    }

    /// Where less is left for the reasons, gates are told as sentences.
    private static let narrowestWhy = 48

    /// For a narrow terminal: the gate's id stays whole, because commands name it.
    private func sentences(of gates: [Gate]) -> String {
        var table = Table([style.dim("VERDICT"), style.dim("GATE")])
        for gate in gates {
            let value = gate.value.map { " is \($0)" } ?? ""
            let needs = gate.threshold.map { " needs \($0)" } ?? ""
            let source = gate.source.map { isVerbose || gate.verdict != .passed ? " (\($0))" : "" } ?? ""
            let next = gate.nextCheck.map { "; earliest \($0)" } ?? ""
            table.add([style.symbol(gate), "\(style.bold(gate.id))\(gate.verdict == .passed ? "" : value + needs): \(gate.reason)\(source)\(next)"])
        }
        return table.text
    }

    /// The commands that clear what is not passed.
    var advice: String {
        let open = report.gates.filter { $0.verdict != .passed && !$0.isSkipped }
        let commands = open.compactMap { gate in gate.clearWith.map { (gate: gate.id, command: $0) } }
        let width = Terminal.width ?? .max
        let lines = commands.map { item in
            let line = "  \(item.gate): \(item.command)"
            // A command is never broken, so that it can be copied; it gets a line of its own where it has to.
            return TextWidth.of(line) > width ? "  \(item.gate):\n    \(item.command)" : line
        }
        return lines.isEmpty ? "" : "What clears it:\n" + lines.joined(separator: "\n")
    }

    var edits: String {
        guard !report.edits.isEmpty else { return "No file is edited." }
        return report.edits.map { edit in
            edit.changes
                ? "\(edit.file): \(edit.field): \(edit.old ?? "(none)") -> \(edit.new ?? "(none)")"
                : style.dim("\(edit.file): \(edit.field): \(edit.old ?? "(none)") stands")
        }.joined(separator: "\n")
    }

    static func paragraphs(_ parts: String...) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension PromotionReport {
    /// The exit code of the contract, section 7.
    var exitCode: Int32 {
        switch result {
        case .promoted, .unchanged, .planned: 0
        case .pending: 8
        case .refused, .aborted, .superseded: 6
        case .failed: 5
        case .errored: 1
        }
    }

    /// What `--exit-code` makes of a preview: 3 would promote, 6 would be refused, 8 would wait.
    var previewExitCode: Int32 {
        if result == .unchanged { return 0 }
        return switch gates.overall {
        case .passed: 3
        case .failed: 6
        case .errored: 1
        case .waiting: 8
        }
    }
}
