import PromotionEngine
import WorkflowModel

extension RulesVariant {
    /// Something about entering prod is easier, or other, than it was.
    func isLoosened(from old: RulesVariant) -> Bool {
        // With the same sources a trigger more or less is no easier way.
        let probed: Set<Watching> = [.reportsAndProbes, .triggers]
        let isSeenAlike = watching == old.watching || (probed.contains(watching) && probed.contains(old.watching))
        return approvals < old.approvals || (entersProd && !old.entersProd) || queue("prod") != old.queue("prod") || !isSeenAlike
    }
}

extension Oracle {
    /// Who has a part in the promotion and made its way easier since the stage's last one, and who else approved.
    func loosening(
        _ subject: PromotionSubject, _ planDigest: String, at tip: String, _ world: SimulatedWorld
    ) -> (people: Set<String>, isReviewed: Bool) {
        guard subject.stage == "prod", let base = lastBase(subject.service, subject.stage) else { return ([], true) }
        var authors: Set<String> = []
        let isAsItWas = world.branch.commits[base]?.rules == world.branch.commits[tip]?.rules
        let known = Set(world.branch.history(of: base).map(\.id))
        for commit in world.branch.history(of: tip) where !isAsItWas && !known.contains(commit.id) {
            guard let before = commit.parent.flatMap({ world.branch.commits[$0] }) else { continue }
            if RulesVariant(commit.rules).isLoosened(from: RulesVariant(before.rules)) { authors.insert(commit.author) }
        }
        let (approved, requester) = given(subject, planDigest)
        let parts = approved.union([requester, SimulatedRules.author])
        let suspects = authors.intersection(parts)
        return (suspects, !approved.subtracting(suspects).subtracting([requester, SimulatedRules.author]).isEmpty)
    }

    /// The commit that the last promotion which was delivered there by its own gates had been admitted on.
    private func lastBase(_ service: String, _ stage: String) -> String? {
        var base: String?
        var admitted: [String: String] = [:]
        for record in records where record.fact.service == service && record.fact.stage == stage {
            if case .admitted(let admission) = record.fact { admitted[admission.subject.promotion] = admission.base }
            if case .delivered(let delivered) = record.fact, ![.rollback, .restore].contains(trigger(of: delivered.subject)) {
                base = admitted[delivered.subject.promotion] ?? base
            }
        }
        return base
    }
}
