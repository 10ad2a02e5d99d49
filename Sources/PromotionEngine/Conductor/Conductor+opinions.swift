internal import WorkflowModel

/// What `approve` and `reject` name: a promotion by its id, or a service and a stage.
public enum OpinionTarget: Sendable, Hashable {
    case promotion(String)
    case cell(service: String, stage: String)

    /// Reads `SERVICE@STAGE`; anything without `@` is an id.
    public init(_ text: String) {
        guard let at = text.lastIndex(of: "@") else {
            self = .promotion(text)
            return
        }
        self = .cell(service: String(text[..<at]), stage: String(text[text.index(after: at)...]))
    }

    /// The services that it may speak of. An id is SERVICE-STAGE-NUMBER, and names may hold `-` too.
    var services: Set<String> {
        switch self {
        case .cell(let service, _): [service]
        case .promotion(let id): Set(id.indices.filter { id[$0] == "-" && $0 != id.startIndex }.map { String(id[..<$0]) })
        }
    }
}

/// A person's answer with its guards.
public struct Opinion: Sendable {
    public enum Answer: Sendable { case approve, reject }

    public var answer: Answer
    public var withdraw: Bool
    public var reason: String?
    /// Refuse unless the promotion is about this version.
    public var version: String?
    /// Refuse unless this is the plan's digest, or its beginning.
    public var planDigest: String?

    public init(
        _ answer: Answer, withdraw: Bool = false, reason: String? = nil, version: String? = nil,
        planDigest: String? = nil
    ) {
        self.answer = answer
        self.withdraw = withdraw
        self.reason = reason
        self.version = version
        self.planDigest = planDigest
    }
}

extension Conductor {
    /// Records an approval or rejection, or takes one back. It belongs to release, stage and plan, not to one attempt.
    ///
    /// Throws `notPermitted` when no rule of the stage would count the person's approval, a usage error when there is
    /// nothing to answer, `refused` when a guard does not fit.
    public func answer(_ opinion: Opinion, to target: OpinionTarget, dryRun: Bool = false) throws -> RecordReport {
        try racing("record the answer") {
            let context = try context(for: target.services)
            let (name, place) = try resolve(target, context.rules)
            let cell = PromotionTarget(service: name, stage: place, version: opinion.version)
            var snapshot = try decidableState(try scope(of: cell, in: context.rules))
            let (workflow, service, stage) = try locate(name, place, in: context.rules)
            if !opinion.withdraw, opinion.answer == .approve {
                let isRead = try authorize(
                    .approve, workflow, service, stage, version: opinion.version, context, &snapshot, dryRun: dryRun)
                guard isRead else { return nil }
            }
            let state = snapshot.state.service(name)
            let open = state.undelivered(place)
            if let version = opinion.version, let open, open.version != version {
                throw PromotionError(
                    .refused, "the open promotion of \(name) to \(place) is about \(open.version), not \(version)",
                    hint: "look at it with `gradus explain \(name) --to \(place)`")
            }
            let request = PromotionRequest(requester: open?.requester ?? "", trigger: .manual)
            let considered = try consider(cell, request, context, snapshot)
            if let guardDigest = opinion.planDigest, !considered.planDigest.hasPrefix(guardDigest) {
                throw PromotionError(
                    .refused, "the plan is \(considered.planDigest.prefix(12)), not \(guardDigest.prefix(12))",
                    hint: "look at the plan again with `gradus plan \(name) --to \(place)`")
            }
            let evaluator = Evaluator(
                workflow: workflow, service: service, stage: stage, release: considered.release, state: state,
                others: snapshot.state.services, people: context.rules.people, requester: open?.requester ?? "", ticket: nil,
                planDigest: considered.planDigest, now: pace.now,
                restrictions: restrictions(
                    context, snapshot, signatures: signatures(of: considered.release, for: stage, context.rules.people)))
            let objection =
                switch opinion.answer {
                case .approve: evaluator.objection(toApprovalBy: initiator.id)
                case .reject: evaluator.objection(toRejectionBy: initiator.id)
                }
            if !opinion.withdraw, let objection {
                let error = PromotionError(
                    .notPermitted, "\(initiator.id) may not answer for \(name) to \(place): \(objection)",
                    hint: "who can act: `gradus explain \(name) --to \(place)`")
                let isRecorded = try deny(
                    .approve, workflow, service, stage, version: considered.release.version, because: objection, error,
                    &snapshot, dryRun: dryRun)
                guard isRecorded else { return nil }
            }
            if !opinion.withdraw, opinion.answer == .approve { try checkSigning(for: stage, service) }
            let decision = ApprovalDecision(
                service: name, version: considered.release.version, stage: place, workflow: workflow.name,
                digest: considered.release.release.digest, planDigest: considered.planDigest, promotion: open?.id,
                reason: opinion.reason)
            return try record(opinion, decision, considered.release, stage, context.rules.people, &snapshot, dryRun)
        }
    }

