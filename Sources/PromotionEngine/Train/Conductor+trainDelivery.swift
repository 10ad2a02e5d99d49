internal import WorkflowModel

/// What one move of a branch brings, while it is put together.
struct DeliveryRound {
    private(set) var deliveries: [Delivery] = []
    var delivered: [(promotion: Promotion, fact: PromotionDelivered)] = []
    private(set) var postponed: Set<String> = []
    private var files: Set<String> = []

    /// Takes all of the deliveries, or leaves them for another round: two promotions of one file cannot both be planned on
    /// this tip, and one move is of one branch.
    mutating func add(_ new: [Delivery]) {
        let branch = (deliveries.first ?? new.first)?.intent.stage.branch
        guard new.allSatisfy({ $0.intent.stage.branch == branch && !$0.plan.touches(files) }) else {
            postponed.formUnion(new.map(\.promotion.id))
            return
        }
        for delivery in new { files.formUnion(delivery.plan.paths) }
        deliveries += new
    }
}

extension Conductor {
    /// Prepares all admitted members of one train: they land in one commit, or none of them does.
    ///
    /// Where one is no longer what was admitted, the admission of all is withdrawn, since they may count on each other; where
    /// one cannot be prepared, or was stopped before its delivery, all wait for it. False when a race was lost.
    func prepareTrain(
        _ members: [Promotion], _ context: Context, _ snapshot: inout LedgerSnapshot, _ round: inout DeliveryRound,
        _ endings: inout [String: DeliveryEnding]
    ) throws -> Bool {
        for case .failed(let error)? in members.map({ endings[$0.id] }) {
            for promotion in members { endings[promotion.id] = .failed(error) }
            return true
        }
        var writes: [Delivery] = []
        var left: [Promotion] = []
        var changed: String?
        var fault: PromotionError?
        for promotion in members {
            do {
                switch try prepare(promotion, context, snapshot) {
                case .found(let fact):
                    round.delivered.append((promotion, fact))
                    continue
                case .write(let delivery): writes.append(delivery)
                case .merge: changed = changed ?? "\(promotion.service): it is proposed by itself"
                case .changed(let reason): changed = changed ?? "\(promotion.service): \(reason)"
                }
            } catch let error as PromotionError {
                if error.kind == .conflict { changed = changed ?? "\(promotion.service): \(error.message)" } else { fault = fault ?? error }
            }
            left.append(promotion)
        }
        if !writes.isEmpty, let train = members.first?.train, members.count < train.size {
            changed = changed ?? "another member left \(train.id)"
        }
        if changed == nil, fault == nil {
            do {
                round.add(try combined(writes, context, snapshot))
                return true
            } catch let error as PromotionError where error.kind == .conflict {
                changed = error.message
            }
        }
        if let changed {
            let facts = left.map { Fact.withdrawn(PromotionClosed(subject: $0.subject, reason: changed)) }
            guard try append(facts, to: &snapshot) != nil else { return false }
            for promotion in left { endings[promotion.id] = .withdrawn(reason: changed) }
        } else if let fault {
            for promotion in left { endings[promotion.id] = .failed(fault) }
        }
        return true
    }

    /// The deliveries with the files that they make one after the other.
    private func combined(_ deliveries: [Delivery], _ context: Context, _ snapshot: LedgerSnapshot) throws -> [Delivery] {
        guard let first = deliveries.first else { return [] }
        let tip = try tip(of: first.intent.stage, context)
        let parts = try deliveries.map { delivery in
            let promotion = delivery.promotion
            let (workflow, _) = try locate(promotion.service, in: context.rules)
            let state = snapshot.state.service(promotion.service)
            return TrainPart(plan: delivery.plan) { try self.plan(of: promotion, delivery.intent, workflow, state, at: $0).0 }
        }
        return zip(deliveries, try composed(parts, at: tip)).map { delivery, files in
            Delivery(
                promotion: delivery.promotion, intent: delivery.intent,
                plan: EditPlan(base: delivery.plan.base, edits: delivery.plan.edits, files: files), planDigest: delivery.planDigest,
                initiator: delivery.initiator, train: delivery.promotion.train)
        }
    }
}

extension LedgerState {
    /// True when all open members of the promotions' trains are loaded, so that no other service needs to be read.
    func holdsTrains(of promotions: [Promotion]) -> Bool {
        let sizes = promotions.reduce(into: [String: Int]()) { sizes, promotion in
            if let train = promotion.train { sizes[train.id] = train.size }
        }
        if sizes.isEmpty { return true }
        var open: [String: Int] = [:]
        for promotion in services.values.flatMap(\.open) {
            if let train = promotion.train, promotion.phase != .verifying { open[train.id, default: 0] += 1 }
        }
        return sizes.allSatisfy { (open[$0.key] ?? 0) >= $0.value }
    }
}

extension [Promotion] {
    /// In the order given: each by itself, the members of one train together.
    var byTrain: [[Promotion]] {
        var groups: [[Promotion]] = []
        var positions: [String: Int] = [:]
        for promotion in self {
            if let train = promotion.train?.id, let position = positions[train] {
                groups[position].append(promotion)
                continue
            }
            if let train = promotion.train?.id { positions[train] = groups.count }
            groups.append([promotion])
        }
        return groups
    }
}
