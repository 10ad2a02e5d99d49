import PromotionEngine
import Testing
import WorkflowModel

/// What a change of rules means for each gate.
@Suite struct RulesDiffTests {
    /// One change of the stage `prod` and what it is.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let gate: String
        let effect: GateChange.Effect
        let before: @Sendable (inout Stage) -> Void
        let after: @Sendable (inout Stage) -> Void

        init(
            _ name: String, _ gate: String, _ effect: GateChange.Effect, _ before: @escaping @Sendable (inout Stage) -> Void,
            _ after: @escaping @Sendable (inout Stage) -> Void
        ) {
            (testDescription, self.gate, self.effect, self.before, self.after) = (name, gate, effect, before, after)
        }
    }

    private static func rules(_ change: (inout Stage) -> Void, people: People = People()) -> Rules {
        var prod = Stage(name: "prod", stageClass: .production, after: ["qa"])
        change(&prod)
        let stages = [Stage(name: "qa"), prod]
        return Rules(workflows: [Workflow(name: "shop", path: "w", services: [Service(name: "web")], stages: stages)], people: people)
    }

    private static let plain: @Sendable (inout Stage) -> Void = { _ in }
    private static func entry(_ criteria: Criterion...) -> @Sendable (inout Stage) -> Void { { $0.entryCriteria = criteria } }
    private static func approvals(_ rules: ApprovalRule...) -> @Sendable (inout Stage) -> Void { { $0.approvals = rules } }

    static let rows: [Row] = [
        Row("a criterion goes", "prod.entry.test_pass_rate", .loosened, entry(.number(.atLeast, "90")), plain),
        Row("a criterion comes", "prod.entry.test_pass_rate", .tightened, plain, entry(.number(.atLeast, "90"))),
        Row("less is enough", "prod.entry.test_pass_rate", .loosened, entry(.number(.atLeast, "90")), entry(.number(.atLeast, "80.5"))),
        Row("more is allowed", "prod.entry.cves", .loosened, entry(.number(.atMost, "0", key: "cves")), entry(.number(.atMost, "3", key: "cves"))),
        Row("less is allowed", "prod.entry.cves", .tightened, entry(.number(.atMost, "3", key: "cves")), entry(.number(.atMost, "0", key: "cves"))),
        Row("another comparison", "prod.entry.cves", .changed, entry(.number(.atMost, "3", key: "cves")), entry(.number(.less, "3", key: "cves"))),
        Row("another text", "prod.entry.security_scan", .changed, entry(.text("pass")), entry(.text("done"))),
        Row("a shorter soak", "prod.entry.soak_duration", .loosened, entry(.soak(.hours(24))), entry(.soak(.hours(1)))),
        Row("a longer stay", "prod.entry.qa_stable", .tightened, entry(.stable("qa", .hours(1))), entry(.stable("qa", .hours(2)))),
        Row("another ticket", "prod.entry.change_ticket", .changed, entry(.ticket("^CHG-")), entry(.ticket("."))),
        Row("nobody approves", "approval", .loosened, approvals(ApprovalRule()), plain),
        Row("somebody approves", "approval", .tightened, plain, approvals(ApprovalRule())),
        Row("fewer approve", "approval", .loosened, approvals(ApprovalRule(minimum: 2)), approvals(ApprovalRule())),
        Row("anyone approves", "approval", .loosened, approvals(ApprovalRule(from: ["a"])), approvals(ApprovalRule())),
        Row("fewer may approve", "approval", .tightened, approvals(ApprovalRule(from: ["a", "b"])), approvals(ApprovalRule(from: ["a"]))),
        Row("the author approves", "approval", .loosened, approvals(ApprovalRule()), approvals(ApprovalRule(forbid: [.requester]))),
        Row("approvals never expire", "approval", .loosened, approvals(ApprovalRule(expires: .days(1))), approvals(ApprovalRule())),
        Row("more approve, of more groups", "approval", .loosened, approvals(ApprovalRule(from: ["a"])), approvals(ApprovalRule(minimum: 2, from: ["a", "b"]))),
        Row("health is asked no more", "health", .loosened, { $0.health = HealthPolicy() }, plain),
        Row("it enters by itself", "auto_promote", .loosened, plain, { $0.autoPromote = true }),
        Row("it enters by hand", "auto_promote", .tightened, { $0.autoPromote = true }, plain),
        Row("rules need not settle", "rules_settled", .loosened, plain, { $0.rulesSettled = false }),
        Row("no production any more", "rules_settled", .loosened, plain, { $0.stageClass = .staging }),
        Row("a stage before is left out", "upstream", .loosened, plain, { $0.after = [] }),
        Row("another queue", "queue", .changed, plain, { $0.queue = .all }),
    ]

    @Test(arguments: rows)
    func tellsWhatItTakesNow(_ row: Row) {
        let diff = RulesDiff(from: Self.rules(row.before), to: Self.rules(row.after))
        let changes = diff.changes(entering: "prod", of: "shop")
        #expect(changes.map(\.gate) == [row.gate] && changes.first?.effect == row.effect, "\(changes)")
        #expect(diff.changes == changes)
    }

    @Test func sameRulesHaveNoChange() {
        #expect(RulesDiff(from: Self.rules(Self.plain), to: Self.rules(Self.plain)).changes.isEmpty)
    }

    @Test(arguments: [(["olga"], ["olga", "rita"], GateChange.Effect.loosened), (["olga", "rita"], ["olga"], .tightened), (["olga"], ["rita"], .loosened)])
    func whoComesIntoAnApprovingGroupLoosensIt(_ old: [String], _ new: [String], _ effect: GateChange.Effect) {
        let rule = Self.approvals(ApprovalRule(from: ["team"]))
        let diff = RulesDiff(
            from: Self.rules(rule, people: People(groups: ["team": old])), to: Self.rules(rule, people: People(groups: ["team": new])))
        #expect(diff.changes.map(\.gate) == ["group:team"] && diff.changes.first?.effect == effect)
    }

    @Test func permissionsAreComparedAsAWhole() {
        func people(_ permissions: [Permission]?) -> Rules { Self.rules(Self.plain, people: People(permissions: permissions)) }
        let one = Permission(actions: [.promote], groups: ["a"])
        let more = Permission(actions: [.breakGlass], groups: ["b"])
        #expect(RulesDiff(from: people([one]), to: people([one, more])).changes.map(\.effect) == [.loosened])
        #expect(RulesDiff(from: people([one, more]), to: people([one])).changes.map(\.effect) == [.tightened])
        #expect(RulesDiff(from: people([one]), to: people(nil)).changes.map(\.effect) == [.loosened])
        #expect(RulesDiff(from: people(nil), to: people([one])).changes.map(\.effect) == [.changed])
    }

    @Test func exitsOfTheStageBeforeBearOnEntering() {
        func rules(_ criteria: [Criterion]) -> Rules {
            let stages = [Stage(name: "qa", exitCriteria: criteria), Stage(name: "prod", after: ["qa"])]
            return Rules(workflows: [Workflow(name: "shop", path: "w", services: [], stages: stages)])
        }
        let diff = RulesDiff(from: rules([.soak(.hours(2))]), to: rules([]))
        #expect(diff.changes(entering: "prod", of: "shop").map(\.gate) == ["qa.exit.soak_duration"])
        #expect(diff.changes(entering: "qa", of: "shop").isEmpty && diff.changes.count == 1)
    }
}
