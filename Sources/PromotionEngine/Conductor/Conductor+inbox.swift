internal import WorkflowModel

/// Something that waits for one person.
public struct InboxItem: Sendable {
    public enum Kind: String, Sendable {
        /// The person's approval would count.
        case approve
        /// What was admitted past gates is to be looked at.
        case review
        /// A promotion that the person asked for waits.
        case waiting
        /// A hold of the person stands.
        case hold
        /// What the person's service has in a stage failed there.
        case failed
    }

    public let kind: Kind
    public let service: String
    public let stage: String
    public let version: String
    /// Of the promotion, review or hold; nil where there is none.
    public let id: String?
    public let since: Instant?
    public let reason: String
    /// Commands of which each takes away something that stands in the way.
    public let commands: [String]

    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "service": .string(service), "stage": .string(stage), "version": .string(version),
            "id": .optional(id), "since": .optional(since?.description), "reason": .string(reason),
            "clear_with": .array(commands.map(JSONValue.string)),
        ]
    }
}

extension Conductor {
    /// What needs the person who asks, most urgent kinds first. Writes nothing.
    public func inbox() throws -> [InboxItem] {
        let context = try context()
        let workflows = context.rules.workflows
        let dependencies = workflows.reduce(into: Set<String>()) { $0.formUnion($1.dependencies) }
        var scope = LedgerScope(services: dependencies.union(context.rules.serviceNames))
        if workflows.contains(where: \.isSeedForm) { scope.services = nil }
        let snapshot = try decidableState(scope)
        let joint = try jointDecisions(context, snapshot)
        var items: [InboxItem] = []
        for (name, state) in snapshot.state.services.sorted(by: { $0.key < $1.key }) {
            // A service that is declared no more waits for nobody.
            guard let workflow = context.rules.workflow(of: name), let service = workflow.service(name) else { continue }
            for stage in workflow.stages { items += try needs(workflow, service, stage, state, joint, context, snapshot) }
        }
        let order: [InboxItem.Kind] = [.approve, .review, .failed, .waiting, .hold]
        return order.flatMap { kind in items.filter { $0.kind == kind } }
    }

    private func needs(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ joint: [String: JointDecision],
        _ context: Context, _ snapshot: LedgerSnapshot
    ) throws -> [InboxItem] {
        var items: [InboxItem] = []
        let people = context.rules.people
        let place = "\(service.name)@\(stage.name)"
        if let (version, requester, open) = waiting(workflow, stage, state) {
            let target = PromotionTarget(service: service.name, stage: stage.name, version: version)
            let request = PromotionRequest(requester: requester, trigger: open?.trigger ?? .automation)
            let considered = try consider(target, request, context, snapshot)
            let train = open.flatMap { joint[$0.id] }
            let gates = (train?.gates ?? considered.decision.gates).filter { $0.verdict != .passed && !$0.isSkipped }
            if let approval = gates.first(where: { $0.id == "approval" && $0.verdict == .waiting }),
                mayStillApprove(considered, workflow, service, stage, state, requester, context, snapshot)
            {
                items.append(
                    InboxItem(
                        kind: .approve, service: service.name, stage: stage.name, version: version, id: open?.id, since: open?.requestedAt,
                        reason: approval.reason + (open?.proposal?.proposed.url.map { "; \($0)" } ?? ""),
                        commands: [train?.approval ?? "gradus approve \(place) --plan \(considered.planDigest.prefix(12))"]))
            }
            if let open, open.isMergedByPeople, gates.isEmpty, let branch = open.proposal?.branch, open.requester == initiator.id {
                items.append(
                    InboxItem(
                        kind: .waiting, service: service.name, stage: stage.name, version: version, id: open.id, since: open.requestedAt,
                        reason: "all gates hold: merge \(branch)", commands: ["gradus reconcile --service \(service.name)"]))
            }
            if let open, open.requester == initiator.id, !gates.isEmpty {
                items.append(
                    InboxItem(
                        kind: .waiting, service: service.name, stage: stage.name, version: version, id: open.id, since: open.requestedAt,
                        reason: gates.map { "\($0.id): \($0.reason)" }.joined(separator: "; "),
                        commands: gates.compactMap(\.clearWith)))
            }
        }
        let reviews = people.objection(to: .approve, by: initiator.id, service: service, stage: stage.name) == nil
            ? state.reviews.filter { $0.stage == stage.name && $0.by != initiator.id } : []
        items += reviews.map { review in
            InboxItem(
                kind: .review, service: service.name, stage: stage.name, version: review.version, id: review.id, since: review.since,
                reason: "admitted past \(review.gates.joined(separator: ", ")) by \(review.by): \(review.reason)",
                commands: ["gradus review close \(review.id) --reason WHY"])
        }
        items += state.holds.filter { $0.stage == stage.name && $0.owner == initiator.id && $0.isActive(at: pace.now) }.map { hold in
            InboxItem(
                kind: .hold, service: service.name, stage: stage.name, version: state.cells[stage.name]?.version ?? "", id: hold.id,
                since: hold.since, reason: hold.reason, commands: ["gradus resume \(service.name) --stage \(stage.name)"])
        }
        let isOwner = people.isMember(initiator.id, of: "service-owner", owner: service.owner)
        if isOwner, let cell = state.cells[stage.name], state.releases[cell.version]?.outcomes[stage.name] == .failed {
            items.append(
                InboxItem(
                    kind: .failed, service: service.name, stage: stage.name, version: cell.version, id: cell.stay.promotion,
                    since: cell.stay.observations.last?.at, reason: "\(cell.version) failed in \(stage.name) and is still there",
                    commands: ["gradus rollback \(service.name) --stage \(stage.name) --reason WHY"]))
        }
        return items
    }

    /// The version that waits for its stage: that of the open promotion, else what automation would take.
    private func waiting(
        _ workflow: Workflow, _ stage: Stage, _ state: ServiceState
    ) -> (version: String, requester: String, open: Promotion?)? {
        if let open = state.undelivered(stage.name) { return open.isPending ? (open.version, open.requester, open) : nil }
        let choice = VersionChoice(workflow: workflow, stage: stage, state: state)
        guard stage.autoPromote, !stage.approvals.isEmpty, let version = choice.incoming, let release = state.releases[version],
            choice.automationMayEnter(version, present: state.cells[stage.name]?.version), version != state.cells[stage.name]?.version
        else { return nil }
        return (version, release.registeredBy, nil)
    }

    private func mayStillApprove(
        _ considered: Consideration, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ requester: String,
        _ context: Context, _ snapshot: LedgerSnapshot
    ) -> Bool {
        guard context.rules.people.objection(to: .approve, by: initiator.id, service: service, stage: stage.name) == nil else { return false }
        let evaluator = Evaluator(
            workflow: workflow, service: service, stage: stage, release: considered.release, state: state,
            others: snapshot.state.services, people: context.rules.people, requester: requester, ticket: nil,
            planDigest: considered.planDigest, now: pace.now, restrictions: restrictions(
                context, snapshot, signatures: signatures(of: considered.release, for: stage, context.rules.people)))
        return evaluator.objection(toApprovalBy: initiator.id) == nil && !evaluator.approvers().contains(initiator.id)
    }
}
