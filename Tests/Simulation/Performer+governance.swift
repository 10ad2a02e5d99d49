import PromotionEngine
import WorkflowModel

extension Performer {
    /// What people do to stop promotions, to take them back, and to let them go on.
    func govern(_ action: Action, _ process: SimulatedProcess) throws {
        switch action {
        case .takeBack(let service):
            guard let (person, stage, answer) = standingAnswer(of: service) else { return }
            let conductor = conductor(process, person)
            acknowledge(
                try conductor.answer(Opinion(answer, withdraw: true), to: .cell(service: service, stage: stage)))
        case .freeze(let scope, let delay, let seconds, let rollbacksToo, let person):
            let start = process.now + .seconds(delay)
            acknowledge(
                try conductor(process, person).addFreeze(
                    scope, reason: "frozen", start: start, until: seconds.map { start + .seconds($0) },
                    includesRollbacks: rollbacksToo))
        case .thaw(let person):
            guard let freeze = world.state.freezes.first else { return }
            acknowledge(try conductor(process, person).removeFreeze(freeze.id, reason: nil))
        case .hold(let service, let stage, let seconds, let person):
            acknowledge(
                try conductor(process, person).addHold(
                    service: service, stage: stage, reason: "held", until: seconds.map { process.now + .seconds($0) }))
        case .unhold(let service, let person):
            guard let hold = world.state.service(service).holds.first else { return }
            acknowledge(try conductor(process, person).removeHold(hold.id, reason: nil))
        case .resume(let service, let person):
            guard let stage = world.state.service(service).holds.last?.stage else { return }
            acknowledge(try conductor(process, person).resume(service: service, stage: stage, reason: nil))
        case .rollback(let service, let stage, let version, let person):
            acknowledge(
                try conductor(process, person).rollback(
                    PromotionTarget(service: service, stage: stage, version: version), reason: "by hand"))
        case .yank(let service, let version, let person):
            acknowledge(try conductor(process, person).yank(version, of: service, reason: "broken"))
        case .adopt(let service, let person): _ = try conductor(process, person).adopt(service: service, reason: "as found")
        case .restore(let service, let person):
            for report in try conductor(process, person).restoreDrift(CellSelection(service: service), reason: "by the ledger").promotions {
                acknowledge(report)
            }
        case .adoptDrift(let service, let person):
            _ = try conductor(process, person).adoptDrift(CellSelection(service: service), reason: "as meant")
        case .closeReview(let service, let person):
            guard let review = world.state.service(service).reviews.first else { return }
            acknowledge(try conductor(process, person).closeReview(review.id, reason: "looked at"))
        default: return
        }
    }

    private func standingAnswer(of service: String) -> (person: String, stage: String, Opinion.Answer)? {
        var standing: [(person: String, stage: String, answer: Opinion.Answer)] = []
        for record in world.records where record.fact.service == service {
            let person = record.initiator.id
            switch record.fact {
            case .rejected(let decision): standing.append((person, decision.stage, .reject))
            case .approvalGiven(let decision): standing.append((person, decision.stage, .approve))
            case .rejectionWithdrawn(let decision), .approvalWithdrawn(let decision):
                standing.removeAll { $0.person == person && $0.stage == decision.stage }
            default: break
            }
        }
        return standing.last.map { ($0.person, $0.stage, $0.answer) }
    }
}
