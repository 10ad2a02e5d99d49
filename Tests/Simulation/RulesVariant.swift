import PromotionEngine
import WorkflowModel

/// One choice of everything that the rules of the simulated world may say, told by one number.
struct RulesVariant: Hashable, Sendable {
    /// What tells how the releases in qa and prod do.
    enum Watching: Int, CaseIterable, Sendable {
        case reports, reportsAndProbes, countedProbes, triggers
    }

    let code: Int
    /// What `test_pass_rate` must be to leave dev.
    let threshold: Int
    let approvals: Int
    let queues: [String: Stage.Queue]
    let onFailure: Stage.FailurePolicy
    let watching: Watching
    let entersProd: Bool
    let pendingExpires: TimeSpan
    /// Prod is entered step by step.
    let hasSteps: Bool

    static let count = 2 * 2 * 3 * 3 * 3 * 4 * 2 * 2 * 2
    /// So many looks that find it ill, within so long, where looks are counted.
    static let failedChecks = (count: 2, within: TimeSpan.minutes(5))
    static let healthTimeout = TimeSpan.minutes(10)

    init(_ code: Int) {
        self.code = code
        var rest = code
        func digit(_ base: Int) -> Int {
            defer { rest /= base }
            return rest % base
        }
        threshold = [90, 99][digit(2)]
        approvals = [1, 2][digit(2)]
        let orders: [Stage.Queue] = [.latest, .all, .manual]
        queues = ["qa": orders[digit(3)], "prod": orders[digit(3)]]
        onFailure = [.none, .hold, .rollback][digit(3)]
        watching = Watching.allCases[digit(4)]
        entersProd = digit(2) == 1
        pendingExpires = [TimeSpan.days(7), .hours(1)][digit(2)]
        hasSteps = digit(2) == 1
    }

    /// The same variant, but that agents' reports alone tell how releases do: a service that is looked at is never at rest.
    static func withoutProbes(_ code: Int) -> Int {
        let below = 2 * 2 * 3 * 3 * 3
        return code % below + code / (below * Watching.allCases.count) * below * Watching.allCases.count
    }

    /// By the rule files that a record names; nil when it names none.
    init?(of record: LedgerRecord) {
        guard let blob = record.rules[SimulatedRules.path] else { return nil }
        self.init(blob: blob)
    }

    init?(blob: String) {
        guard let code = Int(blob.dropFirst("blob-".count)) else { return nil }
        self.init(code)
    }

    func queue(_ stage: String) -> Stage.Queue { queues[stage] ?? .latest }

    /// Counted looks decide only where they are declared.
    var countsLooks: Bool { watching == .countedProbes }

    var health: HealthPolicy {
        let probe = HealthSource(.http(HTTPSource(url: "http://shop")), declared: "http shop")
        return switch watching {
        case .reports: HealthPolicy(verifyFor: SimulatedRules.verify, healthTimeout: Self.healthTimeout)
        case .reportsAndProbes:
            HealthPolicy(sources: [.report, probe], verifyFor: SimulatedRules.verify, healthTimeout: Self.healthTimeout)
        case .countedProbes:
            HealthPolicy(
                sources: [probe], verifyFor: SimulatedRules.verify, healthTimeout: Self.healthTimeout,
                triggers: [
                    RollbackTrigger(
                        name: "failed_checks", kind: .failedChecks, threshold: .above(Double(Self.failedChecks.count)),
                        duration: Self.failedChecks.within)
                ])
        case .triggers:
            HealthPolicy(
                sources: [.report, probe], verifyFor: SimulatedRules.verify, healthTimeout: Self.healthTimeout,
                triggers: [RollbackTrigger(name: "errors", kind: .alert("errors", address: "http://metrics"))])
        }
    }

    var rules: Rules {
        let update = Update(file: "f", kind: .yaml(set: [.init(key: "version", value: "{version}")]))
        let dev = Stage(
            name: "dev", autoPromote: true,
            exitCriteria: [Criterion(key: "test_pass_rate", kind: .number(.atLeast, threshold: String(threshold)))], updates: [update])
        let qa = Stage(
            name: "qa", stageClass: .test, autoPromote: true, after: ["dev"],
            exitCriteria: [Criterion(key: "soak_duration", kind: .soak(SimulatedRules.soak))], updates: [update], health: health,
            onFailure: onFailure, queue: queue("qa"))
        let prod = Stage(
            name: "prod", stageClass: .production, autoPromote: entersProd, after: ["qa"],
            entryCriteria: [Criterion(key: "security_scan", kind: .text("pass"))],
            approvals: [ApprovalRule(minimum: approvals, from: ["platform"])], updates: [update], health: health,
            onFailure: onFailure, queue: queue("prod"),
            rollout: hasSteps
                ? RolloutPlan(steps: .values(file: "f", path: "weight", SimulatedRules.weights), pause: .minutes(1)) : nil)
        let workflow = Workflow(
            name: SimulatedRules.workflow, path: SimulatedRules.path,
            services: SimulatedRules.services.map { Service(name: $0, owner: "platform") }, stages: [dev, qa, prod],
            pendingExpires: pendingExpires)
        return Rules(workflows: [workflow], people: SimulatedRules.people, sources: [SimulatedRules.path: "blob-\(code)"])
    }
}
