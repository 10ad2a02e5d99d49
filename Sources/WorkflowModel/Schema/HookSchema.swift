/// The keys of hooks (`design.md` section 8).
enum HookSchema {
    private static let list: ValueSchema = .list(.map(hook))

    static let hooks = MapSchema(
        "hooks", "`hooks`", "Who is asked before a promotion and told of what became of it.",
        [
            KeySchema("before", list, "Asked before the deploy commit; a no stops the promotion."),
            KeySchema("after", list, "Told once the promotion has succeeded."),
            KeySchema("on", .map(events), "Told of what happens."),
        ])

    static let events = MapSchema(
        "hook_events", "`hooks.on`", "What hooks are told of.",
        [
            KeySchema("approval_needed", list, "A promotion waits for an approval."),
            KeySchema("failed", list, "A promotion failed."),
            KeySchema("rolled_back", list, "Another release took the place of one that had been promoted."),
            KeySchema("bypassed", list, "A promotion was admitted past gates."),
            KeySchema("expired", list, "A promotion was pending for too long."),
        ])

    static let hook = MapSchema(
        "hook", "a hook", "One call.",
        [
            KeySchema("http", .map(http), "A request with a signed document."),
            KeySchema("command", .either([.list(.text), .map(HealthSchema.command)]), "A program, where the operator allows commands."),
        ])

    static let http = MapSchema(
        "hook_http", "`http`", "A request with a signed document.",
        [
            KeySchema("url", .text, "Where it is posted; `{service}`, `{stage}` and others may stand in it.", required: true),
            KeySchema("secret_env", .text, "The environment variable with the secret that signs the document.", required: true),
            KeySchema("timeout", .span, "10s by default, 5m at most."),
        ])
}
