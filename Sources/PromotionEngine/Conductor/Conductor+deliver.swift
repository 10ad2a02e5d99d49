public import WorkflowModel

/// How the delivery of one admitted promotion ended.
enum DeliveryEnding {
    case delivered(commit: String, Phase)
    /// Back to pending: what was admitted is not what would be written now.
    case withdrawn(reason: String)
    case failed(PromotionError)
}

extension Conductor {
    /// An admission without a deploy commit lapses after this time (`design.md` section 4).
    public static let admissionLapse = TimeSpan.minutes(10)

    /// Writes admitted promotions to the target branch and records it, whoever admitted them.
    ///
    /// The ledger is read again right before each push: what was withdrawn or finished meanwhile is left out of the
    /// answer. Returns how each ended, by id.
    func deliver(_ ids: Set<String>, scope: LedgerScope) throws -> [String: DeliveryEnding] {
        var endings: [String: DeliveryEnding] = [:]
        var remaining = ids
        var scope = scope
        defer { underWay([]) }
        while !remaining.isEmpty {
            underWay(remaining.sorted())
            remaining = try passHooks(remaining, scope: scope, &endings)
            remaining = try pauseSyncs(remaining, scope: scope, &endings)
            if remaining.isEmpty { break }
            remaining = try racing("deliver \(remaining.sorted().joined(separator: ", "))") {
                try deliverRound(remaining, scope: &scope, &endings)
            }
        }
        return endings
    }

    /// One move of the target branch. Returns what is left for another; nil when a race was lost.
    ///
    /// How a promotion ended is kept in `endings` as soon as it is on record, so that a race lost afterwards forgets nothing.
    private func deliverRound(
        _ ids: Set<String>, scope: inout LedgerScope, _ endings: inout [String: DeliveryEnding]
    ) throws -> Set<String>? {
        var context = try context(for: scope.services)
        var snapshot = try decidableState(scope)
        var promotions = snapshot.state.admitted(ids)
        if !snapshot.state.holdsTrains(of: promotions) {
            // The one commit of a train holds all its members, whoever asked for one of them.
            scope = LedgerScope()
            context = try self.context()
            snapshot = try decidableState(scope)
        }
        promotions = snapshot.state.admitted(ids, with: Set(promotions.compactMap { $0.train?.id }))
        // What stands before a delivery is asked for all that go along first.
        let others = promotions.map(\.id).filter { !ids.contains($0) && endings[$0] == nil }
        if !others.isEmpty { return ids.union(others) }
        var round = DeliveryRound()
        for group in promotions.byTrain {
            guard let promotion = group.first else { continue }
            if promotion.train != nil {
                guard try prepareTrain(group, context, &snapshot, &round, &endings) else { return nil }
                continue
            }
            do {
                switch try prepare(promotion, context, snapshot) {
                case .write(let delivery): round.add([delivery])
                case .found(let fact): round.delivered.append((promotion, fact))
                case .merge(let delivery):
                    switch try merge(promotion, delivery, scope) {
                    case nil: return nil
                    case .landed(let commit)?:
                        let edits = promotion.proposal?.proposed.edits ?? delivery.plan.edits
                        round.delivered.append((promotion, PromotionDelivered(subject: promotion.subject, commit: commit, edits: edits)))
                    case .declined(let reason)?:
                        guard try withdraw(promotion, reason, &snapshot) else { return nil }
                        endings[promotion.id] = .withdrawn(reason: reason)
                    }
                case .changed(let reason):
                    guard try withdraw(promotion, reason, &snapshot) else { return nil }
                    endings[promotion.id] = .withdrawn(reason: reason)
                }
            } catch let error as PromotionError {
                if error.kind == .conflict {
                    guard try withdraw(promotion, error.message, &snapshot) else { return nil }
                }
                endings[promotion.id] = .failed(error)
            }
        }
        if let first = round.deliveries.first {
            let tip = try tip(of: first.intent.stage, context)
            let commits: [String]
            switch try desired.land(round.deliveries, on: tip, at: pace.now) {
            case .landed(let landed): commits = landed
            case .lost: return nil
            case .refused(let words):
                for delivery in round.deliveries {
                    guard let reason = try expedite(delivery, words, tip, &snapshot) else { return nil }
                    endings[delivery.promotion.id] = .withdrawn(reason: reason)
                }
                return round.postponed
            }
            for (delivery, commit) in zip(round.deliveries, commits) {
                let fact = PromotionDelivered(
                    subject: delivery.promotion.subject, commit: commit, edits: delivery.plan.edits)
                round.delivered.append((delivery.promotion, fact))
            }
        }
        // From here on the values stand: only the record can still be missing, and whoever comes next finds the commit.
        guard try record(round.delivered, context.rules, &snapshot, &endings) else { return nil }
        return round.postponed
    }

