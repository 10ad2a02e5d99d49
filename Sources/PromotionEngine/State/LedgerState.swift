internal import WorkflowModel

/// The fold of the ledger's records: everything that decisions read (`design.md` section 4).
public struct LedgerState: Sendable, Hashable {
    /// By service. After a partial load only those that were asked for.
    public internal(set) var services: [String: ServiceState] = [:]
    /// Types of records that this engine does not know. Not empty: nothing may be decided.
    public internal(set) var unknownTypes: Set<String> = []

    /// In the order in which they were added; those long over are dropped.
    public internal(set) var freezes: [Freeze] = []

    /// The last denials that are about no single service, oldest first, at most `ServiceState.recentLimit`.
    public internal(set) var denials: [Denial] = []

    /// What readers call persons, in the order in which it was given, one for each person.
    public internal(set) var pseudonyms: [SubjectPseudonymised] = []

    /// Blob ids of the rule files that records name, by path, as of the last change on record.
    public internal(set) var ruleFiles: [String: String] = [:]

    /// How long a freeze that is over is remembered.
    private static let freezeMemory = TimeSpan.days(90)

    public init() {}

    public init(services: [String: ServiceState]) { self.services = services }

    public func service(_ name: String) -> ServiceState { services[name] ?? ServiceState() }

    /// Folds one more record. Records come in order of `seq`.
    ///
    /// - Parameter names: the services whose state is kept, nil: all; what is about no single one is folded whatever they are.
    public mutating func apply(_ record: LedgerRecord, of names: Set<String>? = nil) {
        if case .unknown(let type, _) = record.fact { unknownTypes.insert(type) }
        switch record.fact {
        case .freezeAdded(let freeze):
            freezes.removeAll { $0.until.map { $0 + Self.freezeMemory < record.at } ?? false }
            freezes.append(freeze)
        case .freezeRemoved(let removed): freezes.removeAll { $0.id == removed.id }
        case .subjectPseudonymised(let given):
            pseudonyms.removeAll { $0.subject == given.subject }
            pseudonyms.append(given)
        case .denied(let denied) where denied.service == nil:
            denials.append(Denial(denied, person: record.initiator.id, rules: record.rules))
            if denials.count > ServiceState.recentLimit { denials.removeFirst() }
        default: break
        }
        for (path, blob) in record.rules where ruleFiles[path] == nil { ruleFiles[path] = blob }
        if case .rulesChanged(let changed) = record.fact {
            for path in changed.from.keys { ruleFiles[path] = changed.to[path] }
        }
        guard let name = record.service, names?.contains(name) ?? true else { return }
        services[name, default: ServiceState()].apply(record)
    }
}

extension ServiceState {
    mutating func apply(_ record: LedgerRecord) {
        switch record.fact {
        case .segmentOpened, .segmentSealed, .unknown, .freezeAdded, .freezeRemoved, .rulesChanged, .subjectPseudonymised: break
        case .holdAdded(let hold): holds.append(Hold(hold, at: record.at))
        case .holdRemoved(let removed): holds.removeAll { $0.id == removed.id }
        case .releaseYanked(let yanked):
            releases[yanked.version]?.yanked = .init(by: record.initiator.id, at: record.at, reason: yanked.reason)
            recentVersions.removeAll { $0 == yanked.version }
        case .rolledBack(let closed):
            close(closed, .rolledBack)
            changeReviews(of: closed.subject.promotion) { $0.isDelivered = false }
        case .reviewClosed(let closed): reviews.removeAll { $0.id == closed.review }
        case .releaseRegistered(let release): register(release, record)
        case .evidencePosted(let posted): post(posted, record)
        case .healthObserved(let health): observe(health, record)
        case .requested(let requested): request(requested, record)
        case .proposed(let proposed):
            change(proposed.subject.promotion) { promotion in
                promotion.phase = .proposed
                promotion.planDigest = proposed.planDigest
                promotion.proposal = Proposal(proposed)
                promotion.admission = nil
            }
        case .proposalObserved(let observed): observe(observed)
        case .admitted(let admitted):
            change(admitted.subject.promotion) { promotion in
                // What people merge themselves stays proposed: that it may be merged binds nobody to do it now.
                promotion.phase = promotion.isMergedByPeople ? .proposed : .admitted
                promotion.planDigest = admitted.planDigest
                promotion.admission = .init(
                    at: record.at, base: admitted.base, approvedBy: admitted.approvedBy, head: admitted.head)
                promotion.train = admitted.train
            }
            openReview(admitted, record)
        case .delivered(let delivered): deliver(delivered, record)
        case .succeeded(let closed): close(closed, .succeeded)
        case .failed(let closed): close(closed, .failed)
        case .withdrawn(let closed):
            change(closed.subject.promotion) { promotion in
                promotion.phase = promotion.proposal == nil ? .pending : .proposed
                promotion.withdrawnBase = promotion.admission?.base ?? promotion.withdrawnBase
                promotion.admission = nil
                promotion.proposal?.declined = .init(at: record.at, reason: closed.reason)
            }
        case .superseded(let closed): open.removeAll { $0.id == closed.subject.promotion }
        case .aborted(let closed):
            open.removeAll { $0.id == closed.subject.promotion }
            if releases[closed.subject.version]?.outcomes[closed.subject.stage] == nil {
                releases[closed.subject.version]?.note(.aborted, in: closed.subject.stage)
            }
        case .externalChange(let change): changeOutside(change, record)
        case .stepDelivered(let delivered): advance(delivered, record)
        case .syncPaused(let paused): pauses.append(SyncPause(paused, since: record.at))
        case .syncResumed(let resumed): pauses.removeAll { $0.paused.subject.promotion == resumed.subject.promotion }
        case .hookOwed(let owed): owedHooks.append(OwedHook(owed, since: record.at))
        case .hookCalled(let called): note(called)
        case .driftAdopted(let adopted): cells[adopted.stage]?.isExternal = false
        case .rejected(let decision):
            opine(decision, record, into: \.rejections)
            open.removeAll { $0.id == decision.promotion && $0.isPending }
        case .rejectionWithdrawn(let decision): retract(decision, record, from: \.rejections)
        case .approvalGiven(let decision): opine(decision, record, into: \.approvals)
        case .approvalWithdrawn(let decision): retract(decision, record, from: \.approvals)
        case .baselineAdopted(let baseline): adopt(baseline, record)
        case .denied(let denied):
            denials.append(Denial(denied, person: record.initiator.id, rules: record.rules))
            if denials.count > Self.recentLimit { denials.removeFirst() }
        }
    }

