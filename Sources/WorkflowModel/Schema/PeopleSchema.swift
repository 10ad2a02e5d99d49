/// The keys of `groups.yaml` and `calendar.yaml` (`design.md` section 5).
public enum PeopleSchema {
    /// The kinds of forge on which people have accounts.
    static let forges = ["github", "gitlab", "gitea", "bitbucket"]

    public static let groups = MapSchema(
        "groups", "a groups file", "Who is who, and who may do what.", freePrefix: "x-",
        [
            KeySchema("groups", .mapOf(.list(.text)), "Subject ids by group."),
            KeySchema("people", .mapOf(.map(person)), "What is known of people, by subject id."),
            KeySchema("permissions", .list(.map(permission)), "Who may do what; without it everyone may do most things."),
        ])

    static let person = MapSchema(
        "person", "a person", "One person.",
        [
            KeySchema("name", .text, "The name that people know."),
            KeySchema("emails", .list(.text), "Addresses; one of them as `--actor` means this person."),
            KeySchema("github", .text, "The account on GitHub."),
            KeySchema("gitlab", .text, "The account on GitLab."),
            KeySchema("gitea", .text, "The account on Gitea or Forgejo."),
            KeySchema("bitbucket", .text, "The account on Bitbucket."),
            KeySchema("ssh_keys", .list(.text), "Public keys for signatures."),
            KeySchema("gpg_keys", .list(.text), "Key ids for signatures."),
        ])

    static let permission = MapSchema(
        "permission", "a permission", "Allows some actions to some people, for some services and stages.",
        [
            KeySchema("allow", .list(.choice(of: Permission.Action.self)), "What is allowed.", required: true),
            KeySchema("groups", .list(.text), "Groups or people; `*` is everyone.", required: true),
            KeySchema("services", .list(.text), "Names with `*` and `?`; all by default."),
            KeySchema("stages", .list(.text), "Names with `*` and `?`; all by default."),
        ])

    public static let calendar = MapSchema(
        "calendar", "a calendar file", "Named windows and holidays, used as `window: NAME`.", freePrefix: "x-",
        [
            KeySchema("windows", .mapOf(.map(window)), "Windows by name."),
            KeySchema("holidays", .list(.either([.text, .map(holiday)])), "Dates on which no `allow` window opens."),
        ])

    static let window = MapSchema(
        "window", "a window", "A span of time that comes again.",
        [
            KeySchema("kind", .choice(of: CalendarWindow.Kind.self), "Whether promotions are allowed or denied while it is open.", required: true),
            KeySchema("schedule", .text, "When it opens, in cron's five fields.", required: true),
            KeySchema("duration", .span, "How long it stays open.", required: true),
            KeySchema("timezone", .text, "A name of the time zone database; UTC by default."),
        ])

    static let holiday = MapSchema(
        "holiday", "a holiday", "One date with what it is called.",
        [
            KeySchema("date", .text, "The date as YYYY-MM-DD.", required: true),
            KeySchema("name", .text, "What it is called."),
        ])
}
