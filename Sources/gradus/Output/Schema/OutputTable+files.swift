extension OutputTable {
    /// What commands on files print.
    static let files: [OutputObject] = [
        OutputObject(
            document: "Edit", "`edit set`, `edit image` and `edit revision`",
            [
                .init("file", .text, "The file."), .init("changed", .flag, "Whether its bytes change."),
                .init("fields", .list(.object(OutputParts.change)), "Every value that was named."),
                .init("content", .text, "With --stdout: the whole file as it would be.", always: false),
            ]),
        OutputObject(
            document: "Completion", "`completion`",
            [.init("shell", .choice(of: CompletionCommand.Shell.self), "The shell."), .init("script", .text, "Its completion script.")]),
        OutputObject(
            document: "Value", "`edit get`",
            [.init("file", .text, "The file."), .init("path", .text, "The value's path."), .init("value", .text, "Its text.")]),
        OutputObject(
            document: "Validation", "`validate`",
            [
                .init("valid", .flag, "No diagnostic is an error."), .init("diagnostics", .list(.object(OutputParts.diagnostic)), "All findings."),
                .init(
                    "edges",
                    .list(
                        .object(
                            OutputObject(
                                "edge", "One way into a stage.",
                                [
                                    .init("workflow", .text, "The workflow."), .init("from", .list(.text), "The stages before."), .init("to", .text, "The stage."),
                                    .init("automatic", .flag, "Releases enter by themselves."), .init("approvals", .list(.text), "In words; all must hold."),
                                    .init("criteria", .list(.text), "In words; all must hold."),
                                ]))), "All edges of all workflows."),
                .init(
                    "skipped",
                    .list(
                        .object(
                            OutputObject(
                                "skipped", "A match of a discovery that is no service.",
                                [.init("path", .text, "What matched."), .init("reason", .text, "Why it was left out.")]))), "What discovery left out."),
                .init(
                    "resolved",
                    .list(
                        .object(
                            OutputObject(
                                "resolved", "What a promotion of one service edits in one stage.",
                                [
                                    .init("workflow", .text, "The workflow."), .init("service", .text, "The service."), .init("owner", .nullable(.text), "Who owns it."),
                                    .init("stage", .text, "The stage."), .init("branch", .nullable(.text), "The environment's own branch."),
                                    .init("record_only", .flag, "Nothing is edited, on purpose."),
                                    .init(
                                        "edits",
                                        .list(
                                            .object(
                                                OutputObject(
                                                    "resolved_edit", "One value.",
                                                    [
                                                        .init("file", .text, "The file."), .init("field", .text, "The value's path."),
                                                        .init("value", .nullable(.text), "What stands there."),
                                                    ]))), "Every value."),
                                ]))), "With `--resolved`.", always: false),
            ]),
        OutputObject(
            document: "Onboarding", "`init`",
            [
                .init("path", .text, "The workflow file."), .init("written", .flag, "Whether it was written."), .init("text", .text, "The workflow."),
                .init("services", .list(.text), "Those found."), .init("stages", .list(.text), "Those found, in order."),
                .init("findings", .list(.text), "What was looked at."), .init("undecided", .list(.text), "What a person has to decide."),
                .init("next", .list(.text), "The next commands."),
            ]),
        OutputObject(
            document: "ServiceAddition", "`init service`",
            [
                .init("service", .text, "The service."), .init("written", .flag, "Whether the files were written."),
                .init(
                    "files",
                    .list(
                        .object(OutputObject("new_file", "A new or changed file.", [.init("path", .text, "The file."), .init("text", .text, "All of it.")]))),
                    "What the service needs."),
                .init("missing", .list(.text), "What is to be written by hand."),
            ]),
    ]
}
