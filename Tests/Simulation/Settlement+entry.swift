import PromotionEngine
import WorkflowModel

extension Settlement {
    /// Whatever may enter a stage by itself has entered once `reconcile` has come to rest: nothing starves.
    func checkEntered(except failed: Set<String>) {
        let rules = RulesVariant(world.branch.head?.rules ?? 0)
        let oracle = Oracle(records: world.records, people: SimulatedRules.groups)
        for service in world.state.services.keys.sorted() {
            for stage in ["dev", "qa"] + (rules.entersProd ? ["prod"] : []) where !failed.contains("\(service)@\(stage)") {
                let cell = CellReading(world.records, service, stage)
                // Whoever asked for something has the place until it ends.
                if cell.open != nil { continue }
                for version in candidates(oracle, cell, service, stage, rules) {
                    let subject = PromotionSubject(
                        promotion: "", service: service, version: version, stage: stage, workflow: SimulatedRules.workflow)
                    guard let digest = digest(subject), oracle.closed(subject, digest, rules, at: world.now, on: world.branch.tip, world).isEmpty
                    else { continue }
                    return world.violate("\(service) \(version) may enter \(stage) by itself, and does not")
                }
            }
        }
    }

    /// What automation may bring, whatever its gates say.
    private func candidates(
        _ oracle: Oracle, _ cell: CellReading, _ service: String, _ stage: String, _ rules: RulesVariant
    ) -> [String] {
        func subject(_ version: String) -> PromotionSubject {
            PromotionSubject(promotion: "", service: service, version: version, stage: stage, workflow: SimulatedRules.workflow)
        }
        let registered = oracle.registrations(of: service).filter { !oracle.isYanked(subject($0)) }
        let place = SimulatedRules.stages.firstIndex(of: stage) ?? 0
        let incoming = place == 0
            ? registered.last : CellReading(world.records, service, SimulatedRules.stages[place - 1]).present
        // Where releases have to wait, older ones that have waited are not lost to newer ones.
        let keepsOlder = stage == "prod" && rules.queue(stage) == .latest
        let tried = keepsOlder || rules.queue(stage) == .all ? registered : [incoming].compactMap(\.self).filter(registered.contains)
        let present = cell.present ?? world.value(service, stage, at: world.branch.head)
        return tried.filter { version in
            guard cell.outcomes[version] == nil, !cell.left.contains(version), version != present else { return false }
            guard let present, let old = SemanticVersion(present), let new = SemanticVersion(version) else { return true }
            return old < new
        }
    }

    /// By which approvals are looked up.
    private func digest(_ subject: PromotionSubject) -> String? {
        let process = SimulatedProcess(world, Step(number: 0, action: .reconcile)) { _ in }
        do {
            return try performer.conductor(process, "robot").preview(
                PromotionTarget(service: subject.service, stage: subject.stage, version: subject.version),
                PromotionRequest(requester: "ci", trigger: .automation)
            ).planDigest
        } catch {
            world.violate("at rest, \(subject.service) \(subject.version) cannot be planned for \(subject.stage): \(error)")
            return nil
        }
    }

    /// Promotions that wait longer than their workflow lets them are closed.
    func checkExpired(except failed: Set<String>) {
        let rules = RulesVariant(world.branch.head?.rules ?? 0)
        for (service, state) in world.state.services {
            for open in state.open where open.isPending && !failed.contains("\(service)@\(open.stage)") {
                if world.now - open.requestedAt > rules.pendingExpires { world.violate("\(open.id) does not expire") }
            }
        }
    }

    /// Every deploy commit that stands is told by a record: of its delivery, or as a change that came too late to be one.
    func checkCarriers() {
        if world.branch.isRewritten { return }
        var named: Set<String> = []
        for record in world.records {
            if case .delivered(let delivered) = record.fact { named.insert("\(delivered.subject.promotion) \(delivered.commit)") }
            if case .stepDelivered(let step) = record.fact { named.insert("\(step.subject.promotion) \(step.commit)") }
            if case .externalChange(let change) = record.fact { named.insert(change.commit) }
        }
        for commit in world.branch.history(of: world.branch.tip) {
            for promotion in commit.promotions where !named.contains("\(promotion) \(commit.id)") && !named.contains(commit.id) {
                // What landed after its promotion was closed, in a stage without any record, is what stood there before.
                let isClosed = world.records.contains { record in
                    record.fact.promotion == promotion && ["aborted", "superseded", "rejected"].contains(record.fact.type)
                }
                if !isClosed { world.violate("\(commit.id) carries \(promotion), and no record names it") }
            }
        }
    }
}
