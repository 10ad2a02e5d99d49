/// The keys of a workflow file (`design.md` section 5).
public enum WorkflowSchema {
    public static let workflow = MapSchema(
        "workflow", "a workflow", "How releases of some services move through stages.", freePrefix: "x-",
        [
            KeySchema(
                "apiVersion", .choice(["gradus/v1"]), "The version of this format; without it the file is a plain list of stages.",
                needs: ["workflow", "services"]),
            KeySchema("workflow", .text, "The workflow's name, by which records refer to it."),
            KeySchema(
                "services", .either([.list(.either([.text, .map(service), .map(discovery)])), .map(discovery)]),
                "What moves: names, maps, or a discovery that finds services by their files."),
            KeySchema("updates", .list(.either(UpdateSchema.kinds.map(ValueSchema.map))), "What a promotion writes, in every stage unless a stage says otherwise."),
            KeySchema("stages", .list(.map(stage)), "The stages, joined by `next_stage` or `after`.", required: true),
            KeySchema("evidence", .mapOf(.map(evidence)), "Own evidence keys with their type, and who may post any key."),
            KeySchema("approvals", .map(approvals), "The approvals of every stage that says nothing of approvals itself."),
            KeySchema("health", HealthSchema.health, "The health sources of every stage that names none itself."),
            KeySchema("metrics", HealthSchema.metrics, "Queries that rollback triggers refer to, by name."),
            KeySchema("rollback_triggers", HealthSchema.triggers, "When a delivered release is taken back, in every stage that has health or triggers of its own."),
            KeySchema("criteria", criteria, "Entry criteria of every stage that has none of the same key."),
            KeySchema("delivery", .choice(of: Stage.Delivery.self), "How promotions reach the branch, unless a stage says otherwise: by a commit, a branch that people merge, or a pull request."),
            KeySchema("pull_request", .map(pullRequest), "What is said of the pull requests of every stage that says nothing of them itself."),
            KeySchema("on_failure", .choice(of: Stage.FailurePolicy.self), "What happens when a release fails in a stage, unless the stage says otherwise."),
            KeySchema("pending_expires", .span, "How long a promotion may stay pending before it is closed; 7d by default."),
        ] + planned)

    public static let stage = MapSchema(
        "stage", "a stage", "One position in the workflow: an environment with its updates, criteria and approvals.",
        [
            KeySchema("name", .text, "The stage's name: lower-case letters, digits, `_` and `-`.", required: true),
            KeySchema("environment", .either([.text, .map(environment)]), "The folder of the environment, `environments/{stage}` by default, or a map."),
            KeySchema("class", .choice(of: Stage.Class.self), "What kind of stage it is; by default told by its name."),
            KeySchema("auto_promote", .flag, "A release enters by itself when it may; false by default."),
            KeySchema("next_stage", .either([.text, .nothing]), "The stage that comes next."),
            KeySchema("after", .either([.text, .list(.text)]), "The stages that this one comes after; all must have succeeded."),
            KeySchema("entry_criteria", criteria, "What must hold to enter the stage."),
            KeySchema("exit_criteria", criteria, "What must hold to leave the stage, by each edge."),
            KeySchema("promotion_criteria", criteria, "Guard leaving the stage; of a last stage, entering it. `entry_criteria` and `exit_criteria` say it outright."),
            KeySchema("approval_required", .flag, "One approval of the approvers is needed to enter the stage."),
            KeySchema("approvers", .list(.text), "Groups or people of whom one must approve; `service-owner` is the service's owner."),
            KeySchema("approvals", .map(approvals), "How many approvals are needed, and from whom."),
            KeySchema("health", HealthSchema.health, "Where the health of a delivered release is learnt from."),
            KeySchema("verify_for", .span, "How long health must stand before a release counts as verified."),
            KeySchema("health_timeout", .span, "How long health may fail to appear; 10m by default."),
            KeySchema("health_stale_after", .span, "Older health counts as unobserved."),
            KeySchema("sync", HealthSchema.sync, "What is done at the agent after a delivery: `none` or `argocd`."),
            KeySchema("sync_timeout", .span, "How long the agent may take to be seen at the delivered state; without end by default."),
            KeySchema("metrics", HealthSchema.metrics, "Queries that rollback triggers refer to, by name; beside the workflow's."),
            KeySchema("rollback_triggers", HealthSchema.triggers, "When a delivered release is taken back."),
            KeySchema("updates", .list(.either(UpdateSchema.kinds.map(ValueSchema.map))), "What a promotion writes in this stage, beside the workflow's updates."),
            KeySchema("replace_updates", .flag, "The stage's own updates take the place of the workflow's."),
            KeySchema("record_only", .flag, "Promotions that change nothing are allowed and only recorded."),
            KeySchema("delivery", .choice(of: Stage.Delivery.self), "How promotions into the stage reach the branch: by a commit, a branch that people merge, or a pull request."),
            KeySchema("pull_request", .map(pullRequest), "What is said of the stage's pull requests."),
            KeySchema("on_failure", .choice(of: Stage.FailurePolicy.self), "What happens when a release fails in the stage."),
            KeySchema("rules_settled", .flag, "Whoever loosened the stage's rules since its last promotion needs another person's approval; true in production."),
            KeySchema("rollback", .map(rollback), "How rollbacks of the stage are made."),
            KeySchema("queue", .choice(of: Stage.Queue.self), "Which of several waiting versions goes first; latest by default."),
            KeySchema("hooks", .map(HookSchema.hooks), "Who is asked before a promotion and told of what became of it."),
            KeySchema("progressive", .map(RolloutSchema.progressive), "A value that grows step by step after the delivery."),
            KeySchema("targets", .list(.either([.text, .map(RolloutSchema.target)])), "The places that the stage consists of, such as regions; `{target}` in updates."),
            KeySchema("waves", .either([.list(.list(.text)), .map(RolloutSchema.waves)]), "Which targets come together, one wave after the other.", needs: ["targets"]),
        ] + plannedOfStages)

