import Testing
import WorkflowModel

@Suite struct StageDefaultsTests {
    @Test(arguments: [
        ("dev", .development), ("development", .development), ("qa", .test), ("test", .test), ("staging", .staging),
        ("stage", .staging), ("uat", .staging), ("preprod", .staging), ("pre-prod", .staging), ("prod", .production),
        ("production", .production), ("prod-eu", .production), ("eu_prod", .production), ("pre-prod-eu", .staging),
        ("non-prod", .test), ("pre-release", .development), ("products", .development), ("integration", .development),
    ] as [(String, Stage.Class)])
    func classFollowsTheName(name: String, expected: Stage.Class) throws {
        // Two last stages, so that nothing but the name can say it.
        let text = Fixtures.workflow(
            "stages:\n  - {name: \(name)}\n  - {name: one, after: [\(name)]}\n  - {name: two, after: [\(name)]}")
        #expect(try #require(Fixtures.read(["flow.yaml": text]).rules.workflows.first).stages[0].stageClass == expected)
    }

    @Test func theOnlyLastStageIsProduction() throws {
        let text = Fixtures.workflow("stages:\n  - {name: first, next_stage: live}\n  - {name: live, next_stage: null}")
        let (rules, diagnostics) = Fixtures.read(["flow.yaml": text])
        #expect(Fixtures.lines(diagnostics) == [])
        #expect(rules.workflows.first?.stages.map(\.stageClass) == [.development, .production])
    }

    @Test func approvalWithoutApproversIsAnyones() throws {
        let text = Fixtures.workflow(adding: "    approval_required: true")
        let stages = try #require(Fixtures.read(["flow.yaml": text]).rules.workflows.first).stages
        #expect(stages.map(\.approvals) == [[], [ApprovalRule()]])
    }

    @Test func aTimeSpanForHealthStandsForReports() throws {
        let text = Fixtures.workflow(adding: "    verify_for: 30s")
        let stages = try #require(Fixtures.read(["flow.yaml": text]).rules.workflows.first).stages
        #expect(stages.map(\.health) == [nil, HealthPolicy(sources: [.report], verifyFor: .seconds(30))])
    }

    @Test(arguments: ["report", "[report]", "{report: {}}", "[{report: null}, report]"])
    func healthIsOneSourceOrAList(health: String) throws {
        let (rules, diagnostics) = Fixtures.read(["flow.yaml": Fixtures.workflow(adding: "    health: \(health)")])
        #expect(Fixtures.lines(diagnostics) == [])
        #expect(rules.workflows.first?.stages.last?.health == HealthPolicy())
    }

    @Test func workflowHealthIsInheritedWithOwnSpans() throws {
        let text = Fixtures.workflow(adding: "    verify_for: 2m\nhealth: report")
        let stages = try #require(Fixtures.read(["flow.yaml": text]).rules.workflows.first).stages
        #expect(stages.map(\.health?.verifyFor) == [.seconds(0), .minutes(2)])
    }

    @Test func aDefaultAboutTheUpstreamSkipsFirstStages() throws {
        let text = Fixtures.workflow(adding: "criteria: [{soak_duration: 1h}, {smoke_tests: pass}]")
        let (rules, diagnostics) = Fixtures.read(["flow.yaml": text])
        #expect(Fixtures.lines(diagnostics) == [])
        #expect(rules.workflows.first?.stages.map { $0.entryCriteria.map(\.key) } == [
            ["smoke_tests"], ["soak_duration", "smoke_tests"],
        ])
    }

    @Test(arguments: [
        (">=1.4", ">=1.4"), (">= v1.4.0-rc.1", ">=v1.4.0-rc.1"), ("1.4", "==1.4"), ("=2", "==2"), ("!= 1.0.0", "!=1.0.0"),
        ("<2.0.0+build", "<2.0.0+build"),
    ])
    func dependencyVersionsGetAnOperator(version: String, expected: String) throws {
        let text = Fixtures.workflow(
            adding: "    entry_criteria: [{depends_on: {service: web, version: \"\(version)\"}}]")
        let (rules, diagnostics) = Fixtures.read(["flow.yaml": text])
        #expect(Fixtures.lines(diagnostics) == [])
        #expect(rules.workflows.first?.stages.last?.entryCriteria == [
            Criterion(key: "depends_on", kind: .dependsOn(Criterion.Dependency(service: "web", version: expected)))
        ])
    }
}
