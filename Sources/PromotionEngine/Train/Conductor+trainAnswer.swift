internal import WorkflowModel

extension Conductor {
    /// Records a person's answer for every waiting member of a train, one record each, in one append.
    ///
    /// It belongs to each member's release, stage and plan, as if it had been given for the member alone: when one member's
    /// plan changes, the others keep theirs. A member for which the person's answer would not count is left out and named.
    /// Throws `notPermitted` when it would count for none, a usage error when nothing waits, `refused` when the digest that
    /// was given is not that of the combination now.
    public func answer(_ opinion: Opinion, toTrain id: String, dryRun: Bool = false) throws -> RecordReport {
        try racing("record the answer") {
            let context = try context()
            var snapshot = try decidableState(LedgerScope())
            let train = try waitingTrain(id, snapshot.state, context.rules)
            let decision = try decide(train.cells, train.request, context, snapshot, faults: [:])
            let candidates = decision.assembly.candidates
            let digest = digest(of: train, candidates.compactMap(\.reading))
            if let guardDigest = opinion.planDigest, !digest.hasPrefix(guardDigest) {
                throw PromotionError(
                    .refused, "the plan of \(id) is \(digest.prefix(12)), not \(guardDigest.prefix(12))",
                    hint: "look at the train again with `gradus train show \(id)`")
            }
            var facts: [Fact] = []
            var counted = 0
            var left: [String] = []
            for (candidate, promotion) in zip(candidates, train.promotions) {
                guard let reading = candidate.reading else {
                    left.append("\(candidate.service.name) (\(candidate.reason ?? "it cannot be planned"))")
                    continue
                }
                if let objection = objection(to: opinion, candidate, reading, promotion, context, snapshot) {
                    left.append("\(candidate.service.name) (\(objection))")
                    continue
                }
                counted += 1
                if let fact = fact(of: opinion, candidate, reading, promotion, context) { facts.append(fact) }
            }
            if counted == 0, let first = candidates.first {
                let error = PromotionError(
                    .notPermitted, "\(initiator.id) may not answer for \(id): \(left.joined(separator: "; "))",
                    hint: "who can act: `gradus train show \(id)`")
                let isRecorded = try deny(
                    .approve, first.workflow, first.service, first.stage, version: first.version, because: left.first ?? "", error,
                    &snapshot, dryRun: dryRun)
                guard isRecorded else { return nil }
            }
            let next = advice(counted, candidates.count, left, train)
            if facts.isEmpty { return RecordReport(record: nil, next: next) }
            if dryRun { return RecordReport(record: nil, next: "dry run: nothing was recorded; \(next)", isPlanned: true) }
            guard let records = try append(facts, to: &snapshot) else { return nil }
            return RecordReport(record: records.last, next: next, records: records)
        }
    }

    /// Closes every waiting member of a train. Throws `refused` once it is admitted: then it is finished first.
    public func abort(train id: String, reason: String, dryRun: Bool = false) throws -> RecordReport {
        try racing("abort the train") {
            let context = try context()
            var snapshot = try decidableState(LedgerScope())
            let isAdmitted = snapshot.state.services.values.flatMap(\.open).contains { $0.train?.id == id && $0.phase == .admitted }
            if isAdmitted {
                throw PromotionError(
                    .refused, "\(id) is admitted already and cannot be aborted",
                    hint: "`gradus reconcile` finishes it; `gradus rollback --train \(id) --reason WHY` goes back")
            }
            let train = try waitingTrain(id, snapshot.state, context.rules)
            let next = "\(train.promotions.count) promotions; run it again with `gradus train run --from \(train.from) --to \(train.cells[0].stage.name)`"
            if dryRun { return RecordReport(record: nil, next: "dry run: nothing was recorded; \(next)", isPlanned: true) }
            let facts = train.promotions.map { Fact.aborted(PromotionClosed(subject: $0.subject, reason: reason)) }
            guard let records = try append(facts, to: &snapshot) else { return nil }
            return RecordReport(record: records.last, next: next, records: records)
        }
    }

    private func waitingTrain(_ id: String, _ state: LedgerState, _ rules: Rules) throws -> WaitingTrain {
        if let train = waitingTrains(in: state, rules).first(where: { $0.ticket.id == id }) { return train }
        throw PromotionError(
            .usage, "no member of \(id) waits", hint: "`gradus train show \(id)` tells what became of it; SERVICE@STAGE works too")
    }

    /// Why the answer would not count for this member.
    private func objection(
        to opinion: Opinion, _ candidate: TrainCandidate, _ reading: TrainCandidate.Reading, _ promotion: Promotion, _ context: Context,
        _ snapshot: LedgerSnapshot
    ) -> String? {
        if opinion.withdraw { return nil }
        let people = context.rules.people
        if opinion.answer == .approve,
            let objection = people.objection(to: .approve, by: initiator.id, service: candidate.service, stage: candidate.stage.name)
        {
            return objection
        }
        let evaluator = Evaluator(
            workflow: candidate.workflow, service: candidate.service, stage: candidate.stage, release: reading.release,
            state: snapshot.state.service(candidate.service.name), others: snapshot.state.services, people: people,
            requester: promotion.requester, ticket: nil, planDigest: reading.planDigest, now: pace.now,
            restrictions: reading.restrictions)
        return switch opinion.answer {
        case .approve: evaluator.objection(toApprovalBy: initiator.id) ?? objectionToSigning(candidate)
        case .reject: evaluator.objection(toRejectionBy: initiator.id)
        }
    }

    private func objectionToSigning(_ candidate: TrainCandidate) -> String? {
        do {
            try checkSigning(for: candidate.stage, candidate.service)
            return nil
        } catch let error as PromotionError {
            return error.message
        } catch {
            return "\(error)"
        }
    }

    /// Nil when the ledger says the same already.
    private func fact(
        of opinion: Opinion, _ candidate: TrainCandidate, _ reading: TrainCandidate.Reading, _ promotion: Promotion, _ context: Context
    ) -> Fact? {
        let release = reading.release
        let decision = ApprovalDecision(
            service: candidate.service.name, version: release.version, stage: candidate.stage.name, workflow: candidate.workflow.name,
            digest: release.release.digest, planDigest: reading.planDigest, promotion: promotion.id, reason: opinion.reason)
        let list = opinion.answer == .approve ? release.approvals : release.rejections
        let stands = list.contains {
            $0.person == initiator.id && $0.stage == decision.stage && $0.planDigest == decision.planDigest
        }
        // An approval that does not count for want of a signature is given anew.
        let isCounted = opinion.answer == .reject || !needsSignature(release, candidate.stage, context.rules.people)
        guard opinion.withdraw ? stands : !(stands && isCounted) else { return nil }
        return switch (opinion.answer, opinion.withdraw) {
        case (.approve, false): .approvalGiven(decision)
        case (.approve, true): .approvalWithdrawn(decision)
        case (.reject, false): .rejected(decision)
        case (.reject, true): .rejectionWithdrawn(decision)
        }
    }

    private func advice(_ counted: Int, _ count: Int, _ left: [String], _ train: WaitingTrain) -> String {
        let heard = left.isEmpty ? "it counts for all \(count) members" : "it counts for \(counted) of \(count) members, not for \(left.joined(separator: ", "))"
        return "\(heard); `gradus train run --from \(train.from) --to \(train.cells[0].stage.name)` or `gradus reconcile` goes on when all gates hold"
    }
}
