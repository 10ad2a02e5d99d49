internal import Patterns
public import WorkflowModel

/// The one evaluator: explain, plan, promote and reconcile ask it, and it never stops at the first gate (`design.md` section 6).
///
/// Pure: everything that it reads is handed in.
public struct Evaluator: Sendable {
    public let workflow: Workflow
    public let service: Service
    /// The stage to be entered.
    public let stage: Stage
    public let release: ReleaseState
    public let state: ServiceState
    /// The services that the release may depend on, by name.
    public let others: [String: ServiceState]
    public let people: People
    /// Who opened, or is about to open, the promotion.
    public let requester: String
    public let ticket: String?
    public let planDigest: String
    public let now: Instant
    public let restrictions: Restrictions
    /// The versions that other services bring to the stage in the same commit, by service: the rest of a train.
    public let joining: [String: String]

    public init(
        workflow: Workflow, service: Service, stage: Stage, release: ReleaseState, state: ServiceState,
        others: [String: ServiceState] = [:], people: People, requester: String, ticket: String?, planDigest: String, now: Instant,
        restrictions: Restrictions = Restrictions(), joining: [String: String] = [:]
    ) {
        self.workflow = workflow
        self.service = service
        self.stage = stage
        self.release = release
        self.state = state
        self.others = others
        self.people = people
        self.requester = requester
        self.ticket = ticket
        self.planDigest = planDigest
        self.now = now
        self.restrictions = restrictions
        self.joining = joining
    }

    var upstream: [Stage] { workflow.upstream(of: stage) }

    /// Every gate between the release and the stage, in a fixed order: upstream, exit by stage, entry, approval, freeze, hold.
    public func gates() -> [Gate] {
        var gates: [Gate] = []
        if !upstream.isEmpty { gates.append(upstreamGate()) }
        for before in upstream {
            for criterion in before.exitCriteria {
                gates.append(
                    gate(criterion, id: "\(before.name).exit.\(criterion.key)", guarded: [before], evidenceOf: [before.name]))
            }
        }
        // A first stage has nothing upstream to have been in; what it asks about the past is about itself.
        let past = upstream.isEmpty ? [stage] : upstream
        let posted = workflow.evidenceStages(entering: stage)
        for criterion in stage.entryCriteria {
            gates.append(
                gate(criterion, id: "\(stage.name).entry.\(criterion.key)", guarded: past, evidenceOf: posted))
        }
        if !stage.approvals.isEmpty || isRejected { gates.append(approvalGate()) }
        gates += [queueGate(), backfillGate()].compactMap(\.self)
        if let settled = rulesGate() { gates.append(settled) }
        gates += [freezeGate(), holdGate()]
        if let yanked = yankGate() { gates.append(yanked) }
        return gates
    }

    private func gate(_ criterion: Criterion, id: String, guarded: [Stage], evidenceOf stages: Set<String>) -> Gate {
        let draft = GateDraft(id: id, criterion: criterion)
        return switch criterion.kind {
        case .number, .text: evidenceGate(draft, of: stages)
        case .soak(let span): worst(guarded.map { healthyTimeGate(draft, in: $0, atLeast: span) })
        case .stable(let name, let span):
            workflow.stage(name).map { healthyTimeGate(draft, in: $0, atLeast: span) }
                ?? draft.gate(.errored, reason: "the workflow has no stage '\(name)'")
        case .upstreamHealth: worst(guarded.map { upstreamHealthGate(draft, in: $0) })
        case .targetHealth: targetHealthGate(draft)
        case .changeTicket(let pattern): ticketGate(draft, pattern: pattern)
        case .dependsOn(let dependency): dependencyGate(draft, dependency)
        case .window(let references): windowGate(draft, references)
        case .pullRequest: pullRequestGate(draft)
        case .checks: checksGate(draft)
        case .condition(let expression): conditionGate(draft, expression, of: stages)
        }
    }

    /// With several upstream stages all must hold; the least favourable one speaks.
    private func worst(_ gates: [Gate]) -> Gate {
        let order: [Verdict] = [.failed, .errored, .waiting, .passed]
        for verdict in order {
            let same = gates.filter { $0.verdict == verdict }
            if let last = same.max(by: { ($0.nextCheck ?? $0.since ?? now) < ($1.nextCheck ?? $1.since ?? now) }) {
                return last
            }
        }
        return gates[0]
    }

