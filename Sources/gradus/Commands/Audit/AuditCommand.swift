import ArgumentParser

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the ledger, and take evidence out of it",
        discussion: """
            Examples:
              gradus audit verify
              gradus audit verify -o json > checkpoint.json
              gradus audit verify --since-checkpoint checkpoint.json
            """,
        subcommands: [AuditVerifyCommand.self])
}