    enum Preparation {
        case write(Delivery)
        /// The values stand already.
        case found(PromotionDelivered)
        /// Merge the pull request that was admitted.
        case merge(Delivery)
        /// The rules of the edge changed since the admission.
        case changed(String)
    }

    /// Looks for the promotion's commit, then plans it anew on the tip.
    func prepare(_ promotion: Promotion, _ context: Context, _ snapshot: LedgerSnapshot) throws -> Preparation {
        guard let admission = promotion.admission else { return .changed("it is not admitted") }
        let (workflow, service, stage) = try locate(promotion.service, promotion.stage, in: context.rules)
        let state = snapshot.state.service(promotion.service)
        let release = try content(of: promotion, state)
        let intent = EditIntent(
            workflow: workflow, service: service, stage: stage, release: release, step: promotion.trigger.putsBack ? nil : 1)
        let tip = try tip(of: stage, context)
        if let proposal = promotion.proposal {
            let landed = try landedCommit(proposal, of: promotion, workflow, service, stage, state, tip)
            if let landed {
                return .found(PromotionDelivered(subject: promotion.subject, commit: landed, edits: proposal.proposed.edits))
            }
        }
        let (plan, digest): (EditPlan, String)
        do {
            (plan, digest) = try self.plan(of: promotion, intent, workflow, state, at: tip)
        } catch let error as PromotionError where error.kind == .conflict {
            // What was changed by hand may have been changed after this promotion's own commit.
            let landed = try commit(of: promotion, intent, workflow, state, from: admission.base, to: tip)
            guard let landed else { throw error }
            return .found(PromotionDelivered(subject: promotion.subject, commit: landed.id, edits: landed.edits))
        }
        let carried = try desired.deployCommit(
            of: promotion.id, from: admission.base, to: tip, edits: plan.edits)
        if let carried {
            return .found(
                PromotionDelivered(subject: promotion.subject, commit: carried, edits: plan.edits))
        }
        if !plan.changes {
            let commit = try desired.commitBringing(plan.edits, intent: intent, from: admission.base, to: tip)
            return .found(
                PromotionDelivered(
                    subject: promotion.subject, commit: commit, unchanged: true, edits: plan.edits))
        }
        if digest != promotion.planDigest, let landed = try commitOfOtherRules(promotion, intent, state, from: admission.base, to: tip) {
            return .found(PromotionDelivered(subject: promotion.subject, commit: landed.id, edits: landed.edits))
        }
        if lapsed(promotion) { return .changed("no deploy commit within \(Self.admissionLapse) of the admission") }
        if digest != promotion.planDigest {
            if !promotion.trigger.putsBack { try refuseConflict(promotion, plan, try desired.plan(intent, at: admission.base)) }
            return .changed("the rules of this edge changed after the admission")
        }
        if !promotion.trigger.putsBack { try refuseConflict(beyondFirstStepOf: promotion, workflow, service, stage, state, at: tip) }
        let delivery = Delivery(promotion: promotion, intent: intent, plan: plan, planDigest: digest, initiator: initiator)
        guard let proposal = promotion.proposal, admission.head != nil else { return .write(delivery) }
        return plan.contentDigest == proposal.proposed.content ? .merge(delivery) : .changed("the files changed after the admission")
    }

    /// The promotion's own commit, where its plan cannot be made on the tip any more: looked for by what it was to write on
    /// the commit that it was admitted on. Nil when there is none, or when that cannot be told either.
    func commit(
        of promotion: Promotion, _ intent: EditIntent, _ workflow: Workflow, _ state: ServiceState, from base: String, to tip: String
    ) throws -> (id: String, edits: [FieldEdit])? {
        do {
            let edits = try plan(of: promotion, intent, workflow, state, at: base).0.edits
            return try desired.deployCommit(of: promotion.id, from: base, to: tip, edits: edits).map { ($0, edits) }
        } catch let error as PromotionError where error.kind == .conflict {
            return nil
        }
    }

    /// The promotion's own commit, where the rules have changed since, so that it wrote something else than a plan of now would:
    /// a commit that names it and holds its version. The values are those of the fields that the rules of now declare.
    func commitOfOtherRules(
        _ promotion: Promotion, _ intent: EditIntent, _ state: ServiceState, from base: String, to tip: String
    ) throws -> (id: String, edits: [FieldEdit])? {
        guard let id = try desired.deployCommit(of: promotion.id, from: base, to: tip, edits: []) else { return nil }
        let held = try observations(by: intent, state, at: id)
        guard held.lazy.compactMap(\.version).first == promotion.version else { return nil }
        let before = try desired.parent(of: id).map { try observations(by: intent, state, at: $0) } ?? []
        let old = Dictionary(before.flatMap(\.fields).map { ($0.file + "#" + $0.field, $0.old) }, uniquingKeysWith: { $1 })
        let edits = held.flatMap(\.fields).map {
            FieldEdit(file: $0.file, field: $0.field, old: old[$0.file + "#" + $0.field] ?? nil, new: $0.new)
        }
        return (id, edits)
    }

