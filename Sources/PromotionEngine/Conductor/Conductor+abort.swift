internal import WorkflowModel

extension Conductor {
    /// Closes a promotion that is not admitted yet.
    ///
    /// Throws `refused` for one that is admitted or delivered: it is finished first. A usage error when nothing is open.
    public func abort(_ target: OpinionTarget, reason: String, dryRun: Bool = false) throws -> RecordReport {
        try TextLimit.check(reason: reason)
        var ended: (service: String, stage: Stage)?
        let report = try racing("abort the promotion") { () -> RecordReport? in
            let context = try context(for: target.services)
            let (name, place) = try resolve(target, context.rules)
            let (workflow, service, stage) = try locate(name, place, in: context.rules)
            var snapshot = try decidableState(.service(service.name))
            let state = snapshot.state.service(service.name)
            guard let open = state.undelivered(stage.name) ?? state.verifying(stage.name) else {
                throw PromotionError(
                    .usage, "no promotion of \(name) to \(place) is open", hint: "`gradus status` lists the open ones")
            }
            // What somebody has merged meanwhile is delivered, and no abort takes it back.
            if let facts = try landingFacts(open, workflow, service, stage, context, snapshot), !dryRun {
                tellUngated(facts)
                _ = try append(facts, to: &snapshot)
                return nil
            }
            guard open.isPending else {
                throw PromotionError(
                    .refused, "\(open.id) is \(open.phase.rawValue) already and cannot be aborted",
                    hint: "`gradus reconcile` finishes it; `gradus rollback \(name) --stage \(place) --reason WHY` goes back")
            }
            ended = (service.name, stage)
            return try write(
                .aborted(PromotionClosed(subject: open.subject, reason: reason)), to: &snapshot,
                next: "promote again with `gradus promote \(name) --to \(place)`", dryRun: dryRun)
        }
        if let ended, !dryRun { sweep(ended.service, ended.stage, because: "aborted by \(initiator.displayName): \(reason)") }
        return report
    }

    /// The open promotion that an id or SERVICE@STAGE names, for carrying it on again.
    public func openPromotion(_ target: OpinionTarget) throws -> Promotion {
        let context = try context(for: target.services)
        let (name, place) = try resolve(target, context.rules)
        _ = try locate(name, place, in: context.rules)
        let state = try decidableState(.service(name)).state.service(name)
        guard let open = state.undelivered(place) ?? state.verifying(place) else {
            throw PromotionError(
                .usage, "no promotion of \(name) to \(place) is open",
                hint: "promote with `gradus promote \(name) --to \(place)`")
        }
        return open
    }
}
