import ArgumentParser
import PromotionEngine
import WorkflowModel

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is where and what waits, with the reason",
        discussion: """
            Examples:
              gradus status
              gradus status checkout

            Of one service every stage is shown with what could enter it next, and why it does not.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Only this service", completion: LiveNames.services)
    var service: String?

    func run() throws {
        let session = try Session(global)
        let matrix = try session.conductor.matrix(service: service)
        let open = try openPromotions(matrix, session)
        let verifying = try verifyingPromotions(matrix, session)
        let next = service == nil ? [:] : try candidates(matrix, open, session)
        session.console.show(document(matrix, open + verifying, next)) {
            service == nil ? overview(matrix, open, verifying, session) : single(matrix, open, verifying, next, session)
        }
    }

    private func openPromotions(_ matrix: Matrix, _ session: Session) throws -> [PromotionReport] {
        let open = matrix.rows.flatMap { row in matrix.stages.compactMap { row.cells[$0]?.open } }.filter(\.isPending)
        let reports = try session.conductor.explanations(
            of: open.map { promotion in
                let target = PromotionTarget(service: promotion.service, stage: promotion.stage, version: promotion.version)
                return (target, PromotionRequest(requester: promotion.requester, trigger: promotion.trigger))
            })
        return zip(open, reports).map { promotion, report in
            var report = report
            (report.id, report.result, report.phase) = (promotion.id, .pending, promotion.phase)
            return report
        }
    }

    private func verifyingPromotions(_ matrix: Matrix, _ session: Session) throws -> [PromotionReport] {
        try matrix.rows.flatMap { row in
            try matrix.stages.compactMap { stage in
                guard let open = row.cells[stage]?.open, open.phase == .verifying else { return nil }
                return try session.conductor.verifying(open)
            }
        }
    }

    /// What could enter each stage that has no open promotion. A stage that nothing can be told of has none.
    private func candidates(
        _ matrix: Matrix, _ open: [PromotionReport], _ session: Session
    ) throws -> [String: PromotionReport] {
        guard let row = matrix.rows.first else { return [:] }
        var reports: [String: PromotionReport] = [:]
        for stage in matrix.stages where row.cells[stage] != nil && !open.contains(where: { $0.stage.name == stage }) {
            let request = PromotionRequest(requester: session.conductor.initiatorID, trigger: .manual)
            do {
                let report = try session.conductor.preview(PromotionTarget(service: row.service, stage: stage, version: nil), request)
                if report.result != .unchanged, report.downgradeFrom == nil { reports[stage] = report }
            } catch let error as PromotionError where error.kind == .usage {
                // Nothing is upstream yet, or nothing is registered.
                continue
            }
        }
        return reports
    }

    private func overview(
        _ matrix: Matrix, _ open: [PromotionReport], _ verifying: [PromotionReport], _ session: Session
    ) -> String {
        let (style, isVerbose) = (session.console.style, session.settings.verbose)
        let watched = verifying.map { report in
            let text = PromotionText(report: report, style: style, isVerbose: isVerbose)
            return "\(text.summary) \(report.verification?.reason ?? "")"
        }.joined(separator: "\n")
        let waits = open.map { report in
            let text = PromotionText(report: report, style: style, isVerbose: isVerbose)
            return PromotionText.paragraphs(text.summary, isVerbose ? text.gates : text.openGates, text.advice)
        }.joined(separator: "\n\n")
        let table = MatrixText(matrix: matrix, style: style, time: RelativeTime(session), isVerbose: isVerbose).text
        return PromotionText.paragraphs(table, watched, waits)
    }

    private func single(
        _ matrix: Matrix, _ open: [PromotionReport], _ verifying: [PromotionReport], _ next: [String: PromotionReport],
        _ session: Session
    ) -> String {
        guard let row = matrix.rows.first else { return "Nothing is known of it." }
        let all = next.merging(open.map { ($0.stage.name, $0) }) { $1 }
        return StatusText(
            row: row, stages: matrix.stages, next: all,
            verifying: Dictionary(verifying.map { ($0.stage.name, $0) }) { $1 }, style: session.console.style, time: RelativeTime(session),
            isVerbose: session.settings.verbose
        ).text
    }

    private func document(_ matrix: Matrix, _ open: [PromotionReport], _ next: [String: PromotionReport]) -> JSONValue {
        guard case .object(var members) = matrix.json else { return .null }
        members["kind"] = "Status"
        members["open"] = .array(open.map(\.json))
        if service != nil {
            members["next"] = .array(matrix.stages.compactMap { next[$0]?.json })
        }
        return .object(members)
    }
}
