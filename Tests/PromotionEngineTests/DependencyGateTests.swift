import PromotionEngine
import Testing
import WorkflowModel

/// `depends_on`: another service runs such a version, healthy, in the stage being entered or in the one that is named.
@Suite struct DependencyGateTests {
    @Test(arguments: [
        (">=1.4", "1.4.0", true), (">=1.4", "1.3.9", false), (">=1.4", "2.0.0", true), (">=1.4", "1.5.0-rc.1", false),
        (">=1.4.0-0", "1.5.0-rc.1", true), (">=1.4", "v1.4.2", true), (">=1.4", "1.4.0+7", true), ("==1.4", "1.4.9", true),
        ("==1.4", "1.5.0", false), ("==1.4.2", "1.4.2+b", true), ("==1.4.2", "1.4.3", false), ("!=1.4", "1.4.9", false),
        ("!=1.4", "1.5.0", true), (">1", "1.9.9", false), (">1", "2.0.0", true), (">1.4.2", "1.4.3", true), (">1.4.2", "1.4.2", false),
        ("<=1.4", "1.4.9", true), ("<=1.4", "1.5.0", false), ("<=1.4.2", "1.4.2", true), ("<2", "1.99.0", true), ("<2", "2.0.0", false),
        ("<1.10", "1.9.0", true), (">=0", "0.0.0", true),
    ])
    func aRangeHoldsVersions(_ range: String, _ version: String, _ holds: Bool) throws {
        #expect(try #require(VersionRange(range)).contains(#require(SemanticVersion(version))) == holds)
    }

    @Test(arguments: [
        "", ">=", "1.4", "=1.4", "~1.4", ">=>1", ">= 1.4", ">=1.x", ">=1.x.3", ">=1..2", ">=.1", ">=1.", ">=1.2.3.4", ">=a", ">=-1",
        ">=1.4 <2", ">=1.4,<2", ">=9223372036854775807", ">=99999999999999999999", ">=1.4-", ">=1.4+",
    ])
    func refusesWhatIsNoRange(_ text: String) {
        #expect(VersionRange(text) == nil)
    }

    static let rows: [VerdictRow] = [
        row("nothing is there", .waiting) { _ in },
        row("such a version, healthy", .passed) { deliver(&$0, "1.4.0", .healthy) },
        row("such a version, degraded", .failed) { deliver(&$0, "1.4.0", .degraded) },
        row("such a version, progressing", .waiting) { deliver(&$0, "1.4.0", .progressing) },
        row("such a version, unobserved", .waiting) { deliver(&$0, "1.4.0", nil) },
        row("an older version", .waiting) { deliver(&$0, "1.3.0", .healthy) },
        row("such a version elsewhere", .waiting) { deliver(&$0, "1.4.0", .healthy, in: "dev") },
        row("a version that cannot be compared", .errored) { deliver(&$0, "main-abc", .healthy) },
        row("any version, where none is named", .passed, version: nil) { deliver(&$0, "main-abc", .healthy) },
        row("in the stage that is named", .passed, stage: "dev") { deliver(&$0, "1.4.0", .healthy, in: "dev") },
        row("such a version comes with the train", .passed) { $0.joining = ["database": "1.4.0"] },
        row("any version comes with the train", .passed, version: nil) { $0.joining = ["database": "main-abc"] },
        row("an older version comes with the train, over one that would do", .waiting) {
            deliver(&$0, "1.4.0", .healthy)
            $0.joining = ["database": "1.3.0"]
        },
        row("a version that cannot be compared comes with the train", .errored) { $0.joining = ["database": "main-abc"] },
        row("the train enters another stage than is named", .waiting, stage: "dev") { $0.joining = ["database": "1.4.0"] },
        row("not in the stage that is named", .waiting, stage: "dev") { deliver(&$0, "1.4.0", .healthy) },
    ]

    @Test(arguments: rows)
    func dependsOn(_ row: VerdictRow) throws {
        let gate = try row.scene().gate("qa.entry.depends_on")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
        if gate.verdict == .waiting || gate.verdict == .failed { #expect(gate.clearWith?.contains("database") == true) }
    }

    private static func row(
        _ name: String, _ verdict: Verdict, stage: String? = nil, version: String? = ">=1.4",
        _ arrange: @escaping @Sendable (inout Scene) -> Void
    ) -> VerdictRow {
        VerdictRow(name, verdict) {
            let dependency = Criterion.Dependency(service: "database", stage: stage, version: version)
            $0.qa.entryCriteria = [Criterion(key: "depends_on", kind: .dependsOn(dependency))]
            arrange(&$0)
        }
    }

    private static func deliver(_ scene: inout Scene, _ version: String, _ health: HealthStatus?, in stage: String = "qa") {
        let subject = PromotionSubject(
            promotion: "d-1", service: "database", version: version, stage: stage, workflow: .workflow)
        scene.log.add(.releaseRegistered(Release(service: "database", version: version, workflow: .workflow)))
        scene.log.add(.delivered(PromotionDelivered(subject: subject, commit: "d", edits: [])))
        guard let health else { return }
        scene.log.add(
            .healthObserved(
                HealthObserved(
                    service: "database", version: version, stage: stage, status: health, revision: "d", promotion: "d-1")))
    }
}
