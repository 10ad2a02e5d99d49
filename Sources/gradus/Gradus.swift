import ArgumentParser

/// The root of all commands.
struct Gradus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradus",
        abstract: "Move releases through the stages of a GitOps repository, when their criteria hold",
        discussion: """
            Examples:
              gradus release create checkout 1.4.2 --image registry.example/checkout:1.4.2
              gradus report checkout 1.4.2 test_pass_rate=100
              gradus promote checkout --to qa
              gradus explain checkout --to prod
              gradus approve checkout@prod

            Exit codes: 0 done or nothing to do, 1 error, 2 usage or invalid file, 3 differences, 4 not permitted,
            5 promotion failed, 6 refused by policy, 7 timed out, 8 pending, 9 conflict, 130 interrupted.
            """,
        version: GradusVersion.text,
        subcommands: [
            InitCommand.self, ValidateCommand.self, AdoptCommand.self, ReleaseCommand.self, ReportCommand.self, PlanCommand.self, PromoteCommand.self,
            ApproveCommand.self, RejectCommand.self, ReconcileCommand.self, StatusCommand.self, MatrixCommand.self,
            ExplainCommand.self, HistoryCommand.self, AbortCommand.self, RetryCommand.self, RollbackCommand.self, HoldCommand.self, ResumeCommand.self,
            FreezeCommand.self, DoctorCommand.self, ShowCommand.self, HealthCommand.self, AuditCommand.self, EditCommand.self,
            SchemaCommand.self, VersionCommand.self,
        ])
}
