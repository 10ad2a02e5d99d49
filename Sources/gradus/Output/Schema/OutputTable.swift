import PromotionEngine

/// Every document that `-o json` prints: the source of `gradus schema output`, and what tests hold the commands to.
enum OutputTable {
    static let documents: [OutputObject] =
        promotions + [train] + places + releases + restrictions + governance + files + comparisons + audits + [
            OutputObject(
                document: "Error", "Why a command did not do what it was asked.",
                [
                    .init("message", .text, "What went wrong."), .init("causes", .list(.text), "Why, and faults of files with their places."),
                    .init("hint", .nullable(.text), "The next thing to do."), .init("exit_code", .number, "The exit code of the process."),
                ]),
            OutputObject(
                document: "Version", "`version`",
                [
                    .init("version", .text, "Of gradus."), .init("libgit2", .text, "Of libgit2."),
                    .init("ledger_format", .number, "The version of records that is written."),
                ]),
        ]

    // MARK: Promotions

    static let promotion = OutputObject(
        document: "Promotion", "`promote`, `retry`, `rollback`, `plan` and `explain`: one release on its way to one stage.",
        [
            .init("id", .nullable(.text), "The promotion's id; null where none is open."), .init("workflow", .text, "The workflow."),
            .init("service", .text, "The service."), .init("version", .text, "The version."),
            .init("from", .nullable(.text), "The stages before, joined by `,`; null for a first stage."), .init("to", .text, "The stage."),
            .init("phase", .choice(of: Phase.self), "How far it is."),
            .init(
                "result", .choice(["promoted", "unchanged", "pending", "refused", "failed", "aborted", "superseded", "planned"]),
                "What came of the command."),
            .init("commit", .nullable(.text), "The deploy commit."), .init("branch", .nullable(.text), "The delivery branch."),
            .init("pull_request", .nullable(.text), "The pull request's address."), .init("plan_digest", .text, "What approvals are bound to."),
            .init("requester", .text, "Who asked for it."), .init("gates", .list(.object(OutputParts.gate)), "Every gate with its verdict."),
            .init("edits", .list(.object(OutputParts.edit)), "Every declared value, also those that stand."),
            .init("downgrade_from", .nullable(.text), "The higher version that is there."),
            .init("rollout", .nullable(.object(OutputParts.step)), "The step that stands, in a stage with steps."),
            .init("verification", .nullable(.object(OutputParts.verification)), "What is waited for; null unless it is being verified."),
            .init("diff", .text, "The unified difference; of `plan` and dry runs.", always: false),
        ])

    private static let health = OutputObject(
        document: "Health", "`health`",
        [
            .init("status", .choice(of: HealthStatus.self), "The worst of all objects that have a health."),
            .init(
                "objects",
                .list(
                    .object(
                        OutputObject(
                            "health_object", "An object of Kubernetes.",
                            [
                                .init("kind", .text, "Its kind."), .init("namespace", .text, "Its namespace; empty without one."),
                                .init("name", .text, "Its name."),
                                .init("status", .nullable(.choice(of: HealthStatus.self)), "Its health; null for a kind without one."),
                                .init("message", .nullable(.text), "Why."),
                            ]))), "In the order of the files."),
        ])

