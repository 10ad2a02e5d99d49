/// The keys of health sources, metrics and triggers (`design.md` section 8).
enum HealthSchema {
    static let names = ["report", "argocd", "prometheus", "http", "command", "kubernetes"]

    /// One source or a list.
    static let health: ValueSchema = .either([
        .choice(["report"]), .map(sources), .list(.either([.choice(["report"]), .map(sources)])),
    ])

    static let sources = MapSchema(
        "health", "`health`", "Health sources with their settings; the worst of all counts.",
        [
            KeySchema("report", .any, "Health is posted with `gradus report … --health`."),
            KeySchema("argocd", .map(argocd), "An Argo CD Application, by the server's REST API."),
            KeySchema("prometheus", .map(prometheus), "Values of Prometheus, judged like an analysis of Argo Rollouts."),
            KeySchema("http", .map(http), "A web service's answer."),
            KeySchema("command", .either([.list(.text), .map(command)]), "A program whose exit code tells, where the operator allows commands."),
            KeySchema("kubernetes", .map(kubernetes), "Objects of a cluster, judged by their kinds' rules."),
        ])

    static let argocd = MapSchema(
        "argocd", "`argocd`", "An Argo CD Application.",
        [
            KeySchema("server", .text, "The server's address, https://…", required: true),
            KeySchema("app", .text, "The Application's name; `{service}`, `{stage}` and others may stand in it.", required: true),
            KeySchema("app_namespace", .text, "The Application's namespace, where it is not the server's own."),
            KeySchema("project", .text, "The Application's project."),
            KeySchema("token_env", .text, "The environment variable with the token; ARGOCD_AUTH_TOKEN by default."),
        ])

    static let prometheus = MapSchema(
        "prometheus", "`prometheus`", "A query, or the metrics of an AnalysisTemplate beside the workflows.",
        [
            KeySchema("address", .text, "The server's address."),
            KeySchema("token_env", .text, "The environment variable with a bearer token."),
            KeySchema("template", .text, "The name of an AnalysisTemplate in workflows/."),
            KeySchema("args", .mapOf(.text), "Values for the template's arguments."),
            KeySchema("dry_run", .list(.text), "Patterns of names of metrics that never decide."),
            KeySchema("metrics", .list(.map(metric)), "Several metrics, all of which are watched."),
        ] + metricKeys)

    static let metric = MapSchema(
        "metric", "a metric", "One metric of an analysis.",
        [KeySchema("name", .text, "The metric's name.", required: true), KeySchema("address", .text, "The server's address.")] + metricKeys)

    private static let metricKeys = [
        KeySchema("query", .text, "The query in PromQL."),
        KeySchema("range", .map(range), "A range query instead of an instant one."),
        KeySchema("success_condition", .text, "An expression over `result`."),
        KeySchema("failure_condition", .text, "An expression over `result`."),
        KeySchema("interval", .text, "The time between measurements, such as 30s."),
        KeySchema("initial_delay", .text, "The time before the first one."),
        KeySchema("count", .count(0), "How many measurements; without end by default when there is an interval."),
        KeySchema("failure_limit", .text, "More failures than this fail it; 0 by default, -1 for any number."),
        KeySchema("inconclusive_limit", .text, "More inconclusive measurements than this end it."),
        KeySchema("consecutive_error_limit", .text, "More errors in a row than this end it; 4 by default."),
        KeySchema("consecutive_success_limit", .text, "So many successes in a row are enough."),
        KeySchema("timeout", .text, "The time for one request; 30s by default."),
    ]

    static let range = MapSchema(
        "range", "`range`", "How far a range query looks back.",
        [
            KeySchema("look_back", .text, "Such as 5m.", required: true),
            KeySchema("step", .text, "Such as 30s.", required: true),
        ])

