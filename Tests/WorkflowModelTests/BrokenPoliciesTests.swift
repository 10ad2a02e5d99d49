import Testing

/// Approvals, health, and what this version refuses because it cannot carry it out.
@Suite struct BrokenPoliciesTests {
    @Test(arguments: [
        BrokenFile(
            "approvers without approval_required", Fixtures.workflow(adding: "    approvers: [platform-team]"),
            [
                "flow.yaml:8:5: error: `approvers` has no effect without `approval_required: true` [write `approval_required: true`, or false if nobody need approve]",
            ]),
        BrokenFile(
            "approvers that are not asked", Fixtures.workflow(adding: "    approval_required: false\n    approvers: [platform-team]"),
            [
                "flow.yaml:9:5: warning: `approval_required` is false, so these approvers are never asked",
            ]),
        BrokenFile(
            "nobody to approve", Fixtures.workflow(adding: "    approval_required: true\n    approvers: []"),
            [
                "flow.yaml:9:5: error: `approvers` names nobody, so nobody could approve",
            ]),
        BrokenFile(
            "unknown group", Fixtures.workflow(adding: "    approval_required: true\n    approvers: [platfrom-team, olga, kim@example.com]"),
            [
                "flow.yaml:9:17: error: unknown group `platfrom-team` [did you mean `platform-team`?]",
            ]),
        BrokenFile(
            "group without a groups file", files: ["flow.yaml": Fixtures.workflow(adding: "    approval_required: true\n    approvers: [platform-team]")],
            [
                "flow.yaml:9:17: error: unknown group `platform-team`: there is no workflows/groups.yaml [write the file with `groups: {platform-team: [SUBJECT]}`]",
            ]),
        BrokenFile(
            "approvals with faults", Fixtures.workflow(adding: "    approvals: {min: 0, from: platform-team, forbid: [friends], expires: never, who: me}"),
            [
                "flow.yaml:8:22: error: `min` must be a whole number of at least 1, not `0`",
                "flow.yaml:8:31: error: `from` must be a list, not `platform-team`",
                "flow.yaml:8:55: error: an item of `forbid` must be requester or author, not `friends`",
                "flow.yaml:8:74: error: `expires` must be a time span such as 90s, 24h or 7d, not `never`",
                "flow.yaml:8:81: error: unknown key `who` in `approvals`",
            ]),
        BrokenFile(
            "allow_self beside forbid", Fixtures.workflow(adding: "    approvals: {allow_self: true, forbid: [author]}"),
            [
                "flow.yaml:8:17: error: `allow_self: true` contradicts `forbid`",
            ]),
        BrokenFile(
            "service-owner without an owner", Fixtures.workflow(adding: "    approvals: {from: [service-owner]}"),
            [
                "flow.yaml:8:24: warning: service `web` has no `owner`, so `service-owner` stands for nobody there",
            ]),
        BrokenFile(
            "unknown owner", Fixtures.workflow(adding: "").replacing("[web]", with: "[{name: web, owner: web-team}]"),
            [
                "flow.yaml:3:31: warning: unknown group or person `web-team`",
            ]),
        BrokenFile(
            "unsupported keys of a stage", Fixtures.workflow(inStage: "hooks: {before: []}\nsync: argocd\nsync_timeout: 5m\nrollback_triggers: []\nprogressive: {}\nwindow: x\nrules_settled: maybe\nqueue: 1\nrollback: {delivery: commit}"),
            [
                "flow.yaml:8:5: error: `sync: argocd` needs a health source `argocd`, which says where",
                "flow.yaml:11:18: error: `progressive` needs `path`",
                "flow.yaml:11:18: error: `progressive` needs `steps` [write `steps: [5, 25, 50, 100]`]",
                "flow.yaml:12:5: error: `window` is not supported by this version of gradus",
                "flow.yaml:13:20: error: `rules_settled` must be true or false, not `maybe`",
                "flow.yaml:14:12: error: `queue` must be latest, all or manual, not `1`",
            ]),
        BrokenFile(
            "unknown delivery", Fixtures.workflow(adding: "    delivery: pullrequest"),
            [
                "flow.yaml:8:15: error: `delivery` must be commit, branch or pull_request, not `pullrequest` [did you mean `pull_request`?]",
            ]),
        BrokenFile(
            "pull requests without delivery by them", Fixtures.workflow(inStage: "pull_request: {labels: [release]}"),
            ["flow.yaml:7:5: error: `pull_request` needs `delivery: pull_request`"]),
        BrokenFile(
            "an unknown placeholder in a title", Fixtures.workflow(inStage: "delivery: pull_request\npull_request: {title: \"{image}\"}"),
            ["flow.yaml:8:27: error: `title` may use `{service}`, `{version}` and `{stage}`, not `{image}`"]),
        BrokenFile(
            "criteria about a pull request without one", Fixtures.workflow(inStage: "entry_criteria: [{checks: passing}]"),
            [
                "flow.yaml:7:23: error: `checks` asks about a pull request, and `dev` is entered without a pull request [say `delivery: pull_request` of the stage to be entered, or leave the criterion out]",
            ]),
        BrokenFile(
            "unknown on_failure", Fixtures.workflow(adding: "    on_failure: rolback"),
            [
                "flow.yaml:8:17: error: `on_failure` must be none, hold or rollback, not `rolback` [did you mean `rollback`?]",
            ]),
        BrokenFile(
            "health sources without their settings", Fixtures.workflow(adding: "    health: [{argocd: {app: web}}, prometheus]"),
            [
                "flow.yaml:8:23: error: `argocd` needs `server`",
                "flow.yaml:8:36: error: the health source `prometheus` needs settings",
            ]),
        BrokenFile(
            "unknown health source", Fixtures.workflow(adding: "    health: reports"),
            [
                "flow.yaml:8:13: error: unknown health source `reports` [did you mean `report`?]",
            ]),
        BrokenFile(
            "health source with settings", Fixtures.workflow(adding: "    health: {report: {from: ci}}"),
            [
                "flow.yaml:8:22: error: the health source `report` takes no settings",
            ]),
        BrokenFile(
            "window without a calendar, condition with an unknown name", Fixtures.workflow(adding: "    entry_criteria:\n      - window: business-hours\n      - condition: \"home == 1\""),
            [
                "flow.yaml:9:9: error: unknown window `business-hours`: there is no workflows/calendar.yaml",
                "flow.yaml:10:20: error: `condition` is no expression: unknown name 'home'; known are evidence, now, release, stage (column 1 of it)",
            ]),
        BrokenFile(
            "updates without what their kind needs", Fixtures.workflow(inStage: "updates:\n" + ["application_set", "chart", "manifest", "flux", "json", "copy"].map { "  - {\($0): a.yaml}" }.joined(separator: "\n")),
            [
                "flow.yaml:8:9: error: an `application_set` update needs `target_revision`, `helm_parameters`, `helm_values` or `kustomize_images`",
                "flow.yaml:9:9: error: a `chart` update needs `version` or `app_version`",
                "flow.yaml:10:9: error: a `manifest` update needs `container` or `image`, to find the container by",
                "flow.yaml:11:9: error: a `flux` update needs one of `chart_version`, `values`, `ref`, `image`, `image_policy`",
                "flow.yaml:12:9: error: this update needs `set`, a map of paths and texts",
                "flow.yaml:13:16: error: `copy` must be a map, not `a.yaml`",
            ]),
        BrokenFile(
            "match without value, and no expression", Fixtures.workflow(inStage: "updates:\n  - {yaml: a.yaml, set: {a: {match: x}, b: {match: \"(\", value: y}}}"),
            [
                "flow.yaml:8:33: error: `a` needs `value`",
                "flow.yaml:8:56: error: `(` is no regular expression [`(` without `)` (character 2)]",
            ]),
        BrokenFile(
            "element without set", Fixtures.workflow(inStage: "updates:\n  - {application_set: a.yaml, element: {stage: prod}}"),
            [
                "flow.yaml:8:9: error: this update needs `set`, a map of paths and texts",
            ]),
        BrokenFile(
            "dependency without version", Fixtures.workflow(inStage: "updates:\n  - {chart: Chart.yaml, dependency: db, app_version: \"1\"}"),
            [
                "flow.yaml:8:41: error: with `dependency` a `chart` update needs `version`, and nothing else",
            ]),
        BrokenFile(
            "unknown key of ref", Fixtures.workflow(inStage: "updates:\n  - {flux: a.yaml, ref: {tga: \"1\"}}"),
            [
                "flow.yaml:8:30: error: unknown key of `ref` `tga` [did you mean `tag`?]",
            ]),
        BrokenFile(
            "copy into itself", Fixtures.workflow(inStage: "updates:\n  - {copy: {from: a, to: a/b}}"),
            [
                "flow.yaml:8:30: error: `a` and `a/b` contain each other",
            ]),
        BrokenFile(
            "copy from outside", Fixtures.workflow(inStage: "updates:\n  - {copy: {from: ../a, to: b}}"),
            [
                "flow.yaml:8:23: error: the path `../a` must not leave its folder by `..`",
            ]),
        BrokenFile(
            "two updates of one image", Fixtures.workflow(inStage: "updates:\n  - {application: a.yaml, kustomize_images: [\"web=x:1\", \"web:2\"]}"),
            [
                "flow.yaml:8:61: error: `spec.source.kustomize.images web` of `a.yaml` is written twice in stage `dev`, first in line 8",
            ]),
        BrokenFile(
            "authenticated approvals", Fixtures.workflow(adding: "    approvals: {authenticated: yes please}"),
            [
                "flow.yaml:8:32: error: `authenticated` must be true or false, not `yes please`",
            ]),
        BrokenFile(
            "min_tests below 1", Fixtures.workflow(adding: "evidence: {test_pass_rate: {min_tests: 0}}"),
            [
                "flow.yaml:8:40: error: `min_tests` must be a whole number of at least 1, not `0`",
            ]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