    private static let promotions: [OutputObject] = [
        promotion, health,
        OutputObject(
            document: "Reconciliation", "`reconcile`",
            [
                .init(
                    "moves",
                    .list(
                        .object(
                            OutputObject(
                                "move", "A promotion that went on.",
                                [
                                    .init("id", .text, "The promotion's id."), .init("service", .text, "The service."), .init("version", .text, "The version."),
                                    .init("to", .text, "The stage."), .init("phase", .choice(of: Phase.self), "How far it is now."),
                                    .init("commit", .nullable(.text), "The deploy commit."), .init("reason", .nullable(.text), "Why."),
                                ]))), "What moved."),
                .init(
                    "external_changes",
                    .list(
                        .object(
                            OutputObject(
                                "external_change", "A change of desired state by somebody else.",
                                [
                                    .init("service", .text, "The service."), .init("stage", .text, "The stage."),
                                    .init("version", .nullable(.text), "The version that the files name now."), .init("commit", .text, "The commit."),
                                    .init("author", .text, "Its author."), .init("edits", .list(.object(OutputParts.edit)), "The values."),
                                ]))), "What others changed."),
                .init(
                    "errors",
                    .list(.object(OutputParts.cellError)),
                    "What could not be carried on."),
            ]),
        OutputObject(
            document: "PromotionHistory", "`show`",
            [
                .init("id", .text, "The promotion's id."), .init("service", .text, "The service."), .init("version", .text, "The version."),
                .init("to", .text, "The stage."), .init("workflow", .text, "The workflow."),
                .init("records", .list(.object(OutputParts.record)), "Oldest first."),
            ]),
        OutputObject(document: "History", "`history`", [.init("records", .list(.object(OutputParts.record)), "Oldest first.")]),
        OutputObject(
            document: "Record", "A command that only records: `report`, `release create`, `approve`, `hold add` and so on.",
            [
                .init("result", .choice(["recorded", "unchanged", "planned"]), "Unchanged: the same is on record; planned: a dry run."),
                .init("record", .nullable(.object(OutputParts.record)), "The new record."), .init("next", .text, "Who or what goes on."),
                .init("records", .list(.object(OutputParts.record)), "All new records, where an answer to a train made several.", always: false),
                .init("evidence", .list(.object(OutputParts.postedValue)), "Of `report`: each value, also of a dry run.", always: false),
            ]),
    ]

    // MARK: What is where

    private static let openPromotion = OutputObject(
        "open_promotion", "A promotion that is not finished.",
        [
            .init("id", .text, "Its id."), .init("version", .text, "The version."), .init("phase", .choice(of: Phase.self), "How far it is."),
            .init("branch", .nullable(.text), "The delivery branch."), .init("pull_request", .nullable(.text), "The pull request's address."),
        ])

    private static let cell = OutputObject(
        "cell", "One service in one stage, as the files and the ledger tell it.",
        [
            .init("version", .nullable(.text), "What the files name."), .init("digest", .nullable(.text), "The image's digest in the files."),
            .init("commit", .nullable(.text), "The deploy commit."), .init("since", .nullable(.time), "Since when."),
            .init("health", .choice(of: HealthStatus.self), "Of this release there."), .init("adopted", .flag, "No promotion has been there."),
            .init("mixed", .flag, "Fields disagree."), .init("floating", .flag, "The version is a name that moves."),
            .init("hold", .nullable(.object(OutputParts.hold)), "The first hold that stands."),
            .init("freeze", .nullable(.object(OutputParts.freeze)), "The first freeze that is on."),
            .init("drift", .flag, "The files do not hold what was promoted."),
            .init("yanked", .nullable(.object(OutputParts.yank)), "Why the release must go nowhere any more."), .init("open", .nullable(.object(openPromotion)), "What is on its way."),
            .init("rollout", .nullable(.object(OutputParts.rollout)), "How far the release has come, in a stage with steps."),
            .init("error", .nullable(.text), "Why the files could not be read."),
        ])

    private static let matrixMembers: [OutputObject.Member] = [
        .init("stages", .list(.text), "All stages in their order."),
        .init(
            "services",
            .list(
                .object(
                    OutputObject(
                        "row", "One service.",
                        [
                            .init("service", .text, "The service."), .init("workflow", .text, "Its workflow."),
                            .init("cells", .map(.object(cell)), "By stage."),
                        ]))), "All services."),
    ]

