import ArgumentParser

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the ledger, and take evidence out of it",
        discussion: """
            Examples:
              gradus audit verify
              gradus audit verify -o json > checkpoint.json
              gradus audit verify --since-checkpoint checkpoint.json
              gradus audit report --stage prod --since 2026-01-01 --file report.html
              gradus audit export --output evidence-2026
            """,
        subcommands: [
            AuditVerifyCommand.self, AuditExportCommand.self, AuditReportCommand.self, AuditSampleCommand.self,
            AuditRulesCommand.self, AuditAccessCommand.self, AuditAttestCommand.self, AuditPseudonymiseCommand.self,
        ])
}
