import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// A train for people: a sentence, then one line for each service.
struct TrainText {
    let report: TrainReport
    let style: Style

    var text: String { PromotionText.paragraphs(summary, table, footer) }

    private var going: [TrainReport.Member] { report.members.filter { $0.commit != nil || $0.phase == .admitted || report.result == .planned && $0.goes } }

    var summary: String {
        let train = report.id.map { "\($0): " } ?? ""
        let place = report.stage
        let count = Counted.of(going.count, "service")
        let commit = report.commit.map { " in \($0.prefix(10))" } ?? ""
        return switch report.result {
        case .promoted where report.rollsBack != nil:
            "\(style.green("✓")) \(train)\(report.rollsBack ?? "") is rolled back: \(count) of \(place)\(commit); each is held."
        case .promoted: "\(style.green("✓")) \(train)\(count) delivered to \(place)\(commit)."
        case .unchanged where report.rollsBack != nil: "\(style.green("✓")) Nothing that \(report.rollsBack ?? "") brought is in \(place) any more."
        case .unchanged: "\(style.green("✓")) Everything that may go is in \(place) already; nothing to do."
        case .pending: "\(style.yellow("…")) \(train)nothing went to \(place) yet."
        case .refused where report.rollsBack != nil:
            "\(style.red("✗")) \(report.rollsBack ?? "") is not rolled back: nothing in \(place) was changed. Run the rollback again when nothing stops it."
        case .refused: "\(style.red("✗")) \(train)nothing may go to \(place)."
        case .errored: "\(style.red("!")) \(train)whether everything may go to \(place) could not be found out."
        case .planned where report.rollsBack != nil: "\(report.rollsBack ?? "") would be rolled back in \(place):"
        case .planned: "\(count) would go from \(report.from ?? "") to \(place):"
        case .closed: "\(style.yellow("…")) \(train)nothing of it went to \(place)."
        }
    }

    var table: String {
        var table = Table([style.dim("SERVICE"), style.dim("VERSION"), style.dim("STATE"), style.dim("WHY")])
        for member in report.members {
            table.add([member.service, member.version ?? "-", state(member), member.reason ?? ""])
        }
        return report.members.isEmpty ? "No service is declared for it." : table.text
    }

    private func state(_ member: TrainReport.Member) -> String {
        switch (member.skip, member.phase) {
        case (nil, .pending?) where report.result == .planned && member.goes: style.green("goes")
        case (nil, .succeeded?), (nil, .verifying?), (nil, .delivered?): style.green(member.phase?.rawValue ?? "")
        case (let skip?, _): style.yellow(skip.rawValue)
        case (nil, let phase?): phase.rawValue
        case (nil, nil): report.result == .planned && member.reason == nil ? style.green("goes") : "stays"
        }
    }

    /// What clears what is in the way, each command once, and what an approval is bound to.
    private var footer: String {
        var seen: Set<String> = []
        let commands = report.members.flatMap(\.gates).filter { $0.verdict != .passed && !$0.isSkipped && $0.criterion != "approval" }
            .compactMap(\.clearWith).filter { seen.insert($0).inserted }
        let isAwaited = report.members.contains { $0.skip == .approval }
        let approve = isAwaited ? report.id.map { ["gradus approve \($0)"] } ?? [] : []
        let all = approve + commands
        let shown = all.prefix(Self.mostCommands).map { "  \($0)" } + (all.count > Self.mostCommands ? ["  and \(all.count - Self.mostCommands) more"] : [])
        return PromotionText.paragraphs(
            all.isEmpty ? "" : "What clears it:\n" + shown.joined(separator: "\n"), report.digest.map { "Plan \($0.prefix(12))" } ?? "")
    }

    private static let mostCommands = 12
}

/// What a train would do now: `train plan` and `train run --dry-run` show the same.
enum TrainPreview {
    static func show(_ request: TrainRequest, _ global: GlobalOptions, usesExitCode: Bool) throws {
        let session = try Session(global)
        let (report, plan) = try session.conductor.previewTrain(request)
        let patch = try session.desired.patch(of: plan)
        session.console.show(document(report, patch)) {
            let text = TrainText(report: report, style: session.console.style)
            return PromotionText.paragraphs(text.text, session.console.style.patch(patch))
        }
        if usesExitCode, report.previewExitCode != 0 { throw Finished(code: report.previewExitCode) }
    }

    private static func document(_ report: TrainReport, _ patch: String) -> JSONValue {
        guard case .object(var members) = report.json else { return report.json }
        members["diff"] = .string(patch)
        return .object(members)
    }
}

/// The end of a command that moved, or tried to move, a train.
enum TrainOutcome {
    /// Prints the document and ends the process with its exit code.
    static func show(_ report: TrainReport, _ session: Session) throws {
        session.console.show(report.json) { TrainText(report: report, style: session.console.style).text }
        if report.result == .pending, let id = report.id, let from = report.from {
            session.console.status(
                "Next: `gradus train run --from \(from) --to \(report.stage)` again, or `gradus reconcile`, when the gates hold; `gradus train show \(id)` tells how it stands")
        }
        if let problem = report.problem {
            let told = ErrorReport(problem)
            told.print(asJSON: false)
            throw Finished(code: told.exitCode)
        }
        if report.exitCode != 0 { throw Finished(code: report.exitCode) }
    }
}

extension TrainReport {
    /// The exit code of the contract, section 7. What could not be found out is told also where the others went.
    var exitCode: Int32 {
        switch result {
        case .promoted: members.contains { $0.skip == .errored } ? 1 : 0
        case .unchanged, .planned, .closed: 0
        case .pending: 8
        case .refused: 6
        case .errored: 1
        }
    }

    /// What `--exit-code` makes of a preview: 3 something would go, 6 refused, 8 waits.
    var previewExitCode: Int32 {
        if members.contains(where: \.goes) { return 3 }
        return switch blockedVerdict {
        case .failed?: 6
        case .errored?: 1
        case .waiting?: result == .unchanged ? 0 : 8
        case .passed?, nil: 0
        }
    }
}
