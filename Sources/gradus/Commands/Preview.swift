import GitOpsBackend
import PromotionEngine

/// What a promotion would do now: `plan`, `explain` and `promote --dry-run` show the same.
struct Preview {
    let global: GlobalOptions
    let service: String
    let to: String
    let version: String?
    /// The moment to look back to; nil: now.
    var at: Instant?
    var ticket: String?
    var breakGlass: [String] = []
    var usesExitCode = false

    func show(withDiff: Bool) throws {
        let session = try Session(global)
        let request = PromotionRequest(
            requester: session.conductor.initiatorID, trigger: .manual, ticket: ticket, breakGlass: breakGlass)
        let target = PromotionTarget(service: service, stage: to, version: version)
        let (report, patch) = withDiff ? try planned(target, request, session) : (try session.conductor(at: at).explanation(of: target, request), "")
        session.console.show(document(report, patch, withDiff)) {
            let text = PromotionText(report: report, style: session.console.style, isVerbose: session.settings.verbose)
            let isThere = report.result == .unchanged || report.phase == .verifying
            let diff = withDiff && !isThere ? (patch.isEmpty ? "No file changes." : session.console.style.patch(patch)) : ""
            return PromotionText.paragraphs(
                text.summary, text.verification(RelativeTime(session)), text.downgrade, diff, text.gates, text.advice,
                withDiff && !isThere ? "Plan \(report.planDigest.prefix(12))" : "")
        }
        if usesExitCode, report.previewExitCode != 0 { throw Finished(code: report.previewExitCode) }
    }

    private func planned(_ target: PromotionTarget, _ request: PromotionRequest, _ session: Session) throws -> (PromotionReport, patch: String) {
        let (report, plan) = try session.conductor.previewFiles(target, request)
        return (report, try session.desired.patch(of: plan))
    }

    private func document(_ report: PromotionReport, _ patch: String, _ withDiff: Bool) -> JSONValue {
        guard withDiff, case .object(var members) = report.json else { return report.json }
        members["diff"] = .string(patch)
        return .object(members)
    }
}
