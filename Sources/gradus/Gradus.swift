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

            `gradus help exit-codes` tells what every exit code says; `gradus completion bash|zsh|fish` completes names.
            """,
        version: GradusVersion.text,
        subcommands: [
            InitCommand.self, ValidateCommand.self, AdoptCommand.self, ReleaseCommand.self, ReportCommand.self, PlanCommand.self, PromoteCommand.self,
            ApproveCommand.self, RejectCommand.self, ReconcileCommand.self, StatusCommand.self, MatrixCommand.self,
            ExplainCommand.self, HistoryCommand.self, AbortCommand.self, RetryCommand.self, RollbackCommand.self, TrainCommand.self, HoldCommand.self, ResumeCommand.self,
            FreezeCommand.self, ReviewCommand.self, InboxCommand.self, SimulateCommand.self, DiffCommand.self, DriftCommand.self, CompletionCommand.self, DoctorCommand.self, ShowCommand.self, HealthCommand.self, AuditCommand.self, MetricsCommand.self, BackupCommand.self, RestoreCommand.self, EditCommand.self,
            SchemaCommand.self, VersionCommand.self,
            ReferenceCommand.self,
        ])
}