    mutating func observe(_ observed: ProposalObserved) {
        change(observed.subject.promotion) { promotion in
            if promotion.proposal?.head == observed.head { promotion.proposal?.observed = observed }
        }
    }

    private mutating func register(_ release: Release, _ record: LedgerRecord) {
        guard releases[release.version] == nil else { return }
        recentVersions.append(release.version)
        if recentVersions.count > Self.recentLimit { recentVersions.removeFirst() }
        releases[release.version] = ReleaseState(
            release: release, registeredSeq: record.seq, registeredAt: record.at, registeredBy: record.initiator.id)
    }

    private mutating func post(_ posted: EvidencePosted, _ record: LedgerRecord) {
        for (key, value) in posted.values.sorted(by: { $0.key < $1.key }) {
            releases[posted.version]?.evidence.append(
                .init(
                    key: key, value: value, stage: posted.stage, seq: record.seq, at: record.at,
                    postedBy: record.initiator.id, ciURL: posted.ciURL, file: posted.files.first { $0.key == key },
                    part: posted.part, run: posted.run))
        }
    }

    private mutating func observe(_ health: HealthObserved, _ record: LedgerRecord) {
        // Until the first promotion the files may be changed by hand: the baseline is what they hold now.
        let before = cells[health.stage]
        if health.baseline, before.map({ $0.adopted && $0.version != health.version }) ?? true {
            cells[health.stage] = Cell(
                version: health.version, adopted: true,
                stay: Stay(promotion: nil, commit: health.revision, since: record.at), edits: [])
        }
        guard let cell = cells[health.stage], cell.version == health.version,
            cell.adopted ? health.baseline : health.promotion == cell.stay.promotion
        else { return }
        cells[health.stage]?.stay.observations.append(.init(health, at: record.at))
    }

    /// What was observed of the same version before stays.
    private mutating func adopt(_ baseline: BaselineAdopted, _ record: LedgerRecord) {
        if let cell = cells[baseline.stage], !cell.adopted { return }
        var stay = Stay(promotion: nil, commit: baseline.commit, since: record.at)
        if let before = cells[baseline.stage], before.version == baseline.version { stay = before.stay }
        cells[baseline.stage] = Cell(
            version: baseline.version, adopted: true, stay: stay, edits: [], mixed: baseline.mixed, isOutright: true)
    }

    private mutating func request(_ requested: PromotionRequested, _ record: LedgerRecord) {
        if open.contains(where: { $0.id == requested.subject.promotion }) {
            // Asked for again: only what the request says of itself may have changed.
            change(requested.subject.promotion) { promotion in
                promotion.reason = requested.reason
                promotion.ticket = requested.ticket
                promotion.breakGlass = .init(requested, by: record.initiator.id) ?? promotion.breakGlass
                promotion.train = requested.train ?? promotion.train
            }
            return
        }
        var promotion = Promotion(
            subject: requested.subject, from: requested.from, requester: requested.requester,
            trigger: requested.trigger, requestedAt: record.at, reason: requested.reason, ticket: requested.ticket,
            phase: .pending, planDigest: requested.planDigest)
        promotion.breakGlass = .init(requested, by: record.initiator.id)
        promotion.train = requested.train
        open.append(promotion)
    }

