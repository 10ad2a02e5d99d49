import Testing

/// Faults of the graph that the stages form.
@Suite struct BrokenGraphTests {
    @Test(arguments: [
        BrokenFile(
            "no edges", Fixtures.workflow("stages:\n  - {name: dev}\n  - {name: prod}"),
            [
                "flow.yaml:6:12: error: the stages are not connected: no stage says what comes next [write `next_stage: prod` in stage `dev`]",
            ]),
        BrokenFile(
            "unknown next stage", Fixtures.workflow("stages:\n  - {name: dev, next_stage: stagin}\n  - {name: staging, after: [dev]}"),
            [
                "flow.yaml:6:29: error: unknown stage `stagin` [did you mean `staging`?]",
            ]),
        BrokenFile(
            "unknown stage in after", Fixtures.workflow("stages:\n  - {name: dev}\n  - {name: prod, after: [dev, qa]}"),
            [
                "flow.yaml:7:31: error: unknown stage `qa`",
            ]),
        BrokenFile(
            "cycle of all", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa, next_stage: prod}\n  - {name: prod, next_stage: dev}"),
            [
                "flow.yaml:6:12: error: the stages form a cycle: dev -> qa -> prod -> dev",
            ]),
        BrokenFile(
            "cycle behind a first stage", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa, next_stage: prod}\n  - {name: prod, next_stage: qa}"),
            [
                "flow.yaml:7:12: error: the stages form a cycle: qa -> prod -> qa",
            ]),
        BrokenFile(
            "stage after itself", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa, after: [qa]}"),
            [
                "flow.yaml:7:12: error: the stages form a cycle: qa -> qa",
            ]),
        BrokenFile(
            "two cycles", Fixtures.workflow("stages:\n  - {name: a, next_stage: b}\n  - {name: b, next_stage: a}\n  - {name: c, next_stage: d}\n  - {name: d, next_stage: c}"),
            [
                "flow.yaml:6:12: error: the stages form a cycle: a -> b -> a",
                "flow.yaml:8:12: error: the stages form a cycle: c -> d -> c",
            ]),
        BrokenFile(
            "forgotten edge", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa}\n  - {name: staging, next_stage: prod}\n  - {name: prod}"),
            [
                "flow.yaml:8:12: error: stage `staging` is unreachable: no edge joins it to `dev` [write `next_stage: staging` in the stage before it]",
            ]),
        BrokenFile(
            "duplicate stage", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa}\n  - {name: qa}"),
            [
                "flow.yaml:8:12: error: duplicate stage `qa`, first in line 7",
            ]),
        BrokenFile(
            "manual before automatic", Fixtures.workflow("stages:\n  - {name: dev, next_stage: qa}\n  - {name: qa, auto_promote: false, next_stage: prod}\n  - {name: prod, auto_promote: true}"),
            [
                "flow.yaml:7:30: warning: `auto_promote: false` means that a person starts the promotion into `qa`; releases go on from `qa` to `prod` by themselves, because `prod` has `auto_promote: true` [to stop releases from leaving `qa`, write `auto_promote: false` in `prod`]",
            ]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
