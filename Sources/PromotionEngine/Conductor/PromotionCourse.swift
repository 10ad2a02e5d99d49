internal import WorkflowModel

/// Where one promotion got to, by its own records: the state of a stage knows only what came last.
struct PromotionCourse {
    private(set) var phase: Phase = .pending
    /// The deploy commit, once delivered.
    private(set) var commit: String?
    /// Of its last request, proposal or admission.
    private(set) var planDigest: String?
    /// Why it ended.
    private(set) var reason: String?

    /// - Parameter records: in the order of the ledger; those of others are passed over.
    init(_ promotion: String, _ records: [LedgerRecord]) {
        for fact in records.map(\.fact) where fact.promotion == promotion { take(fact) }
    }

    /// How it ended, of one that is not open any more: what lost its place before it was verified was delivered all the same.
    var end: Phase {
        switch phase {
        case .succeeded, .failed, .rolledBack, .aborted, .rejected: phase
        // A change by hand, too, takes the place of what is being verified, and no record of the promotion says so.
        default: commit == nil ? .superseded : .delivered
        }
    }

    private mutating func take(_ fact: Fact) {
        switch fact {
        case .requested(let requested): planDigest = requested.planDigest
        case .proposed(let proposed): (phase, planDigest) = (.proposed, proposed.planDigest)
        case .admitted(let admitted): (phase, planDigest) = (.admitted, admitted.planDigest)
        case .delivered(let delivered): (phase, commit) = (.verifying, delivered.commit)
        case .stepDelivered(let delivered): commit = delivered.commit
        case .succeeded(let closed): (phase, reason) = (.succeeded, closed.reason)
        case .failed(let closed): (phase, reason) = (.failed, closed.reason)
        case .rolledBack(let closed): (phase, reason) = (.rolledBack, closed.reason)
        case .withdrawn: phase = .pending
        case .superseded(let closed): (phase, reason) = (.superseded, closed.reason)
        case .aborted(let closed): (phase, reason) = (.aborted, closed.reason)
        // What is admitted already is not closed by a rejection.
        case .rejected(let decision) where phase == .pending || phase == .proposed: (phase, reason) = (.rejected, decision.reason)
        default: break
        }
    }
}

extension Conductor {
    func course(of promotion: String) throws -> PromotionCourse {
        // None of its records is older than the number that its id ends in.
        let first = promotion.split(separator: "-").last.flatMap { Int($0) } ?? 1
        return PromotionCourse(promotion, try ledger.records(from: first))
    }

    /// The report of a promotion that is not open any more: how it ended, whatever came to the stage since. Nil while it is open.
    ///
    /// - Parameter report: what was told of it last.
    func ended(_ report: PromotionReport, _ id: String, _ state: ServiceState) throws -> PromotionReport? {
        guard !state.open.contains(where: { $0.id == id }) else { return nil }
        let course = try course(of: id)
        var ended = report
        (ended.id, ended.commit, ended.problem) = (id, course.commit, nil)
        ended.planDigest = course.planDigest ?? report.planDigest
        if let cell = state.cells[report.stage.name], cell.stay.promotion == id { ended.rollout = cell.rollout?.step }
        ended.phase = course.end
        ended.result =
            switch course.end {
            case .succeeded where report.result == .unchanged: .unchanged
            case .failed, .rolledBack: .failed
            case .aborted: .aborted
            case .rejected: .refused
            case .superseded: .superseded
            default: .promoted
            }
        if [.aborted, .rejected, .superseded].contains(course.phase), let reason = course.reason { warn("\(id): \(reason)") }
        return ended
    }
}
