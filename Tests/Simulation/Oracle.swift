import PromotionEngine
import WorkflowModel

/// A second, naive reading of the rules: whether an admission was right, told from the records before it alone.
struct Oracle {
    let records: [LedgerRecord]
    let people: [String: [String]]

    func fault(of admitted: PromotionAdmitted, in record: LedgerRecord, _ world: SimulatedWorld) -> String? {
        let subject = admitted.subject
        guard let base = world.branch.commits[admitted.base] else { return "its base \(admitted.base) is no commit" }
        if RulesVariant(of: record)?.code != base.rules { return "its record names other rules than those of its base" }
        if let fault = standing(subject) { return fault }
        if admitted.gates.contains(where: { $0.verdict != .passed && !$0.isSkipped }) { return "a gate of its record did not pass" }
        let skipped = Set(admitted.gates.filter(\.isSkipped).map(\.id))
        switch trigger(of: subject) {
        case .rollback?: return skipped.isEmpty ? rollbackFault(admitted, at: record.at, world) : "a rollback skips gates"
        case .restore?: return skipped.isEmpty ? restoreFault(admitted, at: record.at) : "what is put back skips gates"
        default: break
        }
        guard isRegistered(subject) else { return "\(subject.version) is not registered" }
        let rules = RulesVariant(base.rules)
        if !skipped.isEmpty, let fault = glassFault(admitted, skipped) { return fault }
        if let fault = closed(subject, admitted.planDigest, rules, at: record.at, on: base.id, world).first(where: { !skipped.contains($0.gate) }) {
            return fault.reason
        }
        if subject.stage == "prod" {
            let allowed = opinions(subject, admitted.planDigest).allowed
            if Set(admitted.approvedBy) != allowed {
                return "its record says that \(admitted.approvedBy) approved it, not \(allowed.sorted())"
            }
        } else if !admitted.approvedBy.isEmpty {
            return "nobody had to approve it"
        }
        if isAutomatic(subject.promotion, with: record), let fault = automationFault(subject, rules) { return fault }
        let known = gates(subject, admitted.planDigest, rules, on: base.id, world)
        return Set(admitted.gates.map(\.id)) == known ? nil : "its gates are \(admitted.gates.map(\.id)), not \(known.sorted())"
    }

    /// Every gate that is closed for the release, and why; whoever broke glass may go past it.
    func closed(
        _ subject: PromotionSubject, _ planDigest: String, _ rules: RulesVariant, at now: Instant, on tip: String, _ world: SimulatedWorld
    ) -> [(gate: String, reason: String)] {
        var found = restrictions(subject, at: now)
        let loosening = loosening(subject, planDigest, at: tip, world)
        if !loosening.people.isEmpty, !loosening.isReviewed {
            found.append(("rules_settled", "\(loosening.people.sorted()) loosened the rules"))
        }
        let upstream = SimulatedRules.stages.firstIndex(of: subject.stage).flatMap { $0 > 0 ? SimulatedRules.stages[$0 - 1] : nil }
        if let upstream, let fault = upstreamFault(subject, upstream, at: now) { found.append(("upstream", fault)) }
        found += criteria(subject, rules, at: now)
        if let fault = approvalFault(subject, planDigest, rules) { found.append(("approval", fault)) }
        if let fault = queueFault(subject, rules) { found.append(("queue", fault)) }
        let lost = owed(subject).filter { !contained(subject).contains($0.version) }
        if let first = lost.first { found.append(("backfill", "it does not contain \(first.version)")) }
        return found
    }

    /// Every gate that has to be on record.
    private func gates(
        _ subject: PromotionSubject, _ planDigest: String, _ rules: RulesVariant, on tip: String, _ world: SimulatedWorld
    ) -> Set<String> {
        var gates: Set<String> = ["freeze", "hold"]
        switch subject.stage {
        case "dev": break
        case "qa": gates.formUnion(["upstream", "dev.exit.test_pass_rate"])
        default: gates.formUnion(["upstream", "qa.exit.soak_duration", "prod.entry.security_scan", "approval"])
        }
        if !opinions(subject, planDigest).no.isEmpty { gates.insert("approval") }
        if rules.queue(subject.stage) != .latest { gates.insert("queue") }
        if !owed(subject).isEmpty { gates.insert("backfill") }
        if isYanked(subject) { gates.insert("yank") }
        if !loosening(subject, planDigest, at: tip, world).people.isEmpty { gates.insert("rules_settled") }
        return gates
    }

