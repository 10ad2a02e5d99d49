package import PromotionEngine
import WorkflowModel

/// One thing that happens in the year: a record, or a commit on the target branch that the records after it name.
package enum YearEvent: Sendable {
    case record(Fact, by: String)
    /// Sets a service's version; the answer is the commit's id.
    case commit(service: String, version: String, author: String, message: String)
    /// Gives the workflow another number of approvals.
    case rules(approvals: Int, author: String)
}

/// Tells the steps of a plan as records and commits. Commits are asked for while it tells, because records name them.
package struct YearFacts {
    private let commit: (YearEvent, Instant) throws -> String
    private let append: (Fact, String, Instant) throws -> Void
    private var position = 0

    /// - Parameters:
    ///   - commit: makes a commit of the target branch and returns its id.
    ///   - append: appends a record.
    package init(commit: @escaping (YearEvent, Instant) throws -> String, append: @escaping (Fact, String, Instant) throws -> Void) {
        self.commit = commit
        self.append = append
    }

    package static func file(_ service: String) -> String { "environments/prod/\(service)/kustomization.yaml" }
    package static func field(_ service: String) -> String { "images[name=registry.example/\(service)].newTag" }

    package mutating func tell(_ plan: YearPlan) throws {
        let steps = plan.steps
        for (number, step) in steps.enumerated() {
            position = number
            if number == steps.count / 3 { try changeRules(from: 2, to: 1, by: "emil", step) }
            if number == steps.count / 3 + steps.count / 20 { try changeRules(from: 1, to: 2, by: "olga", step) }
            if number % 90 == 45 { try freeze(step) }
            if number % 200 == 30 { try denyFreeze(step) }
            try tell(step)
        }
    }

    private func freeze(_ step: YearPlan.Step) throws {
        let id = "freeze-\(position)"
        try append(
            .freezeAdded(
                Freeze(
                    id: id, scope: FreezeScope(stage: "prod"), owner: "olga", reason: "stock taking",
                    start: step.at + .seconds(-600), until: step.at + .seconds(-60))), "olga", step.at + .seconds(-900))
    }

    /// A commit to the rules, and the record by which the next decision notices it. The writer knows the files' ids.
    private func changeRules(from old: Int, to new: Int, by author: String, _ step: YearPlan.Step) throws {
        _ = try commit(.rules(approvals: new, author: author), step.at)
        let change = GateChange(
            workflow: "storefront", stage: "prod", gate: "approval", effect: new < old ? .loosened : .tightened,
            from: "\(old) of release-board", to: "\(new) of release-board")
        try append(.rulesChanged(RulesChanged(from: [:], to: [:], changes: [change])), step.requester, step.at + .seconds(1))
    }

    /// Somebody wants to stop everything and may not.
    private func denyFreeze(_ step: YearPlan.Step) throws {
        try append(
            .denied(ActionDenied(action: "freeze", service: nil, stage: nil, version: nil, workflow: nil, reason: "only release-board may")),
            step.author, step.at + .seconds(-60))
    }

    private func tell(_ step: YearPlan.Step) throws {
        let digest = "sha256:" + Digest.sha256("\(step.service) \(step.version)")
        if step.kind == .external || step.kind == .unrecorded { return try changeOutside(step) }
        try append(
            .releaseRegistered(
                Release(
                    service: step.service, version: step.version, workflow: "storefront",
                    images: [.init(name: "registry.example/\(step.service)", tag: step.version, digest: digest)],
                    commit: String(Digest.sha256("source \(step.service) \(step.version)").prefix(40)), authors: [step.author],
                    ciURL: "https://ci.example/\(step.service)/\(position)")), "ci", step.at)
        if step.kind != .noEvidence { try postEvidence(step) }
        if step.kind == .denied {
            try append(
                .denied(
                    ActionDenied(
                        action: "promote", service: step.service, stage: "prod", version: step.version, workflow: "storefront",
                        reason: "only release-managers may")), step.author, step.at + .seconds(200))
        }
        let id = "\(step.service)-prod-\(position)"
        try promote(step, id)
        if step.kind == .rolledBack || step.kind == .failed { try rollBack(step, id) }
    }

    private func postEvidence(_ step: YearPlan.Step) throws {
        func post(_ values: [String: String], _ seconds: Int) throws {
            try append(.evidencePosted(EvidencePosted(service: step.service, version: step.version, stage: nil, values: values, ciURL: "https://ci.example/\(step.service)/\(position)")), "ci", step.at + .seconds(seconds))
        }
        if step.kind == .passAfterFail { try post(["test_pass_rate": "97.5"], 30) }
        try post(["test_pass_rate": "100", "code_coverage": "\(80 + position % 15)"], 90)
        try post(["security_scan": "pass"], 120)
    }

    private func promote(_ step: YearPlan.Step, _ id: String) throws {
        let subject = PromotionSubject(promotion: id, service: step.service, version: step.version, stage: "prod", workflow: "storefront")
        let plan = Digest.sha256("plan \(id)")
        let times = step.spans.map { step.at + .seconds($0) }
        try append(
            .requested(
                PromotionRequested(
                    subject: subject, from: "staging", requester: step.requester, trigger: .manual, planDigest: plan,
                    reason: "\(step.service) \(step.version) for the \(step.at.description.prefix(7)) plan", ticket: step.ticket,
                    downgradeFrom: step.kind == .downgrade ? step.previous : nil, breakGlass: step.kind.isGlass ? ["freeze"] : [])),
            step.requester, times[0])
        let decision = ApprovalDecision(
            service: step.service, version: step.version, stage: "prod", workflow: "storefront",
            digest: "sha256:" + Digest.sha256("\(step.service) \(step.version)"), planDigest: plan, promotion: id, reason: "read the difference")
        if step.kind == .rejectedFirst {
            try append(.rejected(decision), "sam", times[0] + .seconds(60))
            try append(.rejectionWithdrawn(decision), "sam", times[0] + .seconds(90))
            try append(
                .requested(
                    PromotionRequested(
                        subject: subject, from: "staging", requester: step.requester, trigger: .manual, planDigest: plan,
                        reason: "asked again after the objection was answered", ticket: step.ticket)), step.requester, times[0] + .seconds(100))
        }
        if step.kind != .noApproval { try append(.approvalGiven(decision), step.approver, times[1]) }
        let commitID = try commit(
            .commit(
                service: step.service, version: step.version, author: step.requester,
                message: "Promote \(step.service) \(step.version) to prod\n\nGradus-Promotion: \(id)\n"), times[2])
        let edits = [FieldEdit(file: Self.file(step.service), field: Self.field(step.service), old: step.previous, new: step.version)]
        if step.kind == .ungated {
            try append(.proposed(proposal(of: subject, plan, commitID, edits)), step.requester, times[1] + .seconds(1))
        } else {
            let admitted = PromotionAdmitted(
                subject: subject, planDigest: plan, base: commitID, gates: gates(step),
                approvedBy: step.kind == .noApproval ? [] : [step.approver])
            try append(.admitted(admitted), step.requester, times[2])
        }
        if step.kind == .late {
            try append(.withdrawn(PromotionClosed(subject: subject, reason: "no deploy commit within 10m of the admission")), "rita", times[2] + .seconds(700))
        }
        let landed = step.kind == .late ? times[2] + .seconds(720) : times[2]
        let delivered = PromotionDelivered(
            subject: subject, commit: commitID, late: step.kind == .late, closedGates: step.kind == .ungated ? ["freeze"] : [], edits: edits)
        try append(.delivered(delivered), step.requester, landed)
        let end = landed + .seconds(step.spans[3] - step.spans[2])
        switch step.kind {
        case .failed: try append(.failed(PromotionClosed(subject: subject, reason: "Degraded for 10m: 2 of 3 pods crash")), "rita", end)
        case .rolledBack: break
        default: try append(.succeeded(PromotionClosed(subject: subject, reason: "healthy for 1m")), "rita", end)
        }
        if step.kind == .breakGlass {
            // The review's id is that of the record which opened it; whoever writes the record knows it.
            try append(
                .reviewClosed(
                    ReviewClosed(
                        review: "", service: step.service, version: step.version, stage: "prod", workflow: "storefront", promotion: id,
                        reason: "the orders could not wait; tests were whole")), "sam", end + .seconds(7_200))
        }
    }

    private func proposal(of subject: PromotionSubject, _ plan: String, _ commit: String, _ edits: [FieldEdit]) -> PromotionProposed {
        PromotionProposed(
            subject: subject, planDigest: plan, base: commit, branch: "gradus-promote/\(subject.service)/prod", head: commit,
            content: Digest.sha256("content \(commit)"), number: "\(position)", url: "https://forge.example/shop/pull/\(position)",
            forge: "GitHub (forge.example)", edits: edits)
    }

    private func gates(_ step: YearPlan.Step) -> [Gate] {
        var gates = [Gate(id: "upstream", criterion: "upstream", verdict: .passed, value: "succeeded", threshold: "staging", reason: "")]
        if step.kind != .noEvidence {
            gates += [
                Gate(id: "prod.entry.test_pass_rate", criterion: "test_pass_rate", verdict: .passed, value: "100", threshold: ">= 100", reason: "", source: "ci"),
                Gate(id: "prod.entry.code_coverage", criterion: "code_coverage", verdict: .passed, value: "\(80 + position % 15)", threshold: ">= 80", reason: "", source: "ci"),
                Gate(id: "prod.entry.security_scan", criterion: "security_scan", verdict: .passed, value: "pass", threshold: "pass", reason: "", source: "ci"),
            ]
        }
        if step.kind.isGlass {
            var freeze = Gate(id: "freeze", criterion: "freeze", verdict: .waiting, value: "stock taking", reason: "prod is frozen")
            freeze.isSkipped = true
            gates.append(freeze)
        }
        if step.kind != .noApproval {
            gates.append(Gate(id: "approval", criterion: "approval", verdict: .passed, value: step.approver, threshold: "1 of release-board", reason: ""))
        }
        return gates
    }

    private func rollBack(_ step: YearPlan.Step, _ failed: String) throws {
        let id = failed + "-back"
        let subject = PromotionSubject(promotion: id, service: step.service, version: step.previous, stage: "prod", workflow: "storefront")
        let broken = PromotionSubject(promotion: failed, service: step.service, version: step.version, stage: "prod", workflow: "storefront")
        let at = step.at + .seconds(step.spans[3] + 240 + position % 600)
        let plan = Digest.sha256("plan \(id)")
        try append(.requested(PromotionRequested(subject: subject, from: nil, requester: "rita", trigger: .rollback, planDigest: plan, reason: "errors above 2 %")), "rita", at)
        let commitID = try commit(
            .commit(
                service: step.service, version: step.previous, author: "rita",
                message: "Roll \(step.service) back to \(step.previous)\n\nGradus-Promotion: \(id)\n"), at)
        try append(.admitted(PromotionAdmitted(subject: subject, planDigest: plan, base: commitID, gates: [], approvedBy: [])), "rita", at)
        // A promotion that has failed has ended.
        if step.kind == .rolledBack {
            try append(.rolledBack(PromotionClosed(subject: broken, reason: "\(step.previous) took its place")), "rita", at)
        }
        let edits = [FieldEdit(file: Self.file(step.service), field: Self.field(step.service), old: step.version, new: step.previous)]
        try append(.delivered(PromotionDelivered(subject: subject, commit: commitID, edits: edits)), "rita", at + .seconds(5))
        try append(.succeeded(PromotionClosed(subject: subject, reason: "healthy for 1m")), "rita", at + .seconds(90))
    }

    private func changeOutside(_ step: YearPlan.Step) throws {
        let commitID = try commit(.commit(service: step.service, version: step.version, author: step.author, message: "hot fix, will clean up later"), step.at)
        guard step.kind == .external else { return }
        let edits = [FieldEdit(file: Self.file(step.service), field: Self.field(step.service), old: step.previous, new: step.version)]
        try append(
            .externalChange(
                ExternalChange(
                    service: step.service, stage: "prod", workflow: "storefront", version: step.version, commit: commitID,
                    author: "\(step.author) <\(step.author)@example.com>", edits: edits)), "reconciler", step.at + .seconds(300))
    }
}
