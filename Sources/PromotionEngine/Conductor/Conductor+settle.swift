internal import WorkflowModel

extension Conductor {
    /// What was recorded about the promotion whose health is watched.
    enum Settlement {
        case nothing, succeeded
        case failed(version: String)
        /// The race was lost.
        case lost
    }

    /// Records that the promotion whose health is watched has succeeded or failed.
    func settle(_ service: String, _ stage: Stage, _ snapshot: inout LedgerSnapshot) throws -> Settlement {
        guard let fact = verificationFact(snapshot.state.service(service), stage) else { return .nothing }
        guard try append([fact], to: &snapshot) != nil else { return .lost }
        if case .failed(let closed) = fact { return .failed(version: closed.subject.version) }
        return .succeeded
    }

    /// What the observed health now says about the promotion that is being verified; nil while it says nothing.
    func verificationFact(_ state: ServiceState, _ stage: Stage) -> Fact? {
        guard let verifying = state.verifying(stage.name), let cell = state.cells[stage.name] else { return nil }
        guard let policy = stage.health else {
            return .succeeded(PromotionClosed(subject: verifying.subject, reason: "the stage watches no health"))
        }
        switch Verification.judge(cell.stay, policy, at: pace.now) {
        case .succeeded:
            return .succeeded(PromotionClosed(subject: verifying.subject, reason: "Healthy for \(policy.verifyFor)"))
        case .failed(let reason): return .failed(PromotionClosed(subject: verifying.subject, reason: reason))
        case .watching: return nil
        }
    }

    /// Finishes what others began in this cell: delivers what is admitted, and records a commit that landed late.
    ///
    /// False when the state has changed and must be read again.
    func finish(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context, _ snapshot: inout LedgerSnapshot
    ) throws -> Bool {
        guard let open = snapshot.state.service(service.name).undelivered(stage.name) else { return true }
        if open.phase == .admitted {
            if case .failed(let error)? = try deliver([open.id], scope: .service(service.name))[open.id] { throw error }
            return false
        }
        guard let facts = try lateFacts(open, workflow, service, stage, context, snapshot) else { return true }
        _ = try append(facts, to: &snapshot)
        return false
    }

    /// The records for a deploy commit that turned up after its admission had been withdrawn; nil when there is none.
    func lateFacts(
        _ promotion: Promotion, _ workflow: Workflow, _ service: Service, _ stage: Stage, _ context: Context,
        _ snapshot: LedgerSnapshot
    ) throws -> [Fact]? {
        guard let base = promotion.withdrawnBase else { return nil }
        let state = snapshot.state.service(service.name)
        let release = try content(of: promotion, state)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        let tip = try tip(of: stage, context)
        let landed: (id: String, edits: [FieldEdit])?
        do {
            let edits = try plan(of: promotion, intent, workflow, state, at: tip).0.edits
            landed = try desired.deployCommit(of: promotion.id, from: base, to: tip, edits: edits).map { ($0, edits) }
        } catch let error as PromotionError where error.kind == .conflict {
            landed = try self.commit(of: promotion, intent, workflow, state, from: base, to: tip)
        }
        return landed.map { landed in
            let delivered = PromotionDelivered(subject: promotion.subject, commit: landed.id, late: true, edits: landed.edits)
            return deliveryFacts(delivered, stage, state)
        }
    }
}
