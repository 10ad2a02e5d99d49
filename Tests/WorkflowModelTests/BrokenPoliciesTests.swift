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
            "unsupported keys of a stage", Fixtures.workflow(inStage: "hooks: {before: []}\nsync: argocd\nsync_timeout: 5m\nrollback_triggers: []\nprogressive: {}\ntargets: []\nrules_settled: true\nqueue: 1\nrollback: {delivery: commit}"),
            [
                "flow.yaml:7:5: error: `hooks` is not supported by this version of gradus",
                "flow.yaml:8:5: error: `sync` is not supported by this version of gradus",
                "flow.yaml:9:5: error: `sync_timeout` is not supported by this version of gradus",
                "flow.yaml:10:5: error: `rollback_triggers` is not supported by this version of gradus",
                "flow.yaml:11:5: error: `progressive` is not supported by this version of gradus",
                "flow.yaml:12:5: error: `targets` is not supported by this version of gradus",
                "flow.yaml:13:5: error: `rules_settled` is not supported by this version of gradus",
                "flow.yaml:14:5: error: `queue` is not supported by this version of gradus",
                "flow.yaml:15:5: error: `rollback` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported delivery", Fixtures.workflow(adding: "    delivery: pull_request"),
            [
                "flow.yaml:8:15: error: `delivery: pull_request` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported delivery by default", Fixtures.workflow(adding: "delivery: branch"),
            [
                "flow.yaml:8:11: error: `delivery: branch` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported on_failure", Fixtures.workflow(adding: "    on_failure: rollback"),
            [
                "flow.yaml:8:17: error: `on_failure: rollback` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported on_failure by default", Fixtures.workflow(adding: "on_failure: hold"),
            [
                "flow.yaml:8:13: error: `on_failure: hold` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported health sources", Fixtures.workflow(adding: "    health: [{argocd: {app: web}}, prometheus]"),
            [
                "flow.yaml:8:15: error: the health source `argocd` is not supported by this version of gradus [`report` is]",
                "flow.yaml:8:36: error: the health source `prometheus` is not supported by this version of gradus [`report` is]",
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
            "unsupported update kinds", Fixtures.workflow(inStage: "updates:\n" + ["application_set", "chart", "manifest", "flux", "json", "copy"].map { "  - {\($0): a.yaml}" }.joined(separator: "\n")),
            [
                "flow.yaml:8:10: error: the update kind `application_set` is not supported by this version of gradus",
                "flow.yaml:9:10: error: the update kind `chart` is not supported by this version of gradus",
                "flow.yaml:10:10: error: the update kind `manifest` is not supported by this version of gradus",
                "flow.yaml:11:10: error: the update kind `flux` is not supported by this version of gradus",
                "flow.yaml:12:10: error: the update kind `json` is not supported by this version of gradus",
                "flow.yaml:13:10: error: the update kind `copy` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported fields of an application", Fixtures.workflow(inStage: "updates:\n  - {application: a.yaml, helm_values: {a: b}, kustomize_images: [a]}"),
            [
                "flow.yaml:8:31: error: `helm_values` of an application is not supported by this version of gradus",
                "flow.yaml:8:52: error: `kustomize_images` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported match", Fixtures.workflow(inStage: "updates:\n  - {yaml: a.yaml, set: {a: {match: x, value: y}}}"),
            [
                "flow.yaml:8:34: error: `match` is not supported by this version of gradus",
            ]),
        BrokenFile(
            "unsupported authenticated approvals", Fixtures.workflow(adding: "    approvals: {authenticated: true}"),
            [
                "flow.yaml:8:17: error: `authenticated` is not supported by this version of gradus",
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