    /// Of stages and workflows, refused by this version.
    private static let planned = KeySchema.planned(
        "window", "condition", "hooks", "rollback", "progressive",
        "targets", "probes")

    private static let plannedOfStages = KeySchema.planned("window", "condition", "probes")

    static let rollback = MapSchema(
        "rollback", "`rollback`", "How rollbacks of the stage are made.",
        [KeySchema("delivery", .choice(["commit"]), "How they reach the branch, however promotions do; commit by default.")])

    static let pullRequest = MapSchema(
        "pull_request", "`pull_request`", "What is said of a stage's pull requests.",
        [
            KeySchema("title", .text, "The title; `{service}`, `{version}` and `{stage}` may stand in it."),
            KeySchema("labels", .list(.text), "Labels that a new pull request gets."),
            KeySchema("reviewers", .list(.text), "Who is asked for a review, by the forge's names."),
            KeySchema("assignees", .list(.text), "Who it is assigned to, by the forge's names."),
            KeySchema("merge_method", .choice(of: PullRequestPolicy.Method.self), "How Gradus merges; merge by default."),
            KeySchema("deployments", .flag, "Tell the forge of deliveries as deployments; false by default."),
        ])

    static let environment = MapSchema(
        "environment", "`environment`", "Where the environment's files are.",
        [
            KeySchema("path", .text, "The folder, `.` for the top; `{stage}` is the stage's name."),
            KeySchema("branch", .text, "The branch that holds the files; the target branch by default."),
            KeySchema("repository", .text, "The URL of another repository that holds the files."),
        ])

    static let service = MapSchema(
        "service", "a service", "One service.",
        [
            KeySchema("name", .text, "The service's name, unique over all workflows of the repository.", required: true),
            KeySchema("owner", .text, "A group or person; what `service-owner` stands for."),
            KeySchema("labels", .mapOf(.text), "Labels by which updates choose services: `for: [label=value]`."),
            KeySchema("vars", .mapOf(.text), "Values for placeholders of updates."),
            KeySchema("updates", .list(.either(UpdateSchema.kinds.map(ValueSchema.map))), "Take the place of the stages' updates for this service."),
        ])

    static let discovery = MapSchema(
        "discovery", "a discovery", "Finds services by the files or folders that the repository holds.",
        [
            KeySchema("from", .text, "A path with captures, such as `environments/dev/{service}`; other captures become variables.", required: true),
            KeySchema("owner", .text, "The owner of every service found; captures may stand in it."),
            KeySchema("labels", .mapOf(.text), "Labels of every service found; captures may stand in their values."),
            KeySchema("vars", .mapOf(.text), "Variables of every service found, beside the captures."),
            KeySchema("updates", .list(.either(UpdateSchema.kinds.map(ValueSchema.map))), "Take the place of the stages' updates for every service found."),
        ])

    static let approvals = MapSchema(
        "approvals", "`approvals`", "Approvals that must stand for a release to enter.",
        [
            KeySchema("min", .count(1), "How many different people; 1 by default."),
            KeySchema("from", .list(.text), "Groups or people whose approvals count; anyone's by default."),
            KeySchema("required", .list(.text), "Groups each of which must be among the approvers."),
            KeySchema("forbid", .list(.choice(of: ApprovalRule.Excluded.self)), "Whose approvals do not count; requester and author by default."),
            KeySchema("allow_self", .flag, "The requester and the author may approve too."),
            KeySchema("expires", .span, "Older approvals do not count."),
            KeySchema("authenticated", .flag, "Only approvals signed by a key in `people` count."),
        ])

    static let evidence = MapSchema(
        "evidence", "an evidence rule", "What is known of one evidence key.",
        [
            KeySchema("type", .choice(of: EvidenceRule.ValueType.self), "The type of an own key; built-in keys have theirs."),
            KeySchema("posted_by", .list(.text), "Groups or people of whom one must have posted the value."),
            KeySchema("forbid", .list(.choice(of: ApprovalRule.Excluded.self)), "Whose posts do not count."),
            KeySchema("min_tests", .count(1), "A report counts only when at least so many tests ran."),
        ])

    static let dependency = MapSchema(
        "dependency", "a dependency", "Another service that must run, healthy.",
        [
            KeySchema("service", .text, "The service.", required: true),
            KeySchema("stage", .text, "Where; by default in the stage being entered."),
            KeySchema("version", .text, "A comparison such as `>=1.4`; any version by default."),
        ])

    static let criteria: ValueSchema = .either([.list(.map(criterion)), .map(criterion)])

    /// Built-in criteria with their descriptions; `STAGE_stable` and declared evidence keys beside them.
    public static let criterion = MapSchema(
        "criterion", "a criterion", "What must hold, by key.", others: .text, BuiltInCriterion.allCases.compactMap(\.schema))
}
