/// The keys of steps and waves (`design.md` section 8).
enum RolloutSchema {
    static let progressive = MapSchema(
        "progressive", "`progressive`", "A value that grows step by step after the delivery, each step a commit.",
        [
            KeySchema("file", .text, "The file that holds the value; by default the only one that the updates write."),
            KeySchema("path", .text, "The value's place in the file.", required: true),
            KeySchema("steps", .list(.text), "The values in their order; the first is part of the deploy commit.", required: true),
            KeySchema("pause", .span, "At least this long after each step; 0s by default."),
            KeySchema("analysis", HealthSchema.health, "Health sources that are asked beside the stage's own until it is verified."),
        ])

    static let target = MapSchema(
        "target", "a target", "One of the places that the stage consists of.",
        [
            KeySchema("name", .text, "What `{target}` stands for.", required: true),
            KeySchema("vars", .mapOf(.text), "Values for placeholders of updates, for this target."),
        ])

    static let waves = MapSchema(
        "waves", "`waves`", "Which targets come together, one wave after the other.",
        [
            KeySchema("groups", .list(.list(.text)), "The waves, each a list of targets; all at once by default."),
            KeySchema("pause", .span, "At least this long after each wave; 0s by default."),
            KeySchema("max_failures", .count(0), "So many targets may be ill before the release is; 0 by default."),
            KeySchema("analysis", HealthSchema.health, "Health sources that are asked beside the stage's own until it is verified."),
        ])
}