    func lapsed(_ promotion: Promotion) -> Bool {
        guard let admission = promotion.admission else { return false }
        return pace.now - admission.at > Self.admissionLapse
    }

    /// Throws a conflict that names both sides when a value is no longer the one that the plan was made on.
    private func refuseConflict(_ promotion: Promotion, _ now: EditPlan, _ admitted: EditPlan) throws {
        let before = Dictionary(admitted.edits.map { ($0.file + "#" + $0.field, $0) }, uniquingKeysWith: { $1 })
        for edit in now.edits {
            guard let planned = before[edit.file + "#" + edit.field], planned.old != edit.old else { continue }
            throw PromotionError(
                .conflict, "\(edit.file): \(edit.field) was changed by someone else",
                causes: [
                    "the promotion was admitted to change \(planned.old ?? "nothing") to \(planned.new ?? "nothing")",
                    "the tip of its branch now holds \(edit.old ?? "nothing")",
                ],
                hint: "look at it with `gradus plan \(promotion.service) --to \(promotion.stage)` and promote again")
        }
    }

    private func withdraw(_ promotion: Promotion, _ reason: String, _ snapshot: inout LedgerSnapshot) throws -> Bool {
        try append([.withdrawn(PromotionClosed(subject: promotion.subject, reason: reason))], to: &snapshot) != nil
    }

    /// Records deliveries, and success where the stage watches no health; all in one append.
    private func record(
        _ found: [(promotion: Promotion, fact: PromotionDelivered)], _ rules: Rules, _ snapshot: inout LedgerSnapshot,
        _ endings: inout [String: DeliveryEnding]
    ) throws -> Bool {
        var facts: [Fact] = []
        for (promotion, delivered) in found {
            let (workflow, service, stage) = try locate(promotion.service, promotion.stage, in: rules)
            facts += try deliveryFacts(delivered, workflow, service, stage, snapshot.state.service(promotion.service))
        }
        guard try append(facts, to: &snapshot) != nil else { return false }
        for (promotion, delivered) in found {
            let state = snapshot.state.service(promotion.service)
            let phase: Phase = state.verifying(promotion.stage)?.id == promotion.id ? .verifying : .succeeded
            endings[promotion.id] = .delivered(commit: delivered.commit, phase)
            finished.insert(promotion.id)
        }
        return true
    }

    /// The records of one delivery: it ends what was verifying there, and itself where no health is watched.
    func deliveryFacts(
        _ delivered: PromotionDelivered, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState
    ) throws -> [Fact] {
        var facts: [Fact] = []
        let trigger = state.open.first { $0.id == delivered.subject.promotion }?.trigger
        if trigger == .rollback, let cell = state.cells[stage.name], let promotion = cell.stay.promotion,
            cell.version != delivered.subject.version
        {
            let subject = PromotionSubject(
                promotion: promotion, service: delivered.subject.service, version: cell.version, stage: stage.name,
                workflow: delivered.subject.workflow)
            facts.append(.rolledBack(PromotionClosed(subject: subject, reason: "\(delivered.subject.version) took its place")))
        } else if let verifying = state.verifying(stage.name), verifying.id != delivered.subject.promotion {
            facts.append(
                .superseded(
                    PromotionClosed(
                        subject: verifying.subject, reason: "\(delivered.subject.version) was delivered before it was verified")))
        }
        var delivered = delivered
        // What is put back reaches all of the stage at once.
        if trigger?.putsBack != true {
            delivered.step = stage.rollout.map { RolloutStep(1, of: $0) }
            delivered.edits += try unreached(
                beyond: 1, delivered.subject.version, workflow, service, stage, state, at: delivered.commit)
        }
        facts.append(.delivered(delivered))
        if stage.health == nil, delivered.step?.isLast ?? true {
            facts.append(
                .succeeded(PromotionClosed(subject: delivered.subject, reason: "delivered; the stage watches no health")))
        }
        return facts
    }
}

extension LedgerState {
    /// The promotions among `ids`, and those that go with one of `trains`, that are admitted and not delivered, in order of id.
    fileprivate func admitted(_ ids: Set<String>, with trains: Set<String> = []) -> [Promotion] {
        services.values.flatMap(\.open).filter { promotion in
            promotion.phase == .admitted && (ids.contains(promotion.id) || promotion.train.map { trains.contains($0.id) } ?? false)
        }.sorted { $0.id < $1.id }
    }
}
