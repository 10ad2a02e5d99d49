import PromotionEngine

/// What differs, for people.
struct DriftText {
    let report: DriftReport
    let style: Style

    var text: String { PromotionText.paragraphs(Self.failures(report.failures, style), findings, lags) }

    private var findings: String {
        // What could not be looked at is no proof that all is well.
        guard !report.findings.isEmpty || !report.failures.isEmpty else { return "\(style.green("✓")) The files hold what the ledger says." }
        return report.findings.map { finding in
            let what = finding.kind == .overlay ? "was changed outside Gradus" : "does not run what Git holds"
            let versions = [finding.recorded, finding.found].compactMap(\.self).joined(separator: " -> ")
            let head = "\(style.red("!")) \(style.bold(finding.service)) in \(style.bold(finding.stage)) \(what)"
                + (versions.isEmpty ? "" : ": \(versions)")
            var lines = [head]
            if let reason = finding.reason { lines.append("  \(reason)") }
            if let commit = finding.commit {
                lines.append("  \(finding.author.map { "by \($0) in" } ?? "at") \(commit.prefix(10))\(finding.isRecorded ? ", on record" : "")")
            }
            lines += finding.edits.map { "  \($0.file): \($0.field): \($0.old ?? "(none)") -> \($0.new ?? "(none)")" }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private var lags: String {
        guard !report.lags.isEmpty else { return "" }
        var table = Table(["SERVICE", "STAGE", "HAS", "BEHIND", "WHICH HAS", "BY"].map(style.dim))
        for lag in report.lags {
            table.add([
                lag.service, lag.stage, lag.version, lag.upstream, lag.upstreamVersion,
                lag.releases.map { Counted.of($0, "release") } ?? "?",
            ])
        }
        return table.text
    }

    static func failures(_ failures: [DriftReport.Failure], _ style: Style) -> String {
        failures.map { "\(style.red("! error")) \($0.service) in \($0.stage): \($0.message)" }.joined(separator: "\n")
    }

    /// The command that a person goes on with; nil when nothing differs.
    static func next(_ report: DriftReport) -> String? {
        guard let first = report.findings.first(where: { $0.kind == .overlay }) else { return nil }
        let cell = "gradus drift --service \(first.service) --stage \(first.stage)"
        return "`\(cell) --restore --reason WHY` puts it back, `\(cell) --adopt --reason WHY` accepts it."
    }
}