    private mutating func deliver(_ delivered: PromotionDelivered, _ record: LedgerRecord) {
        let subject = delivered.subject
        if cells[subject.stage]?.adopted ?? true, !delivered.unchanged, baselines[subject.stage] == nil {
            baselines[subject.stage] = Baseline(version: cells[subject.stage]?.version, endedBy: delivered.commit)
        }
        if cells[subject.stage]?.version != subject.version { endStay(in: subject.stage, record, by: delivered.commit) }
        open.removeAll { $0.stage == subject.stage && $0.phase == .verifying && $0.id != subject.promotion }
        cells[subject.stage] = Cell(
            version: subject.version, adopted: false,
            stay: Stay(promotion: subject.promotion, commit: delivered.commit, since: record.at),
            edits: delivered.edits)
        if let promotion = open.first(where: { $0.id == subject.promotion }), !promotion.trigger.putsBack,
            let base = promotion.admission?.base ?? promotion.withdrawnBase
        {
            ruleBases[subject.stage] = base
        }
        cells[subject.stage]?.rollout = delivered.step.map { RolloutState(step: $0, since: record.at) }
        releases[subject.version]?.note(.delivered, in: subject.stage)
        changeReviews(of: subject.promotion) { $0.isDelivered = true }
        if let contained = releases[subject.version]?.release.contains, !contained.isEmpty {
            for position in reviews.indices where reviews[position].stage == subject.stage && contained.contains(reviews[position].version) {
                reviews[position].isBackfilled = true
            }
        }
        change(subject.promotion) { promotion in
            promotion.phase = .verifying
            promotion.commit = delivered.commit
        }
    }

    /// What stands now was brought by nobody's promotion: the release's stay ends, and nothing that follows is evidence of it.
    private mutating func changeOutside(_ change: ExternalChange, _ record: LedgerRecord) {
        let before = cells[change.stage]
        endStay(in: change.stage, record, by: change.commit)
        open.removeAll { $0.stage == change.stage && $0.phase == .verifying }
        var cell = Cell(
            version: change.version ?? Cell.unknownVersion, adopted: false, isExternal: true,
            stay: Stay(promotion: nil, commit: change.commit, since: record.at), edits: change.edits)
        // A version that was never registered comes by a promotion only as the baseline, and leaves no stay behind.
        cell.coversBaseline = before.map { $0.stay.promotion == nil ? $0.coversBaseline : releases[$0.version] == nil } ?? false
        cells[change.stage] = cell
    }

    private mutating func endStay(in stage: String, _ record: LedgerRecord, by commit: String) {
        guard let before = cells[stage] else { return }
        // What a later change from outside left standing of a promoted version does not take the place of its own stay.
        if before.stay.promotion == nil, releases[before.version]?.finishedStays[stage]?.promotion != nil { return }
        var stay = before.stay
        // Only time with all of the stage counts as a stay.
        if let rollout = before.rollout { stay.observations = rollout.step.isLast ? before.stayInStep.observations : [] }
        stay.until = record.at
        stay.ended = .init(commit: commit, seq: record.seq)
        releases[before.version]?.finishedStays[stage] = stay
    }

    private mutating func close(_ closed: PromotionClosed, _ outcome: ReleaseState.Outcome) {
        releases[closed.subject.version]?.note(outcome, in: closed.subject.stage)
        open.removeAll { $0.id == closed.subject.promotion }
    }

    private mutating func change(_ id: String, _ body: (inout Promotion) -> Void) {
        guard let position = open.firstIndex(where: { $0.id == id }) else { return }
        body(&open[position])
    }

    private mutating func opine(
        _ decision: ApprovalDecision, _ record: LedgerRecord,
        into list: WritableKeyPath<ReleaseState, [ReleaseState.Opinion]>
    ) {
        retract(decision, record, from: list)
        releases[decision.version]?[keyPath: list].append(
            .init(
                person: record.initiator.id, name: record.initiator.name, stage: decision.stage,
                digest: decision.digest, planDigest: decision.planDigest, at: record.at, reason: decision.reason,
                seq: record.seq, via: decision.via))
    }

    private mutating func retract(
        _ decision: ApprovalDecision, _ record: LedgerRecord,
        from list: WritableKeyPath<ReleaseState, [ReleaseState.Opinion]>
    ) {
        releases[decision.version]?[keyPath: list].removeAll {
            $0.person == record.initiator.id && $0.stage == decision.stage && $0.planDigest == decision.planDigest
        }
    }
}
