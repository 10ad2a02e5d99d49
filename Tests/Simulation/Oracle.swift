import PromotionEngine
import WorkflowModel

/// A second, naive reading of the rules: whether an admission was right, told from the records before it alone.
struct Oracle {
    let records: [LedgerRecord]
    let people: [String: [String]]

    func fault(of admitted: PromotionAdmitted, in record: LedgerRecord, _ world: SimulatedWorld) -> String? {
        let subject = admitted.subject
        guard let base = world.branch.commits[admitted.base] else { return "its base \(admitted.base) is no commit" }
        if let fault = standing(subject) ?? restrictionFault(subject, at: record.at) { return fault }
        if admitted.gates.contains(where: { $0.verdict != .passed }) { return "a gate of its record did not pass" }
        if isRollback(subject) { return rollbackFault(admitted, world) }
        guard isRegistered(subject) else { return "\(subject.version) is not registered" }
        let upstream = SimulatedRules.stages.firstIndex(of: subject.stage).flatMap { $0 > 0 ? SimulatedRules.stages[$0 - 1] : nil }
        if let upstream, let fault = upstreamFault(subject, upstream, at: record.at) { return fault }
        if let fault = criteriaFault(subject, base.rules, at: record.at) { return fault }
        if let fault = approvalFault(admitted, base.rules) { return fault }
        if isAutomatic(subject.promotion, with: record), let fault = automationFault(subject) { return fault }
        let expected: Set<String> =
            switch subject.stage {
            case "dev": []
            case "qa": ["upstream", "dev.exit.test_pass_rate"]
            default: ["upstream", "qa.exit.soak_duration", "prod.entry.security_scan", "approval"]
            }
        return Set(admitted.gates.map(\.id)) == expected.union(["freeze", "hold"]) ? nil : "its gates are \(admitted.gates.map(\.id))"
    }

    private func isRegistered(_ subject: PromotionSubject) -> Bool {
        records.contains { record in
            if case .releaseRegistered(let release) = record.fact {
                release.service == subject.service && release.version == subject.version
            } else {
                false
            }
        }
    }

    /// Open, not admitted, and alone in its cell.
    private func standing(_ subject: PromotionSubject) -> String? {
        var phase: String?
        var admittedOthers: Set<String> = []
        for record in records {
            guard let id = record.fact.promotion, record.fact.service == subject.service, record.fact.stage == subject.stage
            else { continue }
            let type = record.fact.type
            guard ["requested", "admitted", "delivered", "succeeded", "failed", "withdrawn", "superseded", "aborted", "rejected"].contains(type)
            else { continue }
            if id == subject.promotion {
                phase = type == "requested" && phase != nil ? phase : type == "withdrawn" ? "requested" : type
            } else if type == "admitted" {
                admittedOthers.insert(id)
            } else if type != "requested" {
                admittedOthers.remove(id)
            }
        }
        if phase != "requested" { return "it is \(phase ?? "not requested")" }
        return admittedOthers.isEmpty ? nil : "\(admittedOthers.sorted()) is admitted there"
    }

    private func upstreamFault(_ subject: PromotionSubject, _ upstream: String, at now: Instant) -> String? {
        var outcome: String?
        for record in records
        where record.fact.service == subject.service && record.fact.releaseVersion == subject.version && record.fact.stage == upstream {
            if ["delivered", "succeeded", "failed", "rolled_back"].contains(record.fact.type) { outcome = record.fact.type }
        }
        if outcome == "succeeded" { return nil }
        if outcome == "delivered", upstream == "qa", healthy(subject, upstream, at: now) >= SimulatedRules.verify.seconds { return nil }
        return "\(subject.version) is \(outcome ?? "unknown") in \(upstream)"
    }

    private func criteriaFault(_ subject: PromotionSubject, _ rules: Int, at now: Instant) -> String? {
        if subject.stage == "qa" {
            let rate = latest("test_pass_rate", subject, ["dev"]).flatMap(Double.init) ?? -1
            if rate < Double(SimulatedRules.threshold(rules)) { return "its test_pass_rate is \(rate)" }
        }
        guard subject.stage == "prod" else { return nil }
        if latest("security_scan", subject, ["qa", "prod"]) != "pass" { return "its security_scan did not pass" }
        let time = healthy(subject, "qa", at: now)
        return time < SimulatedRules.soak.seconds ? "it was healthy in qa for \(time) s" : nil
    }

