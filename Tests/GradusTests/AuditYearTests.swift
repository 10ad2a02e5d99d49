import AuditYear
import PromotionEngine
import TestSupport
import Testing
import WorkflowModel

/// A ledger that the engine did not write, by the documented format, and a verifier in another language agree with `audit verify`.
@Suite struct AuditYearTests {
    @Test func aGeneratedYearIsVerifiedByTwoPrograms() throws {
        HermeticEnvironment.hideUserConfiguration()
        let environment = try HermeticEnvironment()
        let place = environment.folder("year.git")
        let writer = try YearWriter(at: place, segmentCapacity: 300)
        try writer.write(YearPlan(changes: 90, seed: 5))
        let gradus = GradusProcess(environment)
        let report = try #require(try gradus.run(["audit", "verify", "--repo", place, "-o", "json"]).json)
        #expect(report.text("result") == "intact" && report["records"] == .int(writer.records) && report["segments"] != 1, "\(report)")
        #expect(report["warnings"]?.items.isEmpty == true && report["external"]?.items.isEmpty == false, "\(report)")
        let project = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let script = ["python3", "\(project)/scripts/verify-ledger.py"]
        let runner = CommandRunner(environment)
        let second = try runner.run(script + [place])
        let hash = try #require(report.text("head_hash"))
        #expect(second.status == 0 && second.output.contains(hash), "\(second)")

        // The same saved checkpoint tells both that the end is missing.
        try environment.folder.write("saved.json", report.canonicalText)
        let git = GitFixture(environment)
        let last = try #require(try git.references("refs/heads/gradus/ledger", in: place).last)
        try git.git("update-ref", last, last + "~1", in: place)
        let first = try gradus.run(["audit", "verify", "--repo", place, "--since-checkpoint", environment.folder("saved.json"), "-o", "json"])
        let cut = try runner.run(script + [place, "--since-checkpoint", environment.folder("saved.json")])
        #expect(first.code == 1 && first.json?.text("fault")?.contains("cut off") == true && cut.status == 1 && cut.errors.contains("cut off"), "\(first) \(cut)")
        let touched = try git.references("refs/heads/gradus/ledger", in: place)[0]
        try git.rewrite(touched, in: place) { position, message in
            position == 40 ? message.replacing("\"seq\":41", with: "\"seq\":42") : message
        }
        #expect(try runner.run(script + [place]).errors.contains("record 41 "))
    }

    /// "What went to production on that day, who approved it, with what tests": one command, no other tool.
    @Test func aDayOfTheYearIsAnswered() throws {
        HermeticEnvironment.hideUserConfiguration()
        let environment = try HermeticEnvironment()
        let place = environment.folder("year.git")
        let plan = YearPlan(changes: 90, seed: 5)
        try YearWriter(at: place).write(plan)
        let gradus = GradusProcess(environment)
        let step = try #require(plan.steps.first { $0.kind == .passAfterFail })
        let day = (step.at + .seconds(step.spans[2])).description.prefix(10)
        let next = try #require(Instant(parsing: day + "T00:00:00Z")) + .hours(24)
        let scope = ["--repo", place, "--stage", "prod", "--since", String(day), "--until", next.description]
        let changes = try #require(try gradus.run(["audit", "report", "-o", "json"] + scope).json?["changes"]?.items)
        let change = try #require(changes.first { $0.text("service") == step.service && $0.text("version") == step.version })
        #expect(change.text("requester") == step.requester && change["approvals"]?[0]?.text("person") == step.approver)
        let tests = change["evidence"]?.items.first { $0.text("key") == "test_pass_rate" }?["attempts"]?.items.compactMap { $0.text("value") }
        #expect(tests == ["97.5", "100"] && change["exceptions"] == ["pass_after_fail"])
        let page = try gradus.run(["audit", "report"] + scope)
        #expect(page.code == 0 && page.output.contains("<b>\(step.service)</b>") && page.output.contains(step.approver))
    }

    @Test func everyKindOfExceptionStandsInTheReport() throws {
        HermeticEnvironment.hideUserConfiguration()
        let environment = try HermeticEnvironment()
        let place = environment.folder("year.git")
        let plan = YearPlan(changes: 120, seed: 9)
        try YearWriter(at: place).write(plan)
        let gradus = GradusProcess(environment)
        let year = ["--repo", place, "--since", "2025-01-01", "--until", "2026-01-01", "--stage", "prod"]
        let changes = try #require(try gradus.run(["audit", "report", "-o", "json"] + year).json?["changes"]?.items)
        let found = Set(changes.flatMap { $0["exceptions"]?.items ?? [] }.compactMap(\.stringValue))
        #expect(
            found == [
                "unrecorded_external", "external", "self_approval", "break_glass", "break_glass_unreviewed", "no_approval", "no_evidence", "late",
                "failed", "rolled_back", "pass_after_fail", "downgrade", "ungated",
            ])
        let page = try gradus.run(["audit", "report"] + year).output
        for text in ["was denied to freeze", "approvals 2 of release-board", "loosened", "froze stage prod", "closed review-"] {
            #expect(page.contains(text), "\(text)")
        }
        let open = try #require(try gradus.run(["review", "list", "-o", "json", "--repo", place]).json?["reviews"]?.items)
        #expect(Set(open.compactMap { $0.text("version") }) == Set(plan.steps.filter { $0.kind == .breakGlassOpen }.map(\.version)))
    }
}
