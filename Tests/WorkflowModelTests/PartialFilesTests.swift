import Testing
import WorkflowModel

@Suite struct PartialFilesTests {
    private static let workflow = Fixtures.workflow(
        adding: "    approval_required: true\n    approvers: [platform-team]\n    entry_criteria: [{depends_on: {service: api}}]")

    @Test func oneFileAloneIsNotFaultedForWhatOthersDeclare() {
        #expect(Fixtures.lines(Fixtures.read(["a.yaml": Self.workflow], isComplete: false).diagnostics) == [])
        #expect(Fixtures.read(["a.yaml": Self.workflow]).diagnostics.count == 2)
    }

    @Test func noFilesAreNoRules() {
        let (rules, diagnostics) = Fixtures.read([:])
        #expect(rules == Rules(workflows: []))
        #expect(diagnostics.isEmpty)
    }

    @Test func anEmptyGroupsFileHoldsNoGroups() {
        let (rules, diagnostics) = Fixtures.read(["groups.yaml": "# none yet\n"])
        #expect(diagnostics.isEmpty)
        #expect(rules.people == People(path: "workflows/groups.yaml"))
    }
}