    private func latest(_ key: String, _ subject: PromotionSubject, _ stages: Set<String>) -> String? {
        var value: String?
        for case .evidencePosted(let posted) in records.map(\.fact)
        where posted.service == subject.service && posted.version == subject.version {
            guard posted.stage.map(stages.contains) ?? true, let new = posted.values[key] else { continue }
            value = new
        }
        return value
    }

    /// Seconds of unbroken health of the version's last stay in the stage, up to its end.
    private func healthy(_ subject: PromotionSubject, _ stage: String, at now: Instant) -> Int {
        var promotion: String?
        var since: Instant?
        var end: Instant?
        for record in records where record.fact.service == subject.service && record.fact.stage == stage {
            switch record.fact {
            case .delivered(let delivered):
                if delivered.subject.version == subject.version {
                    (promotion, since, end) = (delivered.subject.promotion, nil, nil)
                } else if promotion != nil, end == nil {
                    end = record.at
                }
            case .externalChange: if promotion != nil, end == nil { end = record.at }
            case .healthObserved(let health) where end == nil && health.version == subject.version && health.promotion == promotion && promotion != nil:
                since = health.status == .healthy ? since ?? record.at : nil
            default: break
            }
        }
        guard let since else { return -1 }
        return (min(end ?? now, now) - since).seconds
    }

    private func approvalFault(_ admitted: PromotionAdmitted, _ rules: Int) -> String? {
        let subject = admitted.subject
        func isSame(_ decision: ApprovalDecision) -> Bool {
            decision.service == subject.service && decision.version == subject.version && decision.stage == subject.stage
                && decision.planDigest == admitted.planDigest
        }
        var yes: Set<String> = []
        var no: Set<String> = []
        var requester = ""
        for record in records {
            switch record.fact {
            case .approvalGiven(let decision) where isSame(decision): yes.insert(record.initiator.id)
            case .approvalWithdrawn(let decision) where isSame(decision): yes.remove(record.initiator.id)
            case .rejected(let decision) where isSame(decision): no.insert(record.initiator.id)
            case .rejectionWithdrawn(let decision) where isSame(decision): no.remove(record.initiator.id)
            case .requested(let requested) where requested.subject.promotion == subject.promotion: requester = requested.requester
            default: break
            }
        }
        if !no.isEmpty { return "\(no.sorted()) rejected it" }
        guard subject.stage == "prod" else { return admitted.approvedBy.isEmpty ? nil : "nobody had to approve it" }
        let allowed = yes.filter { $0 != requester && $0 != SimulatedRules.author && people["platform"]?.contains($0) == true }
        if allowed.count < SimulatedRules.approvals(rules) { return "only \(allowed.sorted()) approved it" }
        return Set(admitted.approvedBy) == allowed ? nil : "its record says that \(admitted.approvedBy) approved it, not \(allowed.sorted())"
    }

    private func isAutomatic(_ promotion: String, with record: LedgerRecord) -> Bool {
        // A person may carry on by hand what automation began.
        record.initiator.id == "robot" && records.contains { before in
            if case .requested(let requested) = before.fact { requested.subject.promotion == promotion && requested.trigger == .automation } else { false }
        }
    }

    private func automationFault(_ subject: PromotionSubject) -> String? {
        guard subject.stage != "prod" else { return "prod is not entered by itself" }
        var present: String?
        for record in records where record.fact.service == subject.service && record.fact.stage == subject.stage {
            switch record.fact {
            case .delivered(let delivered):
                if delivered.subject.version == subject.version, delivered.subject.promotion != subject.promotion {
                    return "\(subject.version) was there before"
                }
                present = delivered.subject.version
            case .externalChange(let change): present = change.version ?? present
            default: break
            }
        }
        guard let present, let old = SemanticVersion(present), let new = SemanticVersion(subject.version) else { return nil }
        return !(new < old) ? nil : "automation puts \(subject.version) over \(present)"
    }
}
