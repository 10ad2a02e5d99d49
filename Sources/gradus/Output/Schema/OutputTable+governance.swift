import PromotionEngine

extension OutputTable {
    /// Reviews, the inbox, tests of rules, simulation.
    static let governance: [OutputObject] = [
        OutputObject(document: "ReviewList", "`review list`", [.init("reviews", .list(.object(review)), "All that are open, oldest first.")]),
        OutputObject(
            document: "Inbox", "`inbox`",
            [.init("actor", .text, "Who asks."), .init("items", .list(.object(inboxItem)), "What needs that person, most urgent kinds first.")]),
        OutputObject(
            document: "PolicyTests", "`validate --tests`",
            [
                .init("passed", .number, "How many hold."), .init("failed", .number, "How many do not."),
                .init(
                    "tests",
                    .list(
                        .object(
                            OutputObject(
                                "policy_test", "One test of the rules.",
                                [
                                    .init("name", .text, "Its name."), .init("path", .text, "Its file."), .init("line", .number, "Where it begins."),
                                    .init("passed", .flag, "Whether it holds."), .init("faults", .list(.text), "What is not as it says."),
                                ]))), "All tests."),
            ]),
        OutputObject(
            document: "Simulation", "`simulate`",
            [
                .init("since", .nullable(.time), "What was asked for earlier is not followed."), .init("until", .nullable(.time), "Where the replay ends."),
                .init("counts", .map(.number), "How many promotions of each change."),
                .init("promotions", .list(.object(simulated)), "Those that were asked for, oldest first."),
            ]),
    ]

    private static let review = OutputObject(
        "review", "What was admitted past gates, and that nobody has looked at since.",
        [
            .init("review", .text, "Its id."), .init("service", .text, "The service."), .init("version", .text, "The version."),
            .init("stage", .text, "The stage."), .init("promotion", .text, "The promotion."),
            .init("gates", .list(.text), "The gates that were not asked."), .init("by", .text, "Who broke glass."), .init("reason", .text, "Why."),
            .init("since", .time, "When it was admitted."), .init("delivered", .flag, "It reached the stage and was not rolled back."),
            .init("backfilled", .flag, "A later release that contains it has reached the stage."),
        ])

    private static let inboxItem = OutputObject(
        "inbox_item", "One thing that needs a person.",
        [
            .init("kind", .choice(["approve", "review", "waiting", "hold", "failed"]), "What it is."), .init("service", .text, "The service."),
            .init("stage", .text, "The stage."), .init("version", .text, "The version."),
            .init("id", .nullable(.text), "Of the promotion, review or hold."), .init("since", .nullable(.time), "Since when."),
            .init("reason", .text, "Why."), .init("clear_with", .list(.text), "Commands that clear it."),
        ])

    private static let course = OutputObject(
        "course", "What became of a promotion.",
        [
            .init("admitted_at", .nullable(.time), "When it was let in."), .init("closed_at", .nullable(.time), "When it ended without."),
            .init("reason", .nullable(.text), "Why it ended."),
        ])

    private static let simulated = OutputObject(
        "simulated_promotion", "A promotion as it was and as it would have been.",
        [
            .init("id", .text, "The promotion's id."), .init("service", .text, "The service."), .init("version", .text, "The version."),
            .init("to", .text, "The stage."), .init("requester", .text, "Who asked for it."), .init("requested_at", .time, "When."),
            .init("change", .choice(of: Replay.Change.self), "What other rules would have changed."), .init("actual", .object(course), "As it was."),
            .init("simulated", .object(course), "As it would have been."),
            .init("gates", .list(.object(OutputParts.gate)), "As they stood when they were asked last."),
        ])
}
