internal import WorkflowModel

extension Evaluator {
    /// All approval rules of the stage as one gate.
    func approvalGate() -> Gate {
        let draft = GateDraft(
            id: "approval", criterion: "approval",
            threshold: stage.approvals.isEmpty ? nil : stage.approvals.map(\.summary).joined(separator: " AND "))
        if let no = standing(release.rejections).first {
            return draft.gate(
                .failed, value: "rejected by \(no.person)",
                reason: "\(no.name ?? no.person) rejected it" + (no.reason.map { ": \($0)" } ?? ""),
                source: "rejection of \(no.at)", since: no.at,
                clearWith: "gradus reject \(service.name)@\(stage.name) --withdraw  (by \(no.person))")
        }
        let given = standing(release.approvals)
        var unmet: [String] = []
        if let fault = restrictions.signatures.fault, stage.approvals.contains(where: \.authenticated) {
            return draft.gate(
                .errored, value: given.isEmpty ? nil : given.map(\.person).joined(separator: ", "),
                reason: "signatures could not be checked: \(fault)")
        }
        for rule in stage.approvals {
            if rule.authorMustBeKnown, release.release.authors.isEmpty {
                unmet.append("the author of \(release.version) is unknown and must not approve")
                continue
            }
            let counted = given.filter { rejects($0, rule) == nil }
            let short = rule.minimum - Set(counted.map(\.person)).count
            if short > 0 { unmet.append("\(short) more approval\(short == 1 ? "" : "s") of \(names(rule))") }
            for group in rule.required
            where !counted.contains(where: { people.isMember($0.person, of: group, owner: service.owner) }) {
                unmet.append("an approval from \(group)")
            }
        }
        let value = given.isEmpty ? nil : given.map(\.person).joined(separator: ", ")
        guard unmet.isEmpty else {
            return draft.gate(
                .waiting, value: value, reason: "missing: " + unmet.joined(separator: "; ") + notes(given),
                source: value.map { "approvals of \($0)" },
                clearWith: "gradus approve \(service.name)@\(stage.name)"
                    // Without a version an answer is about the open promotion, or about what would be opened now.
                    + (VersionChoice(workflow: workflow, stage: stage, state: state).byDefault == release.version ? "" : " --version \(release.version)"))
        }
        let counted = approvers().joined(separator: ", ")
        return draft.gate(
            .passed, value: counted, reason: "approved by \(counted)", source: "approvals of \(counted)",
            since: given.last?.at)
    }

    /// A rejection stands for this release, stage and plan, also where the stage asks for no approval.
    var isRejected: Bool { !standing(release.rejections).isEmpty }

    /// Subject ids of those whose approvals count for any rule, in the order given.
    public func approvers() -> [String] {
        standing(release.approvals).filter { opinion in stage.approvals.contains { rejects(opinion, $0) == nil } }
            .map(\.person)
    }

    /// Why `person` could not approve this promotion; nil when the approval would count for a rule of the stage.
    public func objection(toApprovalBy person: String) -> String? {
        let opinion = ReleaseState.Opinion(
            person: person, name: nil, stage: stage.name, digest: release.release.digest, planDigest: planDigest,
            at: now, reason: nil)
        var objections: [String] = []
        for rule in stage.approvals {
            guard let objection = rejects(opinion, rule) else { return nil }
            objections.append(objection)
        }
        return objections.first
    }

    /// Those that were given for exactly this release, stage and plan.
    func standing(_ opinions: [ReleaseState.Opinion]) -> [ReleaseState.Opinion] {
        opinions.filter {
            $0.stage == stage.name && $0.planDigest == planDigest && $0.digest == release.release.digest
        }
    }

    /// Why `person` may not reject this promotion: whoever is asked for approvals may say no, requester and authors too.
    public func objection(toRejectionBy person: String) -> String? {
        let asked = stage.approvals.flatMap { $0.from.isEmpty ? [] : $0.from + $0.required }
        let isOpen = stage.approvals.isEmpty || stage.approvals.contains { $0.from.isEmpty }
        let concerned = [requester] + release.release.authors
        guard isOpen || concerned.contains(person)
            || asked.contains(where: { people.isMember(person, of: $0, owner: service.owner) })
        else { return "\(person) is not in \(asked.joined(separator: " or "))" }
        return nil
    }

    private func rejects(_ opinion: ReleaseState.Opinion, _ rule: ApprovalRule) -> String? {
        if rule.forbid.contains(.requester), opinion.person == requester {
            return "\(opinion.person) requested the promotion and may not approve it"
        }
        if rule.forbid.contains(.author), release.release.authors.contains(opinion.person) {
            return "\(opinion.person) is an author of \(release.version) and may not approve it"
        }
        if let expires = rule.expires, now - opinion.at > expires {
            return "the approval of \(opinion.person) expired after \(expires)"
        }
        // A forge knows who its reviewers are. What is not on record yet will be signed, or will not count.
        if rule.authenticated, opinion.via == nil, let record = opinion.seq, !restrictions.signatures.verified.contains(record) {
            return "the approval of \(opinion.person) is not signed by a key of \(opinion.person) in groups.yaml"
        }
        guard rule.from.isEmpty || (rule.from + rule.required).contains(where: {
            people.isMember(opinion.person, of: $0, owner: service.owner)
        }) else { return "\(opinion.person) is not in \(rule.from.joined(separator: " or "))" }
        return nil
    }

    /// The rule's groups, each with those of its members who may act.
    private func names(_ rule: ApprovalRule) -> String {
        guard !rule.from.isEmpty else { return "anyone" }
        return rule.from.map { group in
            let members = people.members(of: group, owner: service.owner).filter { member in
                member != group && !(rule.forbid.contains(.requester) && member == requester)
                    && !(rule.forbid.contains(.author) && release.release.authors.contains(member))
            }
            return members.isEmpty ? group : "\(group) (\(members.joined(separator: ", ")))"
        }.joined(separator: " or ")
    }

    /// What people gave that does not count, and why.
    private func notes(_ given: [ReleaseState.Opinion]) -> String {
        var notes: [String] = []
        for opinion in given {
            let objections = stage.approvals.compactMap { rejects(opinion, $0) }
            if objections.count == stage.approvals.count, let first = objections.first { notes.append(first) }
        }
        let void = release.approvals.filter { $0.stage == stage.name && $0.planDigest != planDigest }
        if !void.isEmpty {
            notes.append("void because the plan changed: approval of \(void.map(\.person).joined(separator: ", "))")
        }
        return notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    }
}
