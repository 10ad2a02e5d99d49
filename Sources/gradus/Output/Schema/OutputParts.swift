import PromotionEngine

/// The objects that several documents hold.
enum OutputParts {
    static let gate = OutputObject(
        "gate", "One thing that must hold for a release to enter a stage.",
        [
            .init("id", .text, "`<stage>.entry.<criterion>`, `<stage>.exit.<criterion>`, or the name of an implicit gate."),
            .init("criterion", .text, "The criterion's key."),
            .init("verdict", .choice(["passed", "failed", "waiting", "errored"]), "Failed is no; waiting is not yet; errored could not be found out."),
            .init("value", .nullable(.text), "What was found."),
            .init("threshold", .nullable(.text), "What is needed."),
            .init("reason", .text, "Why, in words."),
            .init("source", .nullable(.text), "Where the value comes from."),
            .init("since", .nullable(.time), "Since when it stands."),
            .init("next_check", .nullable(.time), "The earliest time at which it may change by itself."),
            .init("clear_with", .nullable(.text), "The command that clears it."),
            .init("skipped", .flag, "Somebody broke glass: it is not asked."),
        ])

    static let edit = OutputObject(
        "edit", "One value of a file.",
        [
            .init("file", .text, "The file's path in the repository."),
            .init("field", .text, "The value's path in the file; `#object` for all of it."),
            .init("old", .text, "The text that stands there; absent if the field is missing.", always: false),
            .init("new", .text, "The text that it gets; absent if the field goes.", always: false),
        ])

    private static let stepMembers: [OutputObject.Member] = [
        .init("number", .number, "The step, from 1."), .init("of", .number, "How many there are."),
        .init("value", .text, "What it brings: a value, or the names of targets."),
    ]

    static let step = OutputObject("step", "One step of a stage's rollout.", stepMembers)

    static let rollout = OutputObject(
        "rollout", "How far a delivered release has come in its stage.",
        stepMembers + [
            .init("since", .time, "When the step was recorded."),
            .init("retreat", .nullable(.text), "Why it goes back; null while it goes on."),
        ])

    static let record = OutputObject(
        "record", "One record of the ledger; its type says which further members it has.", isOpen: true,
        [
            .init("seq", .number, "Its number, which orders records."), .init("v", .number, "The version of its type."),
            .init("type", .text, "What happened."), .init("at", .time, "The clock of the process that recorded it."),
            .init("initiator", .text, "Who did it."), .init("initiator_name", .text, "The name that people know.", always: false),
            .init("authenticated", .flag, "Whether a signature says so."), .init("hash", .text, "SHA-256 over the record and the hash before."),
            .init("prev", .text, "The hash before."),
            .init("pseudonymised", .flag, "It shows somebody by a pseudonym: the hash is that of the record as it was written.", always: false),
            .init("service", .text, "The service that it is about.", always: false),
            .init("version", .text, "The release that it is about.", always: false), .init("stage", .text, "The stage that it is about.", always: false),
            .init("workflow", .text, "The workflow that it is about.", always: false),
            .init("promotion", .text, "The promotion that it is about.", always: false),
            .init("rules", .map(.text), "The blob ids of the rules that decided, by file.", always: false),
        ])

    static let hold = OutputObject("hold", "A stop of one service in one stage.", holdMembers)

    static let serviceHold = OutputObject(
        "service_hold", "A hold with its service.", holdMembers + [.init("service", .text, "The service that it stops.")])

    private static let holdMembers: [OutputObject.Member] = [
        .init("hold", .text, "The hold's id."), .init("stage", .text, "The stage."), .init("owner", .text, "Who set it."),
        .init("reason", .text, "Why."), .init("since", .time, "Since when."), .init("until", .time, "Its end; absent until it is removed.", always: false),
        .init("rollback", .text, "The rollback that set it.", always: false),
        .init("count", .number, "How many there are, where the first is shown for all.", always: false),
    ]

    static let scope = OutputObject(
        "scope", "What a freeze is about; what is absent is not asked about.",
        [
            .init("workflow", .text, "Only this workflow.", always: false), .init("stage", .text, "Only this stage.", always: false),
            .init("service", .text, "Only this service.", always: false),
        ])

    static let freeze = OutputObject(
        "freeze", "A time in which nothing new is admitted.",
        [
            .init("freeze", .text, "The freeze's id."), .init("scope", .object(scope), "What it stops."), .init("owner", .text, "Who set it."),
            .init("reason", .text, "Why."), .init("start", .time, "Its beginning."), .init("until", .time, "Its end; absent until it is removed.", always: false),
            .init("include_rollbacks", .flag, "Rollbacks are stopped too.", always: false),
            .init("count", .number, "How many there are, where the first is shown for all.", always: false),
        ])

    static let yank = OutputObject(
        "yank", "Somebody said that the release must go nowhere any more.",
        [.init("by", .text, "Who."), .init("at", .time, "When."), .init("reason", .text, "Why.")])

