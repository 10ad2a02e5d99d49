import Testing

/// Faults of the file itself, of keys and of types.
@Suite struct BrokenSyntaxTests {
    @Test(arguments: [
        BrokenFile(
            "empty file", files: ["flow.yaml": ""],
            [
                "flow.yaml: error: the file is empty",
            ]),
        BrokenFile(
            "two documents", Fixtures.workflow(adding: "---\nstages: []"),
            [
                "flow.yaml:9:1: error: the file holds more than one document",
            ]),
        BrokenFile(
            "a list instead of a map", "- stages\n",
            [
                "flow.yaml:1:1: error: a workflow must be a map, not a list",
            ]),
        BrokenFile(
            "not YAML", "stages: [a\n",
            [
                "flow.yaml:2:1: error: a `,` or `]` is missing",
                "flow.yaml:1:9: note: while parsing a flow sequence",
            ]),
        BrokenFile(
            "duplicate key", "stages:\n  - {name: dev, name: qa}\n",
            [
                "flow.yaml:2:17: error: the key `name` is given twice in one mapping",
                "flow.yaml:2:6: note: it is first given here, in line 2",
            ]),
        BrokenFile(
            "broken calendar", files: ["flow.yaml": Fixtures.workflow(adding: ""), "calendar.yaml": "windows: [\n"],
            [
                "calendar.yaml:2:1: error: did not find expected node content",
                "calendar.yaml:2:1: note: while parsing a flow node",
            ]),
        BrokenFile(
            "wrong apiVersion", "apiVersion: gradus/v2\nworkflow: shop\nservices: [web]\nstages: [{name: dev, record_only: true}]\n",
            [
                "flow.yaml:1:13: error: `apiVersion` must be gradus/v1, not `gradus/v2`",
            ]),
        BrokenFile(
            "another kind of file", "apiVersion: argoproj.io/v1alpha1\nkind: Application\n",
            [
                "flow.yaml:1:13: error: `apiVersion` must be gradus/v1, not `argoproj.io/v1alpha1`",
            ]),
        BrokenFile(
            "misspelled key at the top", Fixtures.workflow(adding: "pending_expire: 7d"),
            [
                "flow.yaml:8:1: error: unknown key `pending_expire` in a workflow [did you mean `pending_expires`?]",
            ]),
        BrokenFile(
            "misspelled key in a stage", Fixtures.workflow(inStage: "auto_promot: true"),
            [
                "flow.yaml:7:5: error: unknown key `auto_promot` in a stage [did you mean `auto_promote`?]",
            ]),
        BrokenFile(
            "key like no other", Fixtures.workflow(inStage: "colour: blue"),
            [
                "flow.yaml:7:5: error: unknown key `colour` in a stage",
            ]),
        BrokenFile(
            "missing name of the workflow", "apiVersion: gradus/v1\nservices: [web]\nstages: [{name: dev, record_only: true}]\n",
            [
                "flow.yaml:1:1: error: a workflow needs `workflow` [write the workflow's name, such as `workflow: flow`]",
            ]),
        BrokenFile(
            "missing services", "apiVersion: gradus/v1\nworkflow: shop\nstages: [{name: dev}]\n",
            [
                "flow.yaml:1:1: error: a workflow needs `services` [write `services: [NAME]`]",
            ]),
        BrokenFile(
            "missing stages", "apiVersion: gradus/v1\nworkflow: shop\nservices: [web]\n",
            [
                "flow.yaml:1:1: error: a workflow needs `stages`",
            ]),
        BrokenFile(
            "empty lists", "apiVersion: gradus/v1\nworkflow: shop\nservices: []\nstages: []\n",
            [
                "flow.yaml:3:11: error: `services` is empty",
                "flow.yaml:4:9: error: `stages` is empty",
            ]),
        BrokenFile(
            "full-form key without apiVersion", "workflow: shop\nservices: [web]\nstages: [{name: dev, record_only: true}]\n",
            [
                "flow.yaml:1:1: error: `workflow` needs `apiVersion: gradus/v1` at the top of the workflow",
            ]),
        BrokenFile(
            "updates in a stage without apiVersion", "stages:\n  - name: dev\n    updates: []\n",
            [
                "flow.yaml:1:1: error: a workflow needs `services` [write `services: [NAME]`]",
                "flow.yaml:1:1: error: a workflow needs `workflow` [write the workflow's name, such as `workflow: flow`]",
                "flow.yaml:3:5: error: `updates` needs `apiVersion: gradus/v1` at the top of the workflow",
            ]),
        BrokenFile(
            "wrong types in a stage", Fixtures.workflow(inStage: "auto_promote: yes\nrecord_only: []\nafter: {}\nclass: prod\nverify_for: 5"),
            [
                "flow.yaml:7:19: error: `auto_promote` must be true or false, not `yes`",
                "flow.yaml:8:18: error: `record_only` must be true or false, not a list",
                "flow.yaml:9:12: error: `after` must be a list, not a map",
                "flow.yaml:10:12: error: `class` must be development, test, staging or production, not `prod`",
                "flow.yaml:11:17: error: `verify_for` must be a time span such as 90s, 24h or 7d, not `5` [write the unit: `5h` is hours, `5m` minutes]",
            ]),
        BrokenFile(
            "key without a value", Fixtures.workflow(inStage: "entry_criteria:\nclass:"),
            [
                "flow.yaml:7:5: error: `entry_criteria` has no value",
                "flow.yaml:8:5: error: `class` has no value",
            ]),
        BrokenFile(
            "stage without a name", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa}\n  - {class: test}"),
            [
                "flow.yaml:8:5: error: a stage needs `name`",
            ]),
        BrokenFile(
            "stage that is no map", Fixtures.workflow("stages: [dev]"),
            [
                "flow.yaml:5:10: error: a stage must be a map, not `dev`",
            ]),
        BrokenFile(
            "several faults at once", Fixtures.workflow(inStage: "colour: blue\nhealth_timeout: soon\non_failure: retry"),
            [
                "flow.yaml:7:5: error: unknown key `colour` in a stage",
                "flow.yaml:8:21: error: `health_timeout` must be a time span such as 90s, 24h or 7d, not `soon`",
                "flow.yaml:9:17: error: `on_failure` must be none, hold or rollback, not `retry`",
            ]),
        BrokenFile(
            "fault inside an anchor", Fixtures.workflow("x-base: &base {auto_promote: maybe}\nstages:\n  - {name: dev, <<: *base, next_stage: prod}\n  - {name: prod}"),
            [
                "flow.yaml:5:30: error: `auto_promote` must be true or false, not `maybe`",
            ]),
        BrokenFile(
            "bad name of a service", files: ["flow.yaml": Fixtures.workflow(adding: "").replacing("[web]", with: "[web, a..b, -x, {name: \"a b\"}, web]"), "groups.yaml": Fixtures.groups],
            [
                "flow.yaml:3:17: error: `a..b` is no service name: it must consist of letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
                "flow.yaml:3:23: error: `-x` is no service name: it must consist of letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
                "flow.yaml:3:34: error: `a b` is no service name: it must consist of letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
                "flow.yaml:3:42: error: duplicate service `web`, first in line 3",
            ]),
        BrokenFile(
            "bad name of a stage", Fixtures.workflow("stages:\n  - {name: Dev, next_stage: prod}\n  - {name: prod}"),
            [
                "flow.yaml:6:12: error: `Dev` is no stage name: it must consist of lower-case letters, digits, `_` and `-`, and begin with a letter or digit",
            ]),
        BrokenFile(
            "environment outside the repository", Fixtures.workflow(inStage: "environment: ../other"),
            [
                "flow.yaml:7:18: error: the path `../other` must not leave its folder by `..`",
            ]),
        BrokenFile(
            "environment with a placeholder", Fixtures.workflow(inStage: "environment: envs/{service}"),
            [
                "flow.yaml:7:18: error: `environment` may use `{stage}` only, not `{service}`",
            ]),
        BrokenFile(
            "faults of an alias are told once", Fixtures.workflow("x-scan: &scan {smoke_test: pass}\nstages:\n  - {name: dev, exit_criteria: [*scan], next_stage: prod}\n  - {name: prod, entry_criteria: [*scan]}"),
            [
                "flow.yaml:5:16: error: unknown criterion `smoke_test` [did you mean `smoke_tests`?]",
            ]),
        BrokenFile(
            "null where a list belongs", Fixtures.workflow("stages:"),
            [
                "flow.yaml:5:1: error: `stages` has no value",
            ]),
        BrokenFile(
            "expiry at once", Fixtures.workflow(adding: "pending_expires: 0s"),
            [
                "flow.yaml:8:18: error: `pending_expires` must be longer than 0s, or every promotion would expire at once",
            ]),
        BrokenFile(
            "null approval", Fixtures.workflow(inStage: "approval_required:\napprovals: ~"),
            [
                "flow.yaml:7:5: error: `approval_required` has no value",
                "flow.yaml:8:5: error: `approvals` has no value",
            ]),
        BrokenFile(
            "default without effect", Fixtures.workflow(inStage: "replace_updates: true"),
            [
                "flow.yaml:6:11: warning: no update applies in stage `dev`, so promotions into it are refused [`record_only: true` allows promotions that change nothing]",
                "flow.yaml:7:5: error: `replace_updates` needs `updates` to put in place [`updates: []` leaves the stage without any]",
            ]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