    private static let places: [OutputObject] = [
        OutputObject(document: "Matrix", "`matrix`", matrixMembers),
        OutputObject(document: "Status", "`status`", matrixMembers + [
            .init("open", .list(.object(promotion)), "What waits, with its gates, and what is being verified."),
            .init("next", .list(.object(promotion)), "Of one service: what could enter each stage next.", always: false),
        ]),
        OutputObject(
            document: "Adoption", "`adopt`",
            [
                .init("result", .choice(["recorded", "unchanged", "planned"]), "Planned: a dry run."),
                .init(
                    "cells",
                    .list(
                        .object(
                            OutputObject(
                                "adopted_cell", "What the files of one service hold in one stage.",
                                [
                                    .init("service", .text, "The service."), .init("stage", .text, "The stage."),
                                    .init("version", .nullable(.text), "The version."), .init("floating", .flag, "The version is a name that moves."),
                                    .init("mixed", .list(.text), "All versions where fields disagree."), .init("result", .text, "What was done."),
                                    .init("reason", .nullable(.text), "Why nothing was recorded."),
                                ]))), "Every cell."),
            ]),
        OutputObject(
            document: "AuditReport", "`audit verify`",
            [
                .init("result", .choice(["intact", "broken", "absent"]), "Whether the ledger holds together; absent: there is none."), .init("records", .number, "How many were read."),
                .init("segments", .number, "How many were read."), .init("checkpoints", .number, "How many were folded again."),
                .init("head_hash", .text, "The last record's hash."), .init("chain_head", .nullable(.object(OutputParts.chainHead)), "The newest record."),
                .init("deploy_commits", .number, "How many were compared with their records."),
                .init("branch_commits", .number, "How many were looked at."), .init("touching_commits", .number, "How many of them touch declared values."),
                .init(
                    "external", .list(.object(OutputObject("outside_finding", "A change that no promotion brought.", isOpen: true, []))),
                    "What others changed."),
                .init(
                    "baseline", .list(.object(OutputObject("baseline_finding", "A change where nothing had been delivered yet.", isOpen: true, []))),
                    "What was changed before the first delivery to its service and stage."),
                .init("fault", .nullable(.text), "The first fault."),
                .init("warnings", .list(.text), "What is odd."),
            ]),
        OutputObject(
            document: "Examination", "`doctor`",
            [
                .init(
                    "findings",
                    .list(
                        .object(
                            OutputObject(
                                "examined", "One thing that was looked at.",
                                [
                                    .init("check", .text, "What."), .init("state", .choice(["ok", "warning", "problem", "unknown"]), "How it is."),
                                    .init("detail", .text, "What was found."), .init("mend", .nullable(.text), "What mends it."),
                                ]))), "All that was looked at."),
            ]),
    ]

    // MARK: Releases, freezes, holds

    private static let releases: [OutputObject] = [
        OutputObject(document: "Release", "`release show`", OutputParts.releaseMembers),
        OutputObject(
            document: "ReleaseList", "`release list`",
            [.init("releases", .list(.object(OutputObject("release", "A registered release.", OutputParts.releaseMembers))), "In order of registration.")]),
    ]

    private static let restrictions: [OutputObject] = [
        OutputObject(document: "HoldList", "`hold list`", [.init("holds", .list(.object(OutputParts.serviceHold)), "All that stand.")]),
        OutputObject(document: "FreezeList", "`freeze list`", [.init("freezes", .list(.object(OutputParts.freeze)), "All that are on or to come.")]),
        OutputObject(
            document: "FreezeCheck", "`freeze check`",
            [
                .init("at", .time, "The time that was asked about."), .init("scope", .object(OutputParts.scope), "What was asked about."),
                .init("frozen", .flag, "Whether a freeze is on that closes it, or a part of it."),
                .init("partial", .flag, "Whether only a part of it is closed, which the freezes' scopes tell."),
                .init("freezes", .list(.object(OutputParts.freeze)), "Those that are on."),
                .init("next_open", .nullable(.time), "When it ends."), .init("next_close", .nullable(.time), "When the next begins."),
            ]),
    ]
}
