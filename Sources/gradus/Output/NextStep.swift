import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// The command that a person goes on with after a promotion; nil when the gates' own advice says it, or nothing is left.
struct NextStep {
    let command: String?

    init(_ report: PromotionReport, _ session: Session) throws {
        let cell = "\(report.service) --to"
        let rollback = "gradus rollback \(report.service) --stage \(report.stage.name)"
        switch (report.result, report.phase) {
        case (.refused, _) where report.isRollback && report.gates.contains { ["hold", "freeze"].contains($0.id) && $0.verdict != .passed }:
            command = "ask again when nothing stops it: `\(rollback) --version \(report.version) --reason WHY`"
        case (_, .verifying): command = "`gradus status \(report.service)` shows the health; `gradus reconcile` settles it"
        case (.promoted, _) where report.isRollback:
            command = "a hold keeps it there; `gradus resume \(report.service) --stage \(report.stage.name)` ends it"
        case (.promoted, _):
            let workflow = try session.desired.rules(of: [report.service]).workflows.first { $0.name == report.workflow }
            let after = workflow?.stages.filter { $0.after.contains(report.stage.name) } ?? []
            if report.downgradeFrom != nil {
                // Automation enters no lower version.
                command = after.first.map { "`gradus promote \(cell) \($0.name) --version \(report.version)`" }
            } else if let automatic = after.first(where: \.autoPromote) {
                command = "`gradus reconcile` takes it to \(automatic.name) when its gates hold"
            } else {
                command = after.first.map { "`gradus promote \(cell) \($0.name)`" }
            }
        case (.pending, .proposed) where report.proposal?.number == nil && report.gates.overall == .passed:
            command = "merge \(report.proposal?.branch ?? "it"); `gradus reconcile` records it"
        case (.pending, .pending), (.pending, .proposed):
            command = "`gradus promote \(cell) \(report.stage.name)` again, or `gradus reconcile`, when all gates hold"
        default: command = nil
        }
    }
}