    /// What an answer would be about: the open promotion, or the one that could be opened now, with its files.
    public func previewAnswer(to target: OpinionTarget, version: String? = nil) throws -> (report: PromotionReport, plan: EditPlan) {
        let (service, stage) = try resolve(target, try context().rules)
        let open = try ledger.load(.service(service)).state.service(service).undelivered(stage)
        let request = PromotionRequest(requester: open?.requester ?? initiatorID, trigger: open?.trigger ?? .manual)
        return try previewFiles(PromotionTarget(service: service, stage: stage, version: version ?? open?.version), request)
    }

    private func record(
        _ opinion: Opinion, _ decision: ApprovalDecision, _ release: ReleaseState, _ stage: Stage, _ people: People,
        _ snapshot: inout LedgerSnapshot, _ dryRun: Bool
    ) throws -> RecordReport? {
        let list = opinion.answer == .approve ? release.approvals : release.rejections
        let stands = list.contains {
            $0.person == initiator.id && $0.stage == decision.stage && $0.planDigest == decision.planDigest
        }
        // An approval that does not count for want of a signature is given anew.
        let isCounted = opinion.answer == .reject || !needsSignature(release, stage, people)
        let fact: Fact =
            switch (opinion.answer, opinion.withdraw) {
            case (.approve, false): .approvalGiven(decision)
            case (.approve, true): .approvalWithdrawn(decision)
            case (.reject, false): .rejected(decision)
            case (.reject, true): .rejectionWithdrawn(decision)
            }
        let promote = "`gradus promote \(decision.service) --to \(decision.stage)` or `gradus reconcile` goes on when all gates hold"
        if opinion.withdraw, !stands {
            throw PromotionError(
                .usage, "\(initiator.id) has given no such answer for \(decision.service) \(decision.version) to \(decision.stage)",
                hint: "what stands: `gradus explain \(decision.service) --to \(decision.stage)`")
        }
        let rejecting = release.rejections.filter { $0.stage == decision.stage && $0.planDigest == decision.planDigest }.map(\.person)
        let next =
            switch (opinion.answer, opinion.withdraw) {
            case (.reject, false):
                "it stays rejected until `gradus reject \(decision.service)@\(decision.stage) --withdraw`, or until the plan changes"
            case (.approve, false) where !rejecting.isEmpty:
                "a rejection by \(rejecting.joined(separator: ", ")) stands: nothing goes on until "
                    + "`gradus reject \(decision.service)@\(decision.stage) --withdraw` takes it back"
            case (.approve, false) where stage.approvals.isEmpty:
                "no gate of \(decision.stage) asks for an approval; \(promote)"
            default: promote
            }
        if stands, isCounted, !opinion.withdraw { return RecordReport(record: nil, next: next) }
        return try write(fact, to: &snapshot, next: next, dryRun: dryRun)
    }

    func resolve(_ target: OpinionTarget, _ rules: Rules) throws -> (service: String, stage: String) {
        switch target {
        case .cell(let service, let stage): return (service, stage)
        case .promotion(let id):
            let state = try decidableState(LedgerScope(services: target.services)).state
            if let promotion = state.services.values.flatMap(\.open).first(where: { $0.id == id }) {
                return (promotion.service, promotion.stage)
            }
            throw PromotionError(
                .usage, "no open promotion has the id '\(id)'",
                hint: "`gradus status` lists the open ones; SERVICE@STAGE works too")
        }
    }
}
