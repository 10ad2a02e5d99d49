/// The documents of audits, metrics, backup and restore.
extension OutputTable {
    static let audits: [OutputObject] = [
        OutputObject(
            document: "AuditPopulation", "`audit report -o json`: every change of a period.",
            [
                .init("scope", .object(scope), "What was asked for."), .init("population", .number, "How many changes there are."),
                .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."),
                .init("changes", .list(.object(change)), "Oldest first."),
            ]),
        OutputObject(
            document: "AuditExport", "`audit export -o json`",
            [
                .init("filter", .map(.text), "What was asked for."), .init("population", .number, "How many records the ledger holds."),
                .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."),
                .init("records", .list(.object(OutputParts.record)), "Oldest first."),
            ]),
        OutputObject(
            document: "Attestations", "`audit attest -o json`",
            [
                .init("signed", .flag, "Whether the statements stand in signed envelopes."),
                .init("chain_head", .object(OutputParts.chainHead), "The newest record."),
                .init("statements", .list(.object(OutputObject("attestation", "An in-toto statement, or the DSSE envelope around one.", isOpen: true, []))), "One for each promotion."),
            ]),
        OutputObject(
            document: "AuditSample", "`audit sample`",
            [
                .init("scope", .object(scope), "What was asked for."), .init("seed", .text, "As given."),
                .init("population", .number, "How many changes it was drawn from."),
                .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."),
                .init("items", .list(.object(change)), "In the order in which they were drawn."),
            ]),
        OutputObject(
            document: "RuleChanges", "`audit rules`",
            [.init("changes", .list(.object(OutputObject("rule_change", "A commit that touched the rules.", isOpen: true, []))), "Oldest first.")]),
        OutputObject(
            document: "Access", "`audit access`",
            [
                .init("at", .text, "The moment."), .init("commit", .text, "The commit whose rules were in force."),
                .init("rows", .list(.object(OutputObject("access_row", "Who may do one thing in one stage.", isOpen: true, []))), "By workflow, stage and action."),
            ]),
        OutputObject(
            document: "DeliveryMetrics", "`metrics dora`",
            [
                .init("scope", .object(scope), "What was asked for."), .init("weeks", .text, "Length of the period, a decimal."),
                .init("targets", .object(OutputObject("metric_targets", "What is aimed at.", isOpen: true, [])), "What is aimed at."),
                .init("total", .object(metrics), "Of all services."), .init("services", .list(.object(metrics)), "By service."),
                .init("classes", .list(.object(metrics)), "By class of stage."),
                .init("definitions", .list(.object(OutputObject("metric_definition", "What a number means.", isOpen: true, []))), "What the numbers mean."),
                .init("weekly", .list(.object(OutputObject("metric_week", "One week.", isOpen: true, []))), "Oldest first."),
            ]),
        OutputObject(document: "Backup", "`backup`", backup),
        OutputObject(
            document: "Restore", "`restore`",
            [
                .init("path", .text, "The new repository."), .init("created_at", .text, "When the backup was made."),
                .init("backup", .object(OutputObject("backup_manifest", "What the backup says of itself.", isOpen: true, [])), "Its manifest."),
                .init("records", .number, "Records that are there now."),
                .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."),
                .init("differences", .list(.object(OutputObject("mirror_difference", "How a mirror's branch stands to the backup's.", isOpen: true, []))), "By branch."),
            ]),
    ]

    private static let backup: [OutputObject.Member] = [
        .init("created_at", .text, "When."), .init("repository", .text, "Of which repository."), .init("branch", .text, "Its target branch."),
        .init("references", .object(OutputObject("backup_references", "Commit ids by reference.", isOpen: true, [])), "All branches."),
        .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."), .init("records", .number, "Records in the ledger."),
        .init("segments", .number, "Segments of the ledger."),
        .init("files", .list(.object(OutputObject("backed_up_file", "A file with its digest.", isOpen: true, []))), "Rules and environments at the tip."),
    ]

    private static let scope = OutputObject(
        "audit_scope", "What an audit is about.",
        [
            .init("stages", .list(.text), "Empty: all."), .init("service", .nullable(.text), "Null: all."),
            .init("since", .nullable(.text), "Null: from the beginning."), .init("until", .nullable(.text), "The first moment that does not count."),
        ])

    private static let change = OutputObject("audited_change", "One change of one stage, as docs/audit.md tells.", isOpen: true, [])
    private static let metrics = OutputObject("delivery_row", "Measures of one service, class, or all.", isOpen: true, [])
}
