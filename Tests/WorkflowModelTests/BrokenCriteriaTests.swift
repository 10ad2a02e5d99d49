import Testing

/// Faults of criteria and of declared evidence.
@Suite struct BrokenCriteriaTests {
    @Test(arguments: [
        BrokenFile(
            "misspelled built-in", Fixtures.workflow(inStage: "exit_criteria:\n  - code_covrage: 80"),
            [
                "flow.yaml:8:9: error: unknown criterion `code_covrage` [did you mean `code_coverage`?]",
            ]),
        BrokenFile(
            "undeclared key", Fixtures.workflow(inStage: "exit_criteria:\n  - licence_scan: pass"),
            [
                "flow.yaml:8:9: error: undeclared criterion `licence_scan` [declare it under the workflow's `evidence:`, such as `licence_scan: {type: text}`]",
            ]),
        BrokenFile(
            "bare number on an own key", Fixtures.workflow(inStage: "exit_criteria: [{critical_cves: 0}]").replacing("stages:", with: "evidence: {critical_cves: {type: number}}\nstages:"),
            [
                "flow.yaml:8:37: error: `critical_cves: 0` says no comparison [write an operator, such as `critical_cves: \"<= 0\"`]",
            ]),
        BrokenFile(
            "number without an operator", Fixtures.workflow(inStage: "exit_criteria: [{critical_cves: none}]").replacing("stages:", with: "evidence: {critical_cves: {type: number}}\nstages:"),
            [
                "flow.yaml:8:37: error: `critical_cves` is a number and needs an operator with a number, not `none` [write, for example, `critical_cves: \"<= 0\"`]",
            ]),
        BrokenFile(
            "text that compares a number", Fixtures.workflow(inStage: "exit_criteria: [{licence: \">= 3\"}]").replacing("stages:", with: "evidence: {licence: {type: text}}\nstages:"),
            [
                "flow.yaml:8:31: error: `licence` is declared as text, so it cannot compare `>= 3`",
            ]),
        BrokenFile(
            "bool that is none", Fixtures.workflow(inStage: "exit_criteria: [{signed: maybe}]").replacing("stages:", with: "evidence: {signed: {type: bool}}\nstages:"),
            [
                "flow.yaml:8:30: error: `signed` must be true or false, not `maybe`",
            ]),
        BrokenFile(
            "bare number on a built-in text", Fixtures.workflow(inStage: "exit_criteria:\n  - security_scan: 1"),
            [
                "flow.yaml:8:24: error: `security_scan` compares a text such as `pass`, not `1`",
            ]),
        BrokenFile(
            "time span on a built-in text", Fixtures.workflow(inStage: "exit_criteria:\n  - smoke_tests: 24h"),
            [
                "flow.yaml:8:22: error: `smoke_tests` compares a text such as `pass`, not `24h`",
            ]),
        BrokenFile(
            "comparison on a built-in text", Fixtures.workflow(inStage: "exit_criteria:\n  - smoke_tests: \">= 1\""),
            [
                "flow.yaml:8:22: error: `smoke_tests` compares a text, not the number `>= 1`",
            ]),
        BrokenFile(
            "time span on an own key", Fixtures.workflow(inStage: "exit_criteria:\n  - bake_time: 24h"),
            [
                "flow.yaml:8:20: error: `bake_time` is no criterion that takes a time span [`soak_duration` and `STAGE_stable` take one]",
            ]),
        BrokenFile(
            "text on a percentage", Fixtures.workflow(inStage: "exit_criteria:\n  - test_pass_rate: all"),
            [
                "flow.yaml:8:25: error: `test_pass_rate` must be a number of percent from 0 to 100, not `all`",
            ]),
        BrokenFile(
            "percent sign", Fixtures.workflow(inStage: "exit_criteria:\n  - code_coverage: 80%"),
            [
                "flow.yaml:8:24: error: `code_coverage` must be a number of percent from 0 to 100, not `80%` [write `code_coverage: 80`]",
            ]),
        BrokenFile(
            "percentage out of range", Fixtures.workflow(inStage: "exit_criteria:\n  - code_coverage: 101"),
            [
                "flow.yaml:8:24: error: `code_coverage` must be a number of percent from 0 to 100, not `101`",
            ]),
        BrokenFile(
            "soak without a unit", Fixtures.workflow(adding: "    entry_criteria:\n      - soak_duration: 24"),
            [
                "flow.yaml:9:24: error: `soak_duration` must be a time span such as 90s, 24h or 7d, not `24` [write the unit: `24h` is hours, `24m` minutes]",
            ]),
        BrokenFile(
            "stable of an unknown stage", Fixtures.workflow(adding: "    entry_criteria:\n      - stagging_stable: 48h"),
            [
                "flow.yaml:9:9: error: `stagging_stable` names no stage of this workflow: there is no stage `stagging`",
            ]),
        BrokenFile(
            "stable without a span", Fixtures.workflow(adding: "    entry_criteria:\n      - dev_stable: long"),
            [
                "flow.yaml:9:21: error: `dev_stable` must be a time span such as 90s, 24h or 7d, not `long`",
            ]),
        BrokenFile(
            "health that is not healthy", Fixtures.workflow(adding: "    entry_criteria:\n      - target_health: degraded"),
            [
                "flow.yaml:9:24: error: `target_health` must be healthy, not `degraded`",
            ]),
        BrokenFile(
            "ticket that is no expression", Fixtures.workflow(adding: "    entry_criteria:\n      - change_ticket: \"[CHG\""),
            [
                "flow.yaml:9:24: error: `change_ticket` must be a regular expression; `[CHG` is none [`[` without `]` (character 5)]",
            ]),
        BrokenFile(
            "criterion without a value", Fixtures.workflow(inStage: "exit_criteria:\n  - smoke_tests:"),
            [
                "flow.yaml:8:9: error: criterion `smoke_tests` has no value",
            ]),
        BrokenFile(
            "criterion that is no pair", Fixtures.workflow(inStage: "exit_criteria:\n  - smoke_tests"),
            [
                "flow.yaml:8:9: error: a criterion must be written `key: value`, not `smoke_tests` [write `- smoke_tests: …`]",
            ]),
        BrokenFile(
            "criteria that are text", Fixtures.workflow(inStage: "exit_criteria: smoke_tests"),
            [
                "flow.yaml:7:20: error: `exit_criteria` must be a list of criteria, not `smoke_tests`",
            ]),
        BrokenFile(
            "duplicate criterion", Fixtures.workflow(inStage: "exit_criteria: [{smoke_tests: pass}]\npromotion_criteria: [{smoke_tests: pass}]"),
            [
                "flow.yaml:8:27: error: duplicate criterion `smoke_tests`, first in line 7",
            ]),
        BrokenFile(
            "duplicate default criterion", Fixtures.workflow(adding: "criteria: [{smoke_tests: pass}, {smoke_tests: met}]"),
            [
                "flow.yaml:8:34: error: duplicate criterion `smoke_tests`, first in line 8",
            ]),
        BrokenFile(
            "soak into a first stage", Fixtures.workflow(inStage: "entry_criteria: [{soak_duration: 24h}]"),
            [
                "flow.yaml:7:23: warning: `soak_duration` asks about the stage before `dev`, which is a first stage: it waits for ever",
            ]),
        BrokenFile(
            "exit of a last stage", Fixtures.workflow(adding: "    exit_criteria: [{smoke_tests: pass}]"),
            [
                "flow.yaml:8:22: warning: `exit_criteria` of `prod` guard nothing: no stage comes after it [`entry_criteria` guard entering it]",
            ]),
        BrokenFile(
            "dependency on an unknown service", Fixtures.workflow(adding: "    entry_criteria:\n      - depends_on: [{service: wbe}]"),
            [
                "flow.yaml:9:9: error: unknown service `wbe` [did you mean `web`?]",
            ]),
        BrokenFile(
            "dependency in an unknown stage", Fixtures.workflow(adding: "    entry_criteria:\n      - depends_on: [{service: web, stage: prd}]"),
            [
                "flow.yaml:9:9: error: workflow `shop` of service `web` has no stage `prd` [did you mean `prod`?]",
            ]),
        BrokenFile(
            "dependency on no version", Fixtures.workflow(adding: "    entry_criteria:\n      - depends_on: [{service: web, version: latest}]"),
            [
                "flow.yaml:9:46: error: a dependency's `version` must be an operator and a version, such as \">=1.4\", not `latest`",
            ]),
        BrokenFile(
            "dependency in the stage being entered", files: ["a.yaml": Fixtures.workflow(adding: "    entry_criteria: [{depends_on: {service: api}}]"), "b.yaml": Fixtures.workflow(adding: "").replacing("shop", with: "back").replacing("web", with: "api").replacing("prod", with: "live")],
            [
                "a.yaml:8:23: error: workflow `back` of service `api` has no stage `prod`",
            ]),
        BrokenFile(
            "unknown default dependency", Fixtures.workflow(adding: "criteria: [{depends_on: {service: wbe}}]"),
            [
                "flow.yaml:8:13: error: unknown service `wbe` [did you mean `web`?]",
            ]),
        BrokenFile(
            "criterion with a strange key", "stages: [{name: dev, entry_criteria: [{\"a b=c\": pass}]}]\n",
            [
                "flow.yaml:1:40: error: `a b=c` is no evidence key: it must consist of letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
            ]),
        BrokenFile(
            "dependency without a service", Fixtures.workflow(adding: "    entry_criteria:\n      - depends_on: [{stage: prod}]"),
            [
                "flow.yaml:9:22: error: a dependency needs `service`",
            ]),
        BrokenFile(
            "evidence without a type", Fixtures.workflow(adding: "evidence: {licence: {posted_by: [cab]}}"),
            [
                "flow.yaml:8:12: error: evidence `licence` needs a `type` [write `licence: {type: number}`, or text or bool]",
            ]),
        BrokenFile(
            "evidence too near to a built-in", Fixtures.workflow(adding: "evidence: {smoke_test: {type: text}}"),
            [
                "flow.yaml:8:12: error: `smoke_test` is too near to the built-in `smoke_tests` [did you mean `smoke_tests`?]",
            ]),
        BrokenFile(
            "evidence of an unknown type", Fixtures.workflow(adding: "evidence: {licence: {type: string}}"),
            [
                "flow.yaml:8:28: error: `type` must be number, text or bool, not `string`",
            ]),
        BrokenFile(
            "evidence under a criterion without any", Fixtures.workflow(adding: "evidence: {soak_duration: {posted_by: [cab]}}"),
            [
                "flow.yaml:8:12: error: `soak_duration` is a built-in criterion that reads no evidence",
            ]),
        BrokenFile(
            "built-in with a type", Fixtures.workflow(adding: "evidence: {smoke_tests: {type: text}}"),
            [
                "flow.yaml:8:26: error: `smoke_tests` is built in, so its type is given",
            ]),
        BrokenFile(
            "evidence of unknown posters", Fixtures.workflow(adding: "evidence: {smoke_tests: {posted_by: [cba], forbid: [reviewer]}}"),
            [
                "flow.yaml:8:38: warning: unknown group `cba` [did you mean `cab`?]",
                "flow.yaml:8:53: error: an item of `forbid` must be requester or author, not `reviewer`",
            ]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
