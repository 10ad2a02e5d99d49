import ArgumentParser
import PromotionEngine

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is where and what waits, with the reason",
        discussion: "Example:\n  gradus status checkout")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Only this service")
    var service: String?

    func run() throws {
        let session = try Session(global)
        let matrix = try session.conductor.matrix(service: service)
        var open: [PromotionReport] = []
        for row in matrix.rows {
            for stage in matrix.stages {
                guard let promotion = row.cells[stage]?.open, promotion.isPending else { continue }
                let target = PromotionTarget(service: row.service, stage: stage, version: promotion.version)
                let request = PromotionRequest(requester: promotion.requester, trigger: promotion.trigger)
                var report = try session.conductor.preview(target, request)
                report.result = .pending
                open.append(report)
            }
        }
        session.console.show(document(matrix, open)) {
            let style = session.console.style
            let waits = open.map { report in
                let text = PromotionText(report: report, style: style, isVerbose: session.settings.verbose)
                return PromotionText.paragraphs(text.summary, text.gates, text.advice)
            }.joined(separator: "\n\n")
            return PromotionText.paragraphs(MatrixText.text(matrix, style), waits)
        }
    }

    private func document(_ matrix: Matrix, _ open: [PromotionReport]) -> JSONValue {
        guard case .object(var members) = matrix.json else { return .null }
        members["kind"] = "Status"
        members["open"] = .array(open.map(\.json))
        return .object(members)
    }
}
