internal import WorkflowModel

extension Conductor {
    /// Switches off the automated syncs that are not to come between: pause, deploy, verify, resume.
    ///
    /// What stood is recorded before anything is switched off. Those promotions that may go on are the answer; what puts back
    /// pauses nothing and is never stopped.
    func pauseSyncs(
        _ ids: Set<String>, scope: LedgerScope, _ endings: inout [String: DeliveryEnding]
    ) throws -> Set<String> {
        guard pausesSyncs else { return ids }
        var passed = ids
        for id in ids.sorted() {
            do {
                let pause = try racing("pause the syncs for \(id)") { try recordedPause(id) }
                guard let pause else { continue }
                for app in pause.paused.apps.keys.sorted() { try agent.pause(app, at: pause.paused.place) }
            } catch {
                passed.remove(id)
                endings[id] = .failed(
                    PromotionError(
                        .error, "the syncs that \(id) is to pause could not be paused", causes: ["\(error)"],
                        hint: "nothing was delivered; once Argo CD answers, run the same command again"))
            }
        }
        return passed
    }

    /// The pause that is on record for a promotion that is to be delivered, recorded now if need be; the inner nil: it needs none.
    private func recordedPause(_ id: String) throws -> SyncPause?? {
        // Another promotion may have paused the same application: what it found is what stood.
        var snapshot = try decidableState(LedgerScope())
        guard let promotion = snapshot.state.services.values.flatMap(\.open).first(where: { $0.id == id && $0.phase == .admitted }),
            !promotion.trigger.putsBack, !lapsed(promotion), let stage = stage(of: promotion.subject),
            let policy = stage.health, !policy.pausedApps.isEmpty, let place = place(policy, promotion.subject, stage)
        else { return .some(nil) }
        let standing = snapshot.state.services.values.flatMap(\.pauses)
        if let known = standing.first(where: { $0.paused.subject.promotion == id }) { return known }
        var apps: [String: String] = [:]
        for name in policy.pausedApps.map({ filled($0, promotion.subject, stage) }) {
            let before = standing.lazy.filter { $0.paused.place.server == place.server }.compactMap { $0.paused.apps[name] }.first
            apps[name] = try before ?? agent.automation(of: name, at: place)
        }
        guard !apps.isEmpty else { return .some(nil) }
        let paused = SyncPaused(subject: promotion.subject, place: place, apps: apps, limit: policy.pauseLimit.seconds)
        return try append([.syncPaused(paused)], to: &snapshot).map { _ in SyncPause(paused, since: pace.now) }
    }

    /// Switches on again what was paused for promotions that are over, whoever paused it. What cannot be switched on stays on
    /// record for the next run, with a warning.
    func resumeSyncs() {
        guard seesPauses || pausesSyncs else { return }
        do {
            let state = try ledger.load(LedgerScope()).state
            for (service, own) in state.services.sorted(by: { $0.key < $1.key }) {
                for pause in own.pauses where pause.isOver(own, at: pace.now) { try resume(pause, service) }
            }
        } catch {
            warn("the syncs that were paused: \(error)")
        }
    }

    private func resume(_ pause: SyncPause, _ service: String) throws {
        let state = try ledger.load(LedgerScope()).state
        let others = state.services.values.flatMap(\.pauses).filter { $0 != pause && $0.paused.place.server == pause.paused.place.server }
        do {
            // An application that another promotion needs paused is switched on by the last of them.
            for (app, policy) in pause.paused.apps.sorted(by: { $0.key < $1.key }) where !others.contains(where: { $0.paused.apps[app] != nil }) {
                try agent.resume(app, policy: policy, at: pause.paused.place)
            }
        } catch {
            return warn(
                "\(pause.paused.apps.keys.sorted().joined(separator: ", ")), paused for \(pause.paused.subject.promotion), cannot be resumed: \(error); `gradus reconcile` tries again")
        }
        _ = try racing("record the resumed syncs") { () -> Bool? in
            var snapshot = try decidableState(.service(service))
            guard snapshot.state.service(service).pauses.contains(pause) else { return true }
            let resumed = SyncResumed(subject: pause.paused.subject, apps: pause.paused.apps.keys.sorted())
            return try append([.syncResumed(resumed)], to: &snapshot).map { _ in true }
        }
    }

    private func place(_ policy: HealthPolicy, _ subject: PromotionSubject, _ stage: Stage) -> AgentPlace? {
        for case .argocd(let source) in policy.sources.map(\.settings) {
            return AgentPlace(
                server: filled(source.server, subject, stage), tokenEnvironment: source.tokenEnvironment,
                appNamespace: source.appNamespace.map { filled($0, subject, stage) },
                project: source.project.map { filled($0, subject, stage) })
        }
        return nil
    }

    private func filled(_ text: String, _ subject: PromotionSubject, _ stage: Stage) -> String {
        let values = [
            "service": subject.service, "stage": subject.stage, "version": subject.version, "environment": stage.environment,
        ]
        return PlaceholderTemplate(text).filling { values[$0] }
    }
}
