import PromotionEngine

extension OutputTable {
    private static let member = OutputObject(
        "train_member", "One service of a train.",
        [
            .init("service", .text, "The service."), .init("workflow", .text, "Its workflow."),
            .init("version", .nullable(.text), "The version that it would bring, or brought; null without one."),
            .init("promotion", .nullable(.text), "Its promotion's id; null for a service that is left out."),
            .init("phase", .nullable(.choice(of: Phase.self)), "How far it is; null for a service that is left out."),
            .init("skip_reason", .nullable(.choice(of: TrainSkip.self)), "Why it does not go, or not yet; null where nothing keeps it."),
            .init("reason", .nullable(.text), "The same in words."),
            .init("plan_digest", .nullable(.text), "What an approval of this service alone is bound to."),
            .init("gates", .list(.object(OutputParts.gate)), "Every gate with its verdict, asked as a member of the train."),
            .init("edits", .list(.object(OutputParts.edit)), "Every declared value, also those that stand."),
            .init("commit", .nullable(.text), "The deploy commit."),
        ])

    static let train = OutputObject(
        document: "Train", "`train plan`, `train run`, `train show` and `rollback --train`: services that go together.",
        [
            .init("id", .nullable(.text), "The train's id; null where nothing was opened."),
            .init("from", .nullable(.text), "The stage that they stand in; null for a rollback."), .init("to", .text, "The stage."),
            .init("mode", .choice(of: TrainMode.self), "What happens to services that may not go."),
            .init(
                "result", .choice(["promoted", "unchanged", "pending", "refused", "planned", "closed"]),
                "What came of it; closed: it is over, and nothing of it was delivered."),
            .init("digest", .nullable(.text), "What an approval of the whole train is guarded by: the combination of versions and plans."),
            .init("commit", .nullable(.text), "The one deploy commit."), .init("rolls_back", .nullable(.text), "The train that is taken back."),
            .init("members", .list(.object(member)), "By service."),
            .init("diff", .text, "The unified difference; of `train plan` and dry runs.", always: false),
        ])
}
