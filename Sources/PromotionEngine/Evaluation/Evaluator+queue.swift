internal import WorkflowModel

extension Evaluator {
    static let queueGateID = "queue"

    /// `queue`: whether it is this version's turn. Nil where the newest version goes first.
    func queueGate() -> Gate? {
        guard stage.queue != .latest else { return nil }
        let draft = GateDraft(id: Self.queueGateID, criterion: Self.queueGateID, threshold: stage.queue.rawValue)
        if stage.queue == .manual, let open = state.undelivered(stage.name), open.version != release.version {
            return draft.gate(
                .waiting, value: open.version, reason: "\(open.version) has been asked for and keeps its place",
                source: "\(open.id), requested by \(open.requester)", since: open.requestedAt,
                clearWith: "gradus abort \(open.id) --reason WHY")
        }
        guard stage.queue == .all else { return draft.gate(.passed, reason: "no other version waits") }
        if let verifying = state.verifying(stage.name), verifying.version != release.version {
            return draft.gate(
                .waiting, value: verifying.version, reason: "\(verifying.version) is being verified in \(stage.name)",
                source: verifying.id, clearWith: "gradus explain \(service.name) --to \(stage.name) --version \(verifying.version)")
        }
        let queue = VersionChoice(workflow: workflow, stage: stage, state: state).queue
        // Also of a version that is not in the queue any more, such as one that was aborted here, it is asked who was before it.
        let before = queue.filter { (state.releases[$0]?.registeredSeq ?? 0) < release.registeredSeq }
        guard let first = before.first else {
            return draft.gate(.passed, reason: "no other version waits")
        }
        return draft.gate(
            .waiting, value: first, reason: "before it go \(before.joined(separator: ", "))",
            clearWith: "gradus promote \(service.name) --to \(stage.name) --version \(first)")
    }

    /// `backfill`: a release that came here past the stages before must be contained in the next one. Nil without any.
    func backfillGate() -> Gate? {
        let owed = state.reviews.filter {
            $0.stage == stage.name && $0.skippedStages && $0.isDelivered && !$0.isBackfilled && $0.version != release.version
        }
        guard let first = owed.first else { return nil }
        let draft = GateDraft(id: "backfill", criterion: "backfill", threshold: "contains \(owed.map(\.version).joined(separator: ", "))")
        let lost = owed.filter { !release.release.contains.contains($0.version) }
        let contained = release.release.contains.joined(separator: ", ")
        guard let missing = lost.first else {
            return draft.gate(.passed, value: contained, reason: "it contains \(contained)", source: "the release's registration")
        }
        return draft.gate(
            .waiting, value: contained.isEmpty ? nil : contained,
            reason: "\(missing.version) came to \(stage.name) past the stages before, and \(release.version) does not say that it contains it"
                + " (`gradus release create … --contains \(missing.version)`)",
            source: "\(first.id), opened by \(first.by)", since: first.since, clearWith: "gradus review close \(missing.id) --reason WHY")
    }
}
