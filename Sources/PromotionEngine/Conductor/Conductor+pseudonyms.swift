internal import WorkflowModel

extension Conductor {
    /// Records that readers show a person by another name from now on; what decides still goes by the id.
    ///
    /// Without a name the person keeps the one that was given before, or gets `person-N`. Throws a usage error for an empty
    /// id and for a name that is somebody's, `notPermitted` for who may not.
    ///
    /// - Parameter also: other spellings of the same person, such as a mail address.
    public func pseudonymise(
        _ subject: String, as name: String? = nil, also: [String] = [], reason: String, dryRun: Bool = false
    ) throws -> RecordReport {
        try racing("give a pseudonym") {
            let context = try context()
            var snapshot = try decidableState(LedgerScope(services: []))
            guard try authorizePseudonym(context.rules, &snapshot, dryRun: dryRun) else { return nil }
            let given = snapshot.state.pseudonyms
            let before = given.first { $0.subject == subject || $0.also.contains(subject) }
            let pseudonym = name ?? before?.pseudonym ?? "person-\(snapshot.seq + 1)"
            let id = before?.subject ?? subject
            let spellings = Set((before?.also ?? []) + also).subtracting([id]).sorted()
            try check(pseudonym, for: [id] + spellings, given.filter { $0.subject != id }, context.rules.people)
            let fact = SubjectPseudonymised(subject: id, pseudonym: pseudonym, also: spellings, reason: reason)
            let next = "readers show \(pseudonym) from now on; what Git itself still shows is told in docs/audit.md"
            if let before, before.pseudonym == pseudonym, before.also == spellings { return RecordReport(record: nil, next: next) }
            return try write(.subjectPseudonymised(fact), to: &snapshot, next: next, dryRun: dryRun)
        }
    }

    /// The persons that have a pseudonym, with it, in the order in which they got one.
    public func pseudonyms() throws -> Pseudonyms { Pseudonyms(try ledger.load(LedgerScope(services: [])).state.pseudonyms) }

    /// The state for lists and views. Of the past too, persons are shown as they are called now.
    func shown(_ state: LedgerState) -> LedgerState { state.shown(by: pseudonymsNow ?? Pseudonyms(state.pseudonyms)) }

    private func check(_ pseudonym: String, for spellings: [String], _ others: [SubjectPseudonymised], _ people: People) throws {
        for text in spellings + [pseudonym] {
            let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            guard !text.isEmpty, text.utf8.count <= TextLimit.ticket, isPlain else {
                throw PromotionError(.usage, "an id or name is empty, too long or holds control characters", hint: "name the id as `gradus history` shows it")
            }
        }
        let taken = others.first { $0.pseudonym == pseudonym || $0.subject == pseudonym || $0.also.contains(pseudonym) }
        if taken != nil || spellings.contains(pseudonym) || people.people[pseudonym] != nil || people.groups[pseudonym] != nil {
            throw PromotionError(
                .usage, "'\(pseudonym)' names somebody already", hint: "choose another name with --as, or leave it out; another id of one person is --also")
        }
        for spelling in spellings {
            guard let other = others.first(where: { $0.subject == spelling || $0.also.contains(spelling) || $0.pseudonym == spelling }) else { continue }
            throw PromotionError(.usage, "one of the names belongs to \(other.pseudonym) already", hint: "give each person names of their own")
        }
    }

    /// Throws `notPermitted` after recording it; false when the race to record it was lost.
    private func authorizePseudonym(_ rules: Rules, _ snapshot: inout LedgerSnapshot, dryRun: Bool) throws -> Bool {
        guard let objection = rules.people.objection(to: .pseudonymise, by: initiator.id, service: nil, stage: nil) else { return true }
        let denied = ActionDenied(
            action: Permission.Action.pseudonymise.rawValue, service: nil, stage: nil, version: nil, workflow: nil, reason: objection)
        let denial = Denial(denied, person: initiator.id, rules: draft(.denied(denied)).rules)
        if !dryRun, !snapshot.state.denials.contains(denial), try append([.denied(denied)], to: &snapshot) == nil { return false }
        throw PromotionError(
            .notPermitted, "\(initiator.id) may not pseudonymise: \(objection)",
            hint: "permissions are given in \(rules.people.path ?? "workflows/groups.yaml"), under `permissions:`")
    }
}
