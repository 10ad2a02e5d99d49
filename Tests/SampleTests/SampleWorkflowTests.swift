import Testing
import WorkflowModel
import YAMLEdit

@Suite struct SampleWorkflowTests {
    @Test func decodesWithoutDiagnostics() throws {
        let (rules, diagnostics) = try SampleCell.read()
        #expect(diagnostics.map(\.description) == [])
        #expect(rules.workflows.map(\.name) == ["bookverse"])
        #expect(rules.sources.keys.sorted() == ["workflows/bookverse.yaml", "workflows/groups.yaml"])
    }

    @Test func movesFourServicesThroughFourStages() throws {
        let workflow = try #require(try SampleCell.read().rules.workflows.first)
        #expect(workflow.services.map(\.name) == SampleCell.services)
        #expect(workflow.stages.map(\.name) == SampleCell.stages)
        #expect(workflow.stages.map(\.after) == [[], ["dev"], ["qa"], ["staging"]])
        #expect(workflow.stages.map(\.stageClass) == [.development, .test, .staging, .production])
        #expect(workflow.stages.map(\.autoPromote) == [true, true, false, false])
        #expect(workflow.stages.allSatisfy { $0.delivery == .commit && !$0.recordOnly })
    }

    @Test func guardsEveryEdge() throws {
        let stages = try #require(try SampleCell.read().rules.workflows.first).stages
        #expect(stages.map { $0.entryCriteria.map(\.key) } == [[], [], [], ["change_advisory"]])
        #expect(stages.map { $0.exitCriteria.map(\.key) } == [
            ["test_pass_rate", "code_coverage", "security_scan"], ["integration_tests", "smoke_tests"],
            ["performance_baseline"], [],
        ])
        #expect(stages.map(\.approvals) == [[], [], [], [ApprovalRule(from: ["platform-team", "service-owner"])]])
    }

    /// The quickstart promotes from dev to prod in seconds, so nothing in the sample may ask for time or for a cluster.
    @Test func asksForNothingThatTakesTime() throws {
        let stages = try #require(try SampleCell.read().rules.workflows.first).stages
        #expect(stages.allSatisfy { $0.health == nil })
        for criterion in stages.flatMap({ $0.entryCriteria + $0.exitCriteria }) {
            switch criterion.kind {
            case .number, .text: break
            default: Issue.record("\(criterion.key) does not rest on posted evidence")
            }
        }
    }

    @Test(arguments: SampleCell.services)
    func letsTheOwnersOfEveryServiceApprove(_ name: String) throws {
        let rules = try SampleCell.read().rules
        let service = try #require(rules.workflow(of: name)?.service(name))
        let owner = try #require(service.owner)
        let members = rules.people.members(of: "service-owner", owner: owner)
        #expect(members.count == 2)
        #expect(members == rules.people.groups[owner])
    }

    @Test func knowsEveryMemberByNameAndReservedAddress() throws {
        let people = try SampleCell.read().rules.people
        #expect(Set(people.groups.values.flatMap(\.self)) == Set(people.people.keys))
        for person in people.people.values {
            #expect(person.name?.isEmpty == false, "\(person.id)")
            #expect(!person.emails.isEmpty && person.emails.allSatisfy { $0.hasSuffix("@example.com") }, "\(person.id)")
        }
    }
}
