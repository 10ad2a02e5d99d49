import Testing

/// Faults of groups and between files.
@Suite struct BrokenSetsTests {
    @Test(arguments: [
        BrokenFile(
            "groups with wrong types", files: ["groups.yaml": "groups: {a: olga, b: [[x]], c: []}\npeople: {olga: {name: [], email: x}}\nteams: {}\n"],
            [
                "groups.yaml:1:13: error: group `a` must be a list of subject ids, not `olga`",
                "groups.yaml:1:23: error: a member of group `b` must be text, not a list",
                "groups.yaml:1:29: warning: group `c` has no members",
                "groups.yaml:2:23: error: `name` must be text, not a list",
                "groups.yaml:2:27: error: unknown key `email` in person `olga` [did you mean `emails`?]",
                "groups.yaml:3:1: error: unknown key `teams` in a groups file",
            ]),
        BrokenFile(
            "group in a group", files: ["groups.yaml": "groups:\n  all: [platform-team, olga]\n  platform-team: [olga]\n"],
            [
                "groups.yaml:2:9: error: group `all` holds the group `platform-team`; list its members instead",
            ]),
        BrokenFile(
            "two groups files", files: ["groups.yaml": Fixtures.groups, "groups.yml": Fixtures.groups],
            [
                "groups.yml:1:1: error: groups are already given by workflows/groups.yaml",
            ]),
        BrokenFile(
            "groups that are no map", files: ["groups.yaml": "- olga\n"],
            [
                "groups.yaml:1:1: error: a groups file must be a map, not a list",
            ]),
        BrokenFile(
            "broken groups are not looked into", files: ["flow.yaml": Fixtures.workflow(adding: "    approvals: {from: [nobody]}"), "groups.yaml": "groups: []\n"],
            [
                "groups.yaml:1:9: error: `groups` must be a map, not a list",
            ]),
        BrokenFile(
            "workflow twice", files: ["a.yaml": Fixtures.workflow(adding: ""), "b.yaml": Fixtures.workflow(adding: "").replacing("[web]", with: "[api]")],
            [
                "b.yaml:2:11: error: duplicate workflow `shop`, first in workflows/a.yaml",
            ]),
        BrokenFile(
            "service in two workflows", files: ["a.yaml": Fixtures.workflow(adding: ""), "b.yaml": Fixtures.workflow(adding: "").replacing("shop", with: "other")],
            [
                "b.yaml:3:12: error: service `web` already belongs to workflow `shop` of workflows/a.yaml",
            ]),
        BrokenFile(
            "two workflows without services", files: ["a.yaml": Fixtures.seed, "b.yaml": Fixtures.seed, "groups.yaml": Fixtures.groups],
            [
                "b.yaml:1:1: error: both this workflow and workflows/a.yaml declare no services, so no service fits either",
            ]),
        BrokenFile(
            "fault in a ConfigMap", files: ["map.yaml": Fixtures.configMap(Fixtures.seed.replacing("security_scan: pass", with: "securty_scan: pass").replacing("true\n    promotion", with: "on\n    promotion")), "groups.yaml": Fixtures.groups],
            [
                "map.yaml:11:23: error: `auto_promote` must be true or false, not `on`",
                "map.yaml:15:13: error: unknown criterion `securty_scan` [did you mean `security_scan`?]",
                "map.yaml:19:23: error: `auto_promote` must be true or false, not `on`",
            ]),
        BrokenFile(
            "ConfigMap without a workflow", files: ["map.yaml": "kind: ConfigMap\ndata: {other: x}\n"],
            [
                "map.yaml:1:1: error: a ConfigMap needs `data.\"workflow.yaml\"` with the workflow as text",
            ]),
        BrokenFile(
            "ConfigMap with broken text", files: ["map.yaml": "kind: ConfigMap\ndata:\n  workflow.yaml: |\n    stages: [\n  other: x\n"],
            [
                "map.yaml:6:1: error: did not find expected node content",
                "map.yaml:6:1: note: while parsing a flow node",
            ]),
        BrokenFile(
            "ConfigMap with text in quotes", files: ["map.yaml": "kind: ConfigMap\ndata:\n  workflow.yaml: \"stages:\\n- name: dev\\n  colour: blue\\n\"\n"],
            [
                "map.yaml[workflow.yaml]:3:3: error: unknown key `colour` in a stage",
            ]),
        BrokenFile(
            "undeclared keys in the seed form", files: ["flow.yaml": "stages:\n  - name: dev\n    promotion_criteria:\n      - licence_scan: clean\n      - critical_cves: \"<= 0\"\n      - high_cves: 3\n      - smoke_test: pass\n      - bake: 3h\n"],
            [
                "flow.yaml:4:9: warning: undeclared criterion `licence_scan` is compared as text",
                "flow.yaml:5:9: warning: undeclared criterion `critical_cves` is compared as a number",
                "flow.yaml:6:20: error: `high_cves: 3` says no comparison [write an operator, such as `high_cves: \"<= 3\"`]",
                "flow.yaml:7:9: error: unknown criterion `smoke_test` [did you mean `smoke_tests`?]",
                "flow.yaml:8:15: error: `bake` is no criterion that takes a time span [`soak_duration` and `STAGE_stable` take one]",
            ]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