    static let http = MapSchema(
        "http", "`http`", "A web service's answer.",
        [
            KeySchema("url", .text, "What is asked for.", required: true),
            KeySchema("expect_status", .count(100), "200 by default."),
            KeySchema("json_path", .text, "What of the answer `condition` is asked about, such as `$.checks[0].state`."),
            KeySchema("condition", .text, "An expression over `result` and `status`."),
            KeySchema("cert_valid_for", .span, "The server's certificate must be valid at least that long."),
            KeySchema("token_env", .text, "The environment variable with a bearer token."),
            KeySchema("timeout", .span, "10s by default."),
        ])

    static let command = MapSchema(
        "command", "`command`", "A program.",
        [
            KeySchema("run", .list(.text), "The program and its arguments; no shell reads them.", required: true),
            KeySchema("timeout", .span, "60s by default."),
        ])

    static let kubernetes = MapSchema(
        "kubernetes", "`kubernetes`", "Objects of a cluster.",
        [
            KeySchema("server", .text, "The API server's address."),
            KeySchema("namespace", .text, "`default` by default."),
            KeySchema("objects", .list(.text), "Such as `deployment/web`."),
            KeySchema("token_env", .text, "The environment variable with a bearer token."),
            KeySchema("file", .text, "A document of `kubectl get -o json` on the machine that looks."),
        ])

    static let sync: ValueSchema = .either([.choice(["none", "argocd"]), .map(syncMap)])

    static let syncMap = MapSchema(
        "sync", "`sync`", "What is done at the agent after a delivery.",
        [KeySchema("argocd", .map(argocdSync), "Asks Argo CD to sync.")])

    static let argocdSync = MapSchema(
        "argocd_sync", "`sync.argocd`", "A sync by Argo CD.",
        [
            KeySchema("pause_apps", .list(.text), "Applications that do not sync by themselves from before the delivery until the promotion is over."),
            KeySchema("pause_limit", .span, "They sync again after this time at the latest; 1h by default."),
        ])

    static let metrics: ValueSchema = .mapOf(.map(namedMetric))

    static let namedMetric = MapSchema(
        "named_metric", "a named metric", "A query that triggers refer to by its name.",
        [
            KeySchema("query", .text, "The query in PromQL; one number.", required: true),
            KeySchema("unit", .choice(of: NamedMetric.Unit.self), "What the number stands for: percent, ratio or number."),
            KeySchema("address", .text, "The server's address; that of the `prometheus` source by default."),
        ])

    static let triggers: ValueSchema = .either([.list(.map(trigger)), .map(triggerSet)])

    static let triggerSet = MapSchema(
        "rollback_trigger_set", "`rollback_triggers`", "Triggers of another file, or with targets and strategies.",
        [
            KeySchema("from", .text, "The name of a ConfigMap in workflows/ that holds them."),
            KeySchema("triggers", .list(.map(trigger)), "The triggers."),
            KeySchema("rollbackTriggers", .list(.map(trigger)), "The triggers."),
            KeySchema("rollback_targets", .any, "What is checked after a rollback, by target."),
            KeySchema("rollbackStrategies", .any, "Steps of the actions; those that Gradus does not carry out are named in a warning."),
        ])

    static let trigger = MapSchema(
        "rollback_trigger", "a trigger", "When a delivered release is taken back.",
        [
            KeySchema("metric", .text, "A metric under `metrics`."),
            KeySchema("type", .text, "`health_check_failure`, `error_rate_spike` or `response_time_degradation`."),
            KeySchema("alert", .text, "An alert of Prometheus that fires."),
            KeySchema("threshold", .text, "A number in the metric's unit, a percentage `5%`, or a multiple `2x` of the time before."),
            KeySchema("duration", .span, "How long the threshold must be exceeded without a break."),
            KeySchema("baseline", .span, "The time before the delivery that a multiple is of; 1h by default."),
            KeySchema("action", .text, "`immediate_rollback`, `gradual_rollback`, `emergency_rollback` or `automatic_rollback`."),
        ])
}
