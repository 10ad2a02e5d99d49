import PromotionEngine
import WorkflowModel

/// The outside of the engine in memory: one ledger, one target branch, one clock, and troubles that strike at chosen effects.
final class World {
    /// What happens to one effect, an append or a move of the branch.
    enum Trouble: CaseIterable {
        /// Somebody else was first.
        case lost
        /// The process dies before the effect.
        case dieBefore
        /// The effect happens and the process dies before it learns of it.
        case dieAfter
    }

    /// Nobody may catch this one to go on.
    struct Death: Error {}

    let ledger: MemoryLedger
    let desired: MemoryDesiredState
    let forge = MemoryForge()
    let pace = ManualPace()
    /// By the number of the effect, from 1.
    var troubles: [Int: Trouble] = [:]
    /// Run once, right before the effect of that number.
    var interludes: [Int: () throws -> Void] = [:]
    private(set) var effects = 0

    init(stages: [Stage], services: [String] = [.service], evidence: [String: EvidenceRule] = [:]) {
        ledger = MemoryLedger()
        let placed = stages.map { stage in
            var stage = stage
            stage.updates = [Update(file: "f", kind: .yaml(set: [.init(key: "version", value: "{version}")]))]
            return stage
        }
        let workflow = Workflow(
            name: .workflow, path: "workflows/shop.yaml", services: services.map { Service(name: $0, owner: "web-team") },
            stages: placed, evidence: evidence)
        desired = MemoryDesiredState(
            rules: Rules(
                workflows: [workflow], people: People(
                    groups: ["platform-team": ["olga", "pavel"]], people: ["olga": .init(id: "olga", accounts: ["github": "octo-olga"])]),
                sources: ["workflows/shop.yaml": "blob"]))
        ledger.world = self
        desired.world = self
        forge.world = self
    }

    func conductor(_ person: String = "rita") -> Conductor {
        let conductor = Conductor(ledger: ledger, desired: desired, pace: pace, initiator: Identity(id: person))
        conductor.proposals = desired
        conductor.forges = forge
        return conductor
    }

    func effect<Answer>(lost: Answer, _ body: () throws -> Answer) throws -> Answer {
        effects += 1
        if let interlude = interludes.removeValue(forKey: effects) { try interlude() }
        switch troubles.removeValue(forKey: effects) {
        case .lost: return lost
        case .dieBefore: throw Death()
        case .dieAfter:
            _ = try body()
            throw Death()
        case nil: return try body()
        }
    }

    func register(_ version: String, _ service: String = .service) throws {
        _ = try conductor("ci").register(Release(service: service, version: version, workflow: .workflow, authors: ["ann"]))
    }

    func promote(
        _ version: String? = nil, to stage: String, by person: String = "rita", ticket: String? = nil
    ) throws -> PromotionReport {
        try conductor(person).promote(
            PromotionTarget(service: .service, stage: stage, version: version),
            PromotionRequest(requester: person, trigger: .manual, ticket: ticket))
    }

    func reconcile() throws -> ReconcileReport { try conductor("robot").reconcile(ReconcileScope()) }

    func observe(_ status: HealthStatus, _ version: String, in stage: String, at revision: String? = nil) throws {
        _ = try conductor("agent").observe(
            status, service: .service, version: version, stage: stage, revision: revision ?? desired.tip)
    }

    /// The types of all records but those of releases and evidence.
    var moves: [String] {
        ledger.records.map(\.fact.type).filter { $0 != "release.registered" && $0 != "evidence.posted" }
    }

    /// How often each promotion was committed to the target branch.
    var deployCommits: [String: Int] {
        desired.commits.flatMap(\.promotions).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

/// A clock that moves only when told, or while somebody waits.
final class ManualPace: PacePort {
    var now = Instant.start
    func pause(afterAttempt attempt: Int) { now = now + .seconds(1) }
    func wait(_ span: TimeSpan) { now = now + span }
}
