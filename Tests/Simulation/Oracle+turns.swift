import PromotionEngine
import WorkflowModel

extension Oracle {
    /// Whether it is this version's turn.
    func queueFault(_ subject: PromotionSubject, _ rules: RulesVariant) -> String? {
        let cell = CellReading(records, subject.service, subject.stage)
        switch rules.queue(subject.stage) {
        case .latest: return nil
        case .manual:
            // Who opens a promotion here closes no other: right before its own records would stand that of the other. What only
            // was to be put back, and was withdrawn, is in nobody's turn.
            let last = records.suffix(2).map(\.fact)
            if last.count == 2, case .superseded(let other) = last[0], case .requested(let own) = last[1],
                own.subject.promotion == subject.promotion, other.subject.stage == subject.stage, other.subject.service == subject.service,
                !putsBack(other.subject.promotion)
            {
                return "\(other.subject.version) had been asked for"
            }
            return nil
        case .all:
            if let verifying = cell.verifying, verifying.version != subject.version { return "\(verifying.version) is being verified" }
            let registered = registrations(of: subject.service)
            guard let own = registered.firstIndex(of: subject.version) else { return nil }
            let before = registered[..<own].first { isQueued($0, subject, cell) }
            return before.map { "\($0) goes before it" }
        }
    }

    private func putsBack(_ promotion: String) -> Bool {
        records.contains { record in
            if case .requested(let asked) = record.fact { asked.subject.promotion == promotion && asked.trigger.putsBack } else { false }
        }
    }

    /// In order of registration.
    func registrations(of service: String) -> [String] {
        records.compactMap { record in
            if case .releaseRegistered(let release) = record.fact, release.service == service { release.version } else { nil }
        }
    }

    /// A version that passed upstream, has not been here, and is newer than what is here.
    func isQueued(_ version: String, _ subject: PromotionSubject, _ cell: CellReading) -> Bool {
        let other = PromotionSubject(
            promotion: "", service: subject.service, version: version, stage: subject.stage, workflow: subject.workflow)
        guard cell.outcomes[version] == nil, !cell.left.contains(version), version != cell.present, !isYanked(other) else { return false }
        if let index = SimulatedRules.stages.firstIndex(of: subject.stage), index > 0 {
            let upstream = CellReading(records, subject.service, SimulatedRules.stages[index - 1])
            guard upstream.outcomes[version] == "succeeded" else { return false }
        }
        guard let present = cell.present else { return true }
        guard let new = SemanticVersion(version) else { return false }
        // What was never registered and is no version is older than any that was.
        guard let old = SemanticVersion(present) else { return true }
        return new > old
    }

    // MARK: Broken glass

    /// Somebody who may has asked on record for just these gates to be skipped, for just this plan.
    func glassFault(_ admitted: PromotionAdmitted, _ skipped: Set<String>) -> String? {
        var last: (requested: PromotionRequested, by: String)?
        for record in records {
            guard case .requested(let requested) = record.fact, requested.subject.promotion == admitted.subject.promotion,
                !requested.breakGlass.isEmpty
            else { continue }
            last = (requested, record.initiator.id)
        }
        guard let last else { return "nobody broke glass for it, and \(skipped.sorted()) are skipped" }
        if SimulatedRules.mayNot(last.by, .breakGlass) { return "\(last.by) may not break glass" }
        if last.requested.planDigest != admitted.planDigest { return "glass was broken for another plan" }
        let more = skipped.subtracting(last.requested.breakGlass)
        return more.isEmpty ? nil : "nobody broke glass for \(more.sorted())"
    }

    /// What was admitted past gates and not looked at since.
    struct OpenReview {
        let id: String
        let promotion: String
        let version: String
        let stage: String
        let gates: Set<String>
        let by: String
        var isDelivered = false
        var isBackfilled = false
    }

    func reviews(of service: String) -> [OpenReview] {
        var open: [OpenReview] = []
        var breakers: [String: String] = [:]
        // Of a baseline it is not known what it contains, even if its version is registered later.
        var contents: [String: [String]] = [:]
        for record in records where record.fact.service == service {
            switch record.fact {
            case .releaseRegistered(let release): contents[release.version] = release.contains
            case .requested(let requested) where !requested.breakGlass.isEmpty: breakers[requested.subject.promotion] = record.initiator.id
            case .admitted(let admitted):
                let gates = Set(admitted.gates.filter(\.isSkipped).map(\.id))
                let subject = admitted.subject
                if gates.isEmpty { continue }
                open.removeAll { $0.promotion == subject.promotion && $0.gates == gates }
                open.append(
                    OpenReview(
                        id: "review-\(record.seq)", promotion: subject.promotion, version: subject.version, stage: subject.stage, gates: gates,
                        by: breakers[subject.promotion] ?? record.initiator.id))
            case .delivered(let delivered):
                let subject = delivered.subject
                let contained = contents[subject.version] ?? []
                for index in open.indices {
                    if open[index].promotion == subject.promotion { open[index].isDelivered = true }
                    if open[index].stage == subject.stage, contained.contains(open[index].version) { open[index].isBackfilled = true }
                }
            case .rolledBack(let closed):
                for index in open.indices where open[index].promotion == closed.subject.promotion { open[index].isDelivered = false }
            case .reviewClosed(let closed): open.removeAll { $0.id == closed.review }
            default: break
            }
        }
        return open
    }

    /// What came to the stage past those before, and must be contained in what comes next.
    func owed(_ subject: PromotionSubject) -> [OpenReview] {
        reviews(of: subject.service).filter {
            $0.stage == subject.stage && $0.gates.contains("upstream") && $0.isDelivered && !$0.isBackfilled && $0.version != subject.version
        }
    }

    func contained(_ subject: PromotionSubject) -> [String] {
        for case .releaseRegistered(let release) in records.map(\.fact)
        where release.service == subject.service && release.version == subject.version { return release.contains }
        return []
    }
}
