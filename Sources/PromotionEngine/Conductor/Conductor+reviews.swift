internal import WorkflowModel

/// A review that stands with the service that it is about.
public struct ServiceReview: Sendable {
    public let service: String
    public let review: Review

    public var json: JSONValue {
        guard case .object(var members) = review.json else { return .null }
        members["service"] = .string(service)
        members["delivered"] = .bool(review.isDelivered)
        members["backfilled"] = .bool(review.isBackfilled)
        return .object(members)
    }
}

extension Conductor {
    /// What was admitted past gates and that nobody has looked at since, of all services or one, oldest first.
    public func reviews(service: String? = nil) throws -> [ServiceReview] {
        let rules = try context(for: service.map { [$0] }).rules
        if let service { _ = try locate(service, in: rules) }
        let state = try ledger.load(LedgerScope(services: service.map { [$0] })).state
        return state.services.flatMap { name, state in state.reviews.map { ServiceReview(service: name, review: $0) } }
            .sorted { ($0.review.since, $0.review.id) < ($1.review.since, $1.review.id) }
    }

    /// Records that somebody looked at what was admitted past gates.
    ///
    /// Throws a usage error when there is no such review, `notPermitted` for the person who broke glass and for those who
    /// may not approve there.
    public func closeReview(_ id: String, reason: String, dryRun: Bool = false) throws -> RecordReport {
        try racing("close the review") {
            let context = try context()
            var snapshot = try decidableState(LedgerScope())
            guard let (name, state) = snapshot.state.services.first(where: { $0.value.reviews.contains { $0.id == id } }),
                let review = state.reviews.first(where: { $0.id == id })
            else { throw PromotionError(.usage, "there is no open review '\(id)'", hint: "`gradus review list` lists them") }
            let (workflow, service, stage) = try locate(name, review.stage, in: context.rules)
            guard try authorize(.approve, workflow, service, stage, version: review.version, context, &snapshot, dryRun: dryRun)
            else { return nil }
            let broke = review.by == initiator.id ? "\(initiator.id) broke glass there and may not review it" : nil
            if let objection = broke ?? reviewObjection(stage, service, context.rules.people) {
                let error = PromotionError(.notPermitted, "\(id) is for somebody else: \(objection)", hint: "ask another person to close it")
                guard
                    try deny(
                        .approve, workflow, service, stage, version: review.version, because: objection, error, &snapshot, dryRun: dryRun)
                else { return nil }
            }
            let closed = ReviewClosed(
                review: id, service: name, version: review.version, stage: review.stage, workflow: workflow.name,
                promotion: review.promotion, reason: reason)
            return try write(
                .reviewClosed(closed), to: &snapshot, next: "`gradus review list` shows what is left", dryRun: dryRun)
        }
    }

    /// A review is for those whose approval would have counted: of any one of the groups that a rule of the stage asks.
    private func reviewObjection(_ stage: Stage, _ service: Service, _ people: People) -> String? {
        let asked = stage.approvals.map { $0.from + $0.required }
        guard !asked.isEmpty, !asked.contains(where: \.isEmpty) else { return nil }
        let groups = asked.flatMap(\.self)
        if groups.contains(where: { people.isMember(initiator.id, of: $0, owner: service.owner) }) { return nil }
        return "\(initiator.id) is not in \(groups.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: " or "))"
    }
}