    func trigger(of subject: PromotionSubject) -> PromotionRequested.Trigger? {
        for case .requested(let requested) in records.map(\.fact) where requested.subject.promotion == subject.promotion {
            return requested.trigger
        }
        return nil
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
        for record in records where record.fact.service == subject.service && record.fact.releaseVersion == subject.version {
            // What became of a baseline of that version before is no evidence of the release.
            if case .releaseRegistered = record.fact { outcome = nil }
            guard record.fact.stage == upstream else { continue }
            if ["delivered", "succeeded", "failed", "rolled_back"].contains(record.fact.type) { outcome = record.fact.type }
        }
        if outcome == "succeeded" { return nil }
        if outcome == "delivered", upstream == "qa", healthy(subject, upstream, at: now) >= SimulatedRules.verify.seconds { return nil }
        return "\(subject.version) is \(outcome ?? "unknown") in \(upstream)"
    }

    private func criteria(_ subject: PromotionSubject, _ rules: RulesVariant, at now: Instant) -> [(gate: String, reason: String)] {
        var found: [(gate: String, reason: String)] = []
        if subject.stage == "qa" {
            let rate = latest("test_pass_rate", subject, ["dev"]).flatMap(Double.init) ?? -1
            if rate < Double(rules.threshold) { found.append(("dev.exit.test_pass_rate", "its test_pass_rate is \(rate)")) }
        }
        guard subject.stage == "prod" else { return found }
        if latest("security_scan", subject, ["qa", "prod"]) != "pass" {
            found.append(("prod.entry.security_scan", "its security_scan did not pass"))
        }
        let time = healthy(subject, "qa", at: now)
        if time < SimulatedRules.soak.seconds { found.append(("qa.exit.soak_duration", "it was healthy in qa for \(time) s")) }
        return found
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

    /// Who rejected it, and whose approvals count, for this plan.
    func opinions(_ subject: PromotionSubject, _ planDigest: String) -> (no: Set<String>, allowed: Set<String>) {
        var no: Set<String> = []
        for record in records {
            switch record.fact {
            case .rejected(let decision) where isSame(decision, subject, planDigest): no.insert(record.initiator.id)
            case .rejectionWithdrawn(let decision) where isSame(decision, subject, planDigest): no.remove(record.initiator.id)
            default: break
            }
        }
        let (yes, requester) = given(subject, planDigest)
        return (no, yes.filter { $0 != requester && $0 != SimulatedRules.author && people["platform"]?.contains($0) == true })
    }

    /// Whose approvals stand for this plan, whether or not they count, and who asked for the promotion.
    func given(_ subject: PromotionSubject, _ planDigest: String) -> (approved: Set<String>, requester: String) {
        var approved: Set<String> = []
        var requester = ""
        for record in records {
            switch record.fact {
            case .approvalGiven(let decision) where isSame(decision, subject, planDigest): approved.insert(record.initiator.id)
            case .approvalWithdrawn(let decision) where isSame(decision, subject, planDigest): approved.remove(record.initiator.id)
            case .requested(let requested) where requested.subject.promotion == subject.promotion: requester = requested.requester
            default: break
            }
        }
        return (approved, requester)
    }

    private func isSame(_ decision: ApprovalDecision, _ subject: PromotionSubject, _ planDigest: String) -> Bool {
        decision.service == subject.service && decision.version == subject.version && decision.stage == subject.stage
            && decision.planDigest == planDigest
    }

    private func approvalFault(_ subject: PromotionSubject, _ planDigest: String, _ rules: RulesVariant) -> String? {
        let (no, allowed) = opinions(subject, planDigest)
        if !no.isEmpty { return "\(no.sorted()) rejected it" }
        return subject.stage == "prod" && allowed.count < rules.approvals ? "only \(allowed.sorted()) approved it" : nil
    }

    private func isAutomatic(_ promotion: String, with record: LedgerRecord) -> Bool {
        // A person may carry on by hand what automation began.
        record.initiator.id == "robot" && records.contains { before in
            if case .requested(let requested) = before.fact { requested.subject.promotion == promotion && requested.trigger == .automation } else { false }
        }
    }

    private func automationFault(_ subject: PromotionSubject, _ rules: RulesVariant) -> String? {
        if subject.stage == "prod", !rules.entersProd { return "prod is not entered by itself" }
        let cell = CellReading(records, subject.service, subject.stage)
        if let outcome = cell.outcomes[subject.version] { return "\(subject.version) was there before: \(outcome)" }
        guard let present = cell.present, let old = SemanticVersion(present), let new = SemanticVersion(subject.version) else { return nil }
        return !(new < old) ? nil : "automation puts \(subject.version) over \(present)"
    }
}
