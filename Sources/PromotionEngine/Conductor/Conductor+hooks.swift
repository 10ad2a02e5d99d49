internal import WorkflowModel

extension Conductor {
    // MARK: What is owed

    /// The calls that facts lead to, by the rules in force; they go into the ledger with the facts themselves.
    func owedHooks(for facts: [Fact]) -> [Fact] {
        guard hasHooks else { return [] }
        return facts.flatMap { fact -> [Fact] in
            guard let (event, subject, reason) = Self.event(of: fact) else { return [] }
            return owedHooks(event, subject, reason)
        }
    }

    func owedHooks(_ event: Hook.Event, _ subject: PromotionSubject, _ reason: String?) -> [Fact] {
        hooks(of: subject).filter { $0.event == event }.map {
            .hookOwed(HookOwed(subject: subject, hook: $0.key, event: event, reason: reason))
        }
    }

    private static func event(of fact: Fact) -> (Hook.Event, PromotionSubject, String?)? {
        switch fact {
        case .succeeded(let closed): (.after, closed.subject, closed.reason)
        case .failed(let closed): (.failed, closed.subject, closed.reason)
        case .rolledBack(let closed): (.rolledBack, closed.subject, closed.reason)
        case .aborted(let closed) where closed.reason.hasPrefix(Self.expired): (.expired, closed.subject, closed.reason)
        case .admitted(let admitted) where admitted.gates.contains(where: \.isSkipped):
            (.bypassed, admitted.subject, admitted.gates.filter(\.isSkipped).map(\.id).joined(separator: ", "))
        default: nil
        }
    }

    /// How the reason of a promotion begins that waited too long.
    static let expired = "expired: "

    /// What goes with the end of a request: calls that are owed, and syncs that go on.
    func tellOthers(_ services: Set<String>?) {
        resumeSyncs()
        callOwedHooks(of: services)
    }

    // MARK: Calls

    /// Makes the calls that are owed, and records what came of each. What goes wrong in it changes no promotion.
    func callOwedHooks(of services: Set<String>?) {
        guard hasHooks else { return }
        do {
            let state = try ledger.load(LedgerScope(services: services)).state
            for owed in state.services.sorted(by: { $0.key < $1.key }).flatMap(\.value.owedHooks) { try call(owed.owed) }
        } catch {
            warn("hooks: \(error)")
        }
    }

    private func call(_ owed: HookOwed) throws {
        let hook = hooks(of: owed.subject).first { $0.key == owed.hook }
        let answer = hook.map { hooks.call(HookCall(hook: $0, subject: owed.subject, reason: owed.reason, initiator: initiator.id, at: pace.now)) }
            ?? HookAnswer(.errored, "the rules do not declare it any more")
        if answer.result != .passed { warn("the hook \(owed.hook) of \(owed.subject.promotion): \(answer.message)") }
        _ = try racing("record the hook \(owed.hook)") { () -> Bool? in
            var snapshot = try decidableState(.service(owed.subject.service))
            // Somebody else may have called it meanwhile.
            guard snapshot.state.service(owed.subject.service).owedHooks.contains(where: { $0.owed == owed }) else { return true }
            return try append([called(owed.subject, owed.hook, hook, answer)], to: &snapshot).map { _ in true }
        }
    }

    private func called(_ subject: PromotionSubject, _ key: String, _ hook: Hook?, _ answer: HookAnswer) -> Fact {
        .hookCalled(
            HookCalled(
                subject: subject, hook: key, name: hook?.name ?? "", result: answer.result,
                message: answer.message.isEmpty ? nil : answer.message))
    }

    // MARK: Before a delivery

    /// Asks the hooks that stand before the delivery of admitted promotions; those that may go on are the answer.
    ///
    /// A no closes the promotion. What could not be found out takes the admission back, so that it is decided and asked again.
    /// What puts back is never stopped.
    func passHooks(
        _ ids: Set<String>, scope: LedgerScope, _ endings: inout [String: DeliveryEnding]
    ) throws -> Set<String> {
        guard hasHooks else { return ids }
        var passed = ids
        // Of many promotions only those are looked at that have such hooks, each with its own service alone.
        let services = try decidableState(scope).state.services.values.flatMap(\.open).reduce(into: [String: String]()) { services, open in
            if ids.contains(open.id), hooks(of: open.subject).contains(where: { $0.event == .before }) { services[open.id] = open.service }
        }
        for id in ids.sorted() {
            guard let service = services[id] else { continue }
            var answers: [String: HookAnswer] = [:]
            let error = try racing("ask the hooks before \(id)") { () -> PromotionError?? in
                var snapshot = try decidableState(.service(service))
                guard let promotion = snapshot.state.admittedPromotion(id), !promotion.trigger.putsBack, !lapsed(promotion) else {
                    return .some(nil)
                }
                let wanted = hooks(of: promotion.subject).filter { $0.event == .before && promotion.hooks[$0.key] != .passed }
                guard !wanted.isEmpty else { return .some(nil) }
                return try ask(wanted, promotion, &answers, &snapshot)
            }
            guard let error else { continue }
            passed.remove(id)
            endings[id] = .failed(error)
        }
        return passed
    }

    /// The inner nil: all said yes. The outer nil: a race was lost; what was answered is not asked again.
    private func ask(
        _ wanted: [Hook], _ promotion: Promotion, _ answers: inout [String: HookAnswer], _ snapshot: inout LedgerSnapshot
    ) throws -> PromotionError?? {
        var facts: [Fact] = []
        var stop: (hook: Hook, answer: HookAnswer)?
        for hook in wanted {
            let answer = answers[hook.key]
                ?? hooks.call(HookCall(hook: hook, subject: promotion.subject, reason: promotion.reason, initiator: initiator.id, at: pace.now))
            answers[hook.key] = answer
            // Of the same trouble again and again one record is enough.
            if promotion.hooks[hook.key] != answer.result { facts.append(called(promotion.subject, hook.key, hook, answer)) }
            if answer.result == .passed { continue }
            stop = (hook, answer)
            break
        }
        var error: PromotionError?
        if let stop {
            let isNo = stop.answer.result == .failed
            let reason = "the hook \(stop.hook.name) \(isNo ? "said no" : "could not be asked"): \(stop.answer.message)"
            let closed = PromotionClosed(subject: promotion.subject, reason: reason)
            // Only what is not admitted is closed.
            facts += isNo ? [.withdrawn(closed), .aborted(closed)] : [.withdrawn(closed)]
            error = PromotionError(
                isNo ? .refused : .error, reason,
                hint: isNo
                    ? "once it would say yes, run `gradus promote \(promotion.service) --to \(promotion.stage)`"
                    : "mend the hook or the way to it; `gradus reconcile` asks it again")
        }
        if facts.isEmpty { return .some(error) }
        return try append(facts, to: &snapshot).map { _ in error }
    }
}

extension LedgerState {
    fileprivate func admittedPromotion(_ id: String) -> Promotion? {
        services.values.flatMap(\.open).first { $0.id == id && $0.phase == .admitted }
    }
}
