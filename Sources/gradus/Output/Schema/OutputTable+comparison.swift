extension OutputTable {
    private static let side = OutputObject(
        "side", "One service in one of two stages.",
        [
            .init("version", .nullable(.text), "What the files name."), .init("commit", .nullable(.text), "The source commit of the release."),
            .init("files", .list(.text), "The declared files."),
        ])

    private static let comparison = OutputObject(
        "comparison", "One service in two stages.",
        [
            .init("service", .text, "The service."), .init("workflow", .text, "Its workflow."), .init("from", .object(side), "In the first stage."),
            .init("to", .object(side), "In the second stage."), .init("same", .flag, "Both hold the same version."),
            .init(
                "releases",
                .list(
                    .object(
                        OutputObject(
                            "between", "A release after the older one, up to the newer one.",
                            [
                                .init("version", .text, "The version."), .init("registered_at", .time, "When it was registered."),
                                .init("registered_by", .text, "By whom."), .init("commit", .nullable(.text), "Its source commit."),
                            ]))), "In order of registration."),
            .init("commit_range", .nullable(.text), "`older..newer` of the source."),
            .init(
                "changes",
                .list(
                    .object(
                        OutputObject(
                            "source_change", "One commit of the source.",
                            [.init("commit", .text, "Its id."), .init("subject", .text, "Its first line."), .init("author", .text, "Who wrote it.")]))),
                "Source commits between, newest first."),
            .init("diff", .text, "The unified difference of the files."),
        ])

    private static let finding = OutputObject(
        "drift_finding", "A cell whose files do not hold what was promoted, or which does not run what they hold.",
        [
            .init("kind", .choice(["overlay", "live"]), "Files against records, or what runs against files."), .init("service", .text, "The service."), .init("stage", .text, "The stage."),
            .init("workflow", .text, "The workflow."), .init("recorded", .nullable(.text), "The version on record."),
            .init("found", .nullable(.text), "The version in the files."), .init("commit", .nullable(.text), "The commit that brought it."),
            .init("author", .nullable(.text), "Its author."), .init("edits", .list(.object(OutputParts.edit)), "The values."),
            .init("is_recorded", .flag, "The ledger has a record of the change."),
            .init("reason", .nullable(.text), "What a health source tells of what runs; null for files."),
        ])

    private static let lag = OutputObject(
        "lag", "A stage that is behind the stage before it.",
        [
            .init("service", .text, "The service."), .init("stage", .text, "The stage."), .init("upstream", .text, "The stage before."),
            .init("version", .text, "In the stage."), .init("upstream_version", .text, "In the stage before."),
            .init("releases", .number, "How many releases lie between.", always: false),
        ])

    /// What commands print that compare files with records, or stages with each other.
    static let comparisons: [OutputObject] = [
        OutputObject(
            document: "StageDiff", "`diff`",
            [
                .init("from", .text, "The first stage."), .init("to", .text, "The second stage."),
                .init("services", .list(.object(comparison)), "Every service that differs, or all that were asked for."),
            ]),
        OutputObject(
            document: "Drift", "`drift`",
            [
                .init("result", .choice(["none", "found", "errored"]), "Whether anything was found; errored: nothing, but not all could be looked at."), .init("findings", .list(.object(finding)), "What was found."),
                .init("lags", .list(.object(lag)), "What is on its way; no fault."),
                .init("errors", .list(.object(OutputParts.cellError)), "What could not be looked at."),
            ]),
        OutputObject(document: "Restoration", "`drift --restore`", [
                .init("promotions", .list(.object(promotion)), "What was put back."),
                .init("errors", .list(.object(OutputParts.cellError)), "What could not be looked at."),
            ]),
        OutputObject(
            document: "AuditManifest", "`manifest.json` of `audit export --output`",
            [
                .init("created_at", .time, "When it was exported."), .init("repository", .text, "From where."), .init("branch", .text, "The target branch."),
                .init("filter", .map(.text), "What was asked for."), .init("population", .number, "Records in the ledger."),
                .init("records", .number, "Records exported."), .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."),
                .init("ledger", .choice(["intact", "broken"]), "Whether the ledger holds together."),
                .init(
                    "files",
                    .list(
                        .object(
                            OutputObject(
                                "exported_file", "One file of the export.",
                                [
                                    .init("name", .text, "Its name."), .init("sha256", .text, "The digest of its bytes."),
                                    .init("bytes", .number, "Its size."), .init("rows", .number, "Its rows."),
                                ]))), "What was written."),
            ]),
    ]
}
