import Testing
import WorkflowModel
import YAMLEdit

@Suite struct SeedWorkflowTests {
    /// The same workflow in both forms, with the name that each gives it.
    private static let forms = [
        ("promotion.yaml", Fixtures.seed, "promotion"),
        ("configmap.yml", Fixtures.configMap(Fixtures.seed), "promotion-workflow"),
        ("marked.yaml", Fixtures.configMap("# the pipeline\n---\n" + Fixtures.seed), "promotion-workflow"),
    ]

    @Test(arguments: forms)
    func loadsUnchanged(file: String, text: String, name: String) throws {
        let (rules, diagnostics) = Fixtures.read([file: text, "groups.yaml": Fixtures.groups])
        #expect(Fixtures.lines(diagnostics) == [])
        let workflow = try #require(rules.workflows.first)
        #expect(workflow.name == name)
        #expect(workflow.path == "workflows/\(file)")
        #expect(workflow.isSeedForm)
        #expect(workflow.services.isEmpty)
        #expect(workflow.stages.map(\.name) == ["development", "staging", "production"])
        #expect(workflow.stages.map(\.after) == [[], ["development"], ["staging"]])
        #expect(workflow.stages.map(\.stageClass) == [.development, .staging, .production])
        #expect(workflow.stages.map(\.autoPromote) == [true, true, false])
        #expect(workflow.stages.map(\.environment).last == "environments/production")
    }

    @Test(arguments: forms)
    func putsPromotionCriteriaOnTheRightEdges(file: String, text: String, name: String) throws {
        let workflow = try #require(Fixtures.read([file: text, "groups.yaml": Fixtures.groups]).rules.workflows.first)
        #expect(workflow.stages.map { $0.exitCriteria.map(\.key) } == [
            ["test_pass_rate", "code_coverage", "security_scan"],
            ["smoke_tests", "performance_baseline", "integration_tests", "soak_duration"],
            [],
        ])
        #expect(workflow.stages.map { $0.entryCriteria.map(\.kind) } == [
            [], [],
            [.stable(stage: "staging", .hours(48)), .text("approved"), .text("true")],
        ])
        #expect(workflow.stages[0].exitCriteria.map(\.kind) == [
            .number(.atLeast, threshold: "100"), .number(.atLeast, threshold: "80"), .text("pass"),
        ])
        #expect(workflow.stages[1].exitCriteria.last?.kind == .soak(.hours(24)))
        #expect(workflow.stages.map(\.approvals) == [[], [], [ApprovalRule(from: ["platform-team", "service-owner"])]])
    }

    @Test func warnsOnlyWhenThereAreNoGroups() {
        let (rules, diagnostics) = Fixtures.read(["promotion.yaml": Fixtures.seed])
        #expect(Fixtures.lines(diagnostics) == [
            "promotion.yaml:28:9: warning: unknown group `platform-team`: there is no workflows/groups.yaml"
        ])
        #expect(rules.workflow(of: "anything")?.name == "promotion")
    }

    @Test func tellsTheLineInsideAConfigMapWithCarriageReturns() {
        let broken = Fixtures.configMap(Fixtures.seed).replacing("soak_duration: 24h", with: "soak_duration: 24")
        let windows = broken.replacing("\n", with: "\r\n")
        let lines = [broken, windows].map { text in
            Fixtures.lines(Fixtures.read(["map.yaml": text, "groups.yaml": Fixtures.groups]).diagnostics)
        }
        #expect(lines[0] == [
            "map.yaml:24:28: error: `soak_duration` must be a time span such as 90s, 24h or 7d, not `24` "
                + "[write the unit: `24h` is hours, `24m` minutes]"
        ])
        #expect(lines[1] == lines[0])
    }

    @Test func showsTheSourceLineOfAConfigMap() throws {
        let broken = Fixtures.configMap(Fixtures.seed).replacing("soak_duration: 24h", with: "soak_duration: 24")
        let diagnostic = try #require(Fixtures.read(["map.yaml": broken, "groups.yaml": Fixtures.groups]).diagnostics.first)
        #expect(diagnostic.sourceLine == "          - soak_duration: 24")
    }
}