    private static let observation = OutputObject(
        "observation", "A health that was seen.",
        [
            .init("at", .time, "When."), .init("status", .choice(of: HealthStatus.self), "What was seen."),
            .init("message", .nullable(.text), "Why it is ill, or why nothing is known."),
        ])

    static let verification = OutputObject(
        "verification", "How the verification of a delivered release stands.",
        [
            .init("since", .time, "When it, or the step that stands, was delivered."),
            .init("reason", .text, "What is waited for, such as `not_synced`."),
            .init("verify_for", .text, "How long it must be Healthy."),
            .init("health_timeout", .nullable(.text), "How long after the first observation it may be anything else."),
            .init("sync_timeout", .nullable(.text), "How long it may stay unseen."),
            .init("last", .nullable(.object(observation)), "The newest observation that counts."),
            .init("carry_on", .list(.text), "The commands that carry it on."),
        ])

    static let chainHead = OutputObject(
        "chain_head", "Where the ledger ends.",
        [.init("seq", .number, "The newest record's number."), .init("hash", .text, "Its hash."), .init("commit", .text, "Its commit.")])

    static let cellError = OutputObject(
        "cell_error", "A cell that could not be looked at or carried on.",
        [.init("service", .text, "The service."), .init("stage", .text, "The stage."), .init("message", .text, "Why.")])

    static let image = OutputObject(
        "image", "An image of a release.",
        [
            .init("name", .text, "Its name without tag."), .init("tag", .text, "Its tag.", always: false),
            .init("digest", .text, "Its digest.", always: false),
        ])

    static let evidence = OutputObject(
        "evidence", "A posted value.",
        [
            .init("key", .text, "The key."), .init("value", .text, "The value."), .init("stage", .nullable(.text), "The stage that it is for alone."),
            .init("at", .time, "When it was posted."), .init("posted_by", .text, "By whom."), .init("seq", .number, "Its record."),
            .init("ci_url", .nullable(.text), "The CI run."), .init("part", .nullable(.text), "Which part of a sharded run it is, `i/n`."),
            .init("file", .nullable(.object(evidenceFile)), "The report file."),
        ])

    private static let evidenceFile = OutputObject(
        "evidence_file", "The report file that the value was read from.",
        [
            .init("name", .text, "The file's name."), .init("sha256", .text, "The digest of its bytes."),
            .init("summary", .text, "What it says, in words."),
        ])

    static let postedValue = OutputObject(
        "posted_value", "A value as it was, or would be, recorded.",
        [
            .init("key", .text, "The key."), .init("value", .text, "The value; of a part of a sharded run, that of the part."),
            .init("part", .nullable(.text), "Which part of a sharded run it is, `i/n`."),
            .init("file", .nullable(.object(evidenceFile)), "The report file; null for a value that was given outright."),
        ])

    static let approval = OutputObject(
        "approval", "A yes to a release in a stage.",
        [
            .init("person", .text, "Whose."), .init("stage", .text, "For which stage."), .init("at", .time, "When."),
            .init("plan_digest", .text, "For which plan."), .init("reason", .nullable(.text), "Why."),
        ])

    /// What `release show` and `release list` tell of a release.
    static let releaseMembers: [OutputObject.Member] = [
        .init("service", .text, "The service."), .init("version", .text, "The version."), .init("workflow", .text, "The workflow."),
        .init("images", .list(.object(image)), "Its images.", always: false), .init("charts", .map(.text), "Versions of charts by name.", always: false),
        .init("commit", .text, "The commit of the source.", always: false), .init("authors", .list(.text), "Who wrote the change.", always: false),
        .init("ci_url", .text, "The CI run that built it.", always: false),
        .init("contains", .list(.text), "Versions whose changes are in it.", always: false),
        .init("irreversible", .text, "Why nothing goes back past it by itself.", always: false), .init("registered_at", .time, "When it was registered."),
        .init("registered_by", .text, "By whom."), .init("digest", .nullable(.text), "The digest of its only image."),
        .init("yanked", .nullable(.object(yank)), "Why it must go nowhere any more."), .init("outcomes", .map(.text), "What became of it, by stage."), .init("evidence", .list(.object(evidence)), "All evidence, oldest first."),
        .init("approvals", .list(.object(approval)), "All approvals that stand."),
    ]

    static let change = OutputObject(
        "field_change", "One value that `edit` set.",
        [
            .init("field", .text, "The value's path in the file."), .init("old", .nullable(.text), "The text that stood there."),
            .init("new", .nullable(.text), "The text that it has."), .init("line", .number, "Its line, from 1."),
        ])

    static let diagnostic = OutputObject(
        "diagnostic", "One finding in a file.",
        [
            .init("severity", .choice(["error", "warning", "note"]), "How grave it is."), .init("message", .text, "What is wrong."),
            .init("path", .text, "The file."), .init("line", .nullable(.number), "From 1."), .init("column", .nullable(.number), "From 1, in characters."),
            .init("hint", .nullable(.text), "What was probably meant."), .init("text", .text, "All of it with the line and a caret."),
        ])
}