    private func upstreamGate() -> Gate {
        let draft = GateDraft(id: "upstream", criterion: "upstream", threshold: upstream.map(\.name).joined(separator: ", "))
        var missing: [String] = []
        for before in upstream {
            switch release.outcomes[before.name] {
            case .succeeded: continue
            case .delivered where isVerified(in: before): continue
            case .failed:
                return draft.gate(
                    .failed, value: "failed in \(before.name)",
                    reason: "\(release.version) failed in \(before.name) and has not succeeded there since")
            case .rolledBack:
                return draft.gate(
                    .failed, value: "rolled back in \(before.name)",
                    reason: "\(release.version) was rolled back in \(before.name) and has not succeeded there since")
            case .delivered: missing.append("\(before.name) is not verified yet")
            case .aborted, nil: missing.append("it has not been in \(before.name)")
            }
        }
        guard missing.isEmpty else {
            let first = upstream.first { [nil, .aborted].contains(release.outcomes[$0.name]) }
            return draft.gate(
                .waiting, reason: "\(release.version) has not passed upstream: \(missing.joined(separator: "; "))",
                clearWith: first.map {
                    "gradus promote \(service.name) --to \($0.name) --version \(release.version)"
                } ?? verificationCommand())
        }
        return draft.gate(.passed, value: "succeeded", reason: "\(release.version) passed \(draft.threshold ?? "")")
    }

    /// The facts say verified although nobody has recorded it yet.
    private func isVerified(in before: Stage) -> Bool {
        if before.rollout != nil { return isRolledOut(in: before) }
        guard let policy = before.health else { return true }
        // Health is no evidence of what a change from outside brought back.
        guard let stay = state.stay(of: release.version, in: before.name), !stay.isBaseline else { return false }
        if case .succeeded = Verification.judge(stay, policy, at: now) { return true }
        return false
    }

    /// A stage with steps is passed after its last one.
    private func isRolledOut(in before: Stage) -> Bool {
        guard let cell = state.cells[before.name], cell.version == release.version else { return false }
        if case .verification(.succeeded) = RolloutJudgement.judge(
            cell, before, isHeld: state.isHeld(in: before.name, at: now), at: now) { return true }
        return false
    }

    private func verificationCommand() -> String? {
        for before in upstream where release.outcomes[before.name] == .delivered {
            return healthCommand(in: before)
        }
        return nil
    }

    func healthCommand(in stage: Stage) -> String {
        let revision = state.stay(of: release.version, in: stage.name)?.commit ?? "SHA"
        return "gradus report \(service.name) \(release.version) --stage \(stage.name) --health Healthy --revision \(revision)"
    }

    /// Nil unless the release was taken back.
    func yankGate() -> Gate? {
        release.yanked.map { yank in
            GateDraft(id: "yank", criterion: "yank", threshold: nil).gate(
                .failed, value: "yanked", reason: "\(release.version) was yanked by \(yank.by): \(yank.reason)", since: yank.at)
        }
    }

    private func ticketGate(_ draft: GateDraft, pattern: String) -> Gate {
        guard let ticket else {
            return draft.gate(
                .waiting, reason: "no change ticket was given",
                clearWith: "gradus promote \(service.name) --to \(stage.name) --version \(release.version) --ticket TICKET")
        }
        do throws(PatternError) {
            let matches = try Pattern(pattern).firstMatch(in: ticket) != nil
            return draft.gate(
                matches ? .passed : .failed, value: ticket,
                reason: matches ? "the ticket matches" : "the ticket '\(ticket)' does not match")
        } catch {
            return draft.gate(.errored, value: ticket, reason: "the pattern is no regular expression: \(error)")
        }
    }
}

/// The parts of a gate that are known before its verdict.
struct GateDraft {
    let id: String
    let criterion: String
    let threshold: String?
    let kind: Criterion.Kind?

    init(id: String, criterion: Criterion) {
        self.id = id
        self.criterion = criterion.key
        threshold = criterion.threshold
        kind = criterion.kind
    }

    init(id: String, criterion: String, threshold: String?) {
        self.id = id
        self.criterion = criterion
        self.threshold = threshold
        kind = nil
    }

    /// How the criterion takes what reports count.
    var reading: EvidenceCounts.Reading? {
        switch kind {
        case .number?: .number
        case .text(let expected)?: ["true", "false"].contains(expected.lowercased()) ? .bool : .verdict
        default: nil
        }
    }

    func gate(
        _ verdict: Verdict, value: String? = nil, reason: String, source: String? = nil, since: Instant? = nil,
        nextCheck: Instant? = nil, clearWith: String? = nil
    ) -> Gate {
        Gate(
            id: id, criterion: criterion, verdict: verdict, value: value, threshold: threshold, reason: reason,
            source: source, since: since, nextCheck: nextCheck, clearWith: clearWith)
    }
}
