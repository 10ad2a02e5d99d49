import PromotionEngine
import Testing
import WorkflowModel

/// Everything an evaluation reads, with defaults: release 1.0.0 of `web`, registered, about to enter `qa` after `dev`.
struct Scene: Sendable {
    var dev = Stage(name: "dev")
    var qa = Stage(name: "qa", after: ["dev"])
    var prod = Stage(name: "prod", stageClass: .production, after: ["qa"])
    /// Further stages, behind those three in the file.
    var others: [Stage] = []
    var evidence: [String: EvidenceRule] = [:]
    var owner: String? = "web-team"
    var people = People(groups: [
        "platform-team": ["olga", "pavel"], "security": ["sam"], "web-team": ["wendy"],
    ])
    var log = LedgerLog()
    var target = "qa"
    var version = String.version
    var requester = "rita"
    var ticket: String?
    var planDigest = String.plan
    var calendar = ReleaseCalendar()
    /// What the rest of a train brings.
    var joining: [String: String] = [:]

    init() { log.register(.version) }

    var workflow: Workflow {
        Workflow(
            name: .workflow, path: "workflows/shop.yaml", services: [service], stages: [dev, qa, prod] + others,
            evidence: evidence)
    }
    var service: Service { Service(name: .service, owner: owner) }

    mutating func pass(_ span: TimeSpan) { log.now = log.now + span }

    mutating func approve(
        _ person: String, stage: String? = nil, plan: String? = nil, digest: String? = nil, version: String? = nil
    ) {
        log.add(.approvalGiven(decision(stage, plan, digest, version)), by: person)
    }

    mutating func withdrawApproval(_ person: String) {
        log.add(.approvalWithdrawn(decision(nil, nil, nil, nil)), by: person)
    }

    mutating func reject(_ person: String, stage: String? = nil, plan: String? = nil) {
        log.add(.rejected(decision(stage, plan, nil, nil)), by: person)
    }

    mutating func withdrawRejection(_ person: String) {
        log.add(.rejectionWithdrawn(decision(nil, nil, nil, nil)), by: person)
    }

    private func decision(_ stage: String?, _ plan: String?, _ digest: String?, _ version: String?) -> ApprovalDecision {
        ApprovalDecision(
            service: .service, version: version ?? self.version, stage: stage ?? target, workflow: .workflow,
            digest: digest, planDigest: plan ?? planDigest, promotion: nil, reason: nil)
    }

    func evaluator() throws -> Evaluator {
        let workflow = workflow
        return Evaluator(
            workflow: workflow, service: service, stage: try #require(workflow.stage(target)),
            release: try #require(log.service.releases[version]), state: log.service, others: log.state.services,
            people: people, requester: requester, ticket: ticket, planDigest: planDigest, now: log.now,
            restrictions: Restrictions(calendar: calendar, zones: MachineZones(), freezes: log.state.freezes), joining: joining)
    }

    func gate(_ id: String) throws -> Gate {
        let gates = try evaluator().gates()
        return try #require(gates.first { $0.id == id }, "there is no gate \(id) among \(gates.map(\.id))")
    }
}

/// One row of a table of verdicts.
struct VerdictRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let verdict: Verdict
    let arrange: @Sendable (inout Scene) -> Void

    init(_ name: String, _ verdict: Verdict, _ arrange: @escaping @Sendable (inout Scene) -> Void) {
        testDescription = name
        self.verdict = verdict
        self.arrange = arrange
    }

    func scene() -> Scene {
        var scene = Scene()
        arrange(&scene)
        return scene
    }
}

extension Criterion {
    static func number(_ comparison: Comparison, _ threshold: String, key: String = "test_pass_rate") -> Criterion {
        Criterion(key: key, kind: .number(comparison, threshold: threshold))
    }

    static func text(_ expected: String, key: String = "security_scan") -> Criterion {
        Criterion(key: key, kind: .text(expected))
    }

    static func soak(_ span: TimeSpan) -> Criterion { Criterion(key: "soak_duration", kind: .soak(span)) }
    static func stable(_ stage: String, _ span: TimeSpan) -> Criterion {
        Criterion(key: "\(stage)_stable", kind: .stable(stage: stage, span))
    }
    static let upstreamHealth = Criterion(key: "upstream_health", kind: .upstreamHealth)
    static let targetHealth = Criterion(key: "target_health", kind: .targetHealth)
    static func ticket(_ pattern: String) -> Criterion {
        Criterion(key: "change_ticket", kind: .changeTicket(pattern: pattern))
    }
}
