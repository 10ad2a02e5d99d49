extension LedgerState {
    /// The state as readers may see it: persons by their pseudonyms, wherever a list or a release names them. Nothing is decided
    /// on it; what is open keeps the ids by which it is decided.
    func shown(by pseudonyms: Pseudonyms) -> LedgerState {
        if pseudonyms.isEmpty { return self }
        var shown = self
        shown.services = services.mapValues { $0.shown(by: pseudonyms) }
        shown.freezes = freezes.map { pseudonyms.shown($0, \.owner, reason: \.reason) }
        return shown
    }
}

extension Pseudonyms {
    /// A value with its person and its reason as readers may see them.
    fileprivate func shown<Value>(
        _ value: Value, _ who: WritableKeyPath<Value, String>, reason: WritableKeyPath<Value, String>
    ) -> Value {
        var shown = value
        shown[keyPath: who] = person(value[keyPath: who])
        shown[keyPath: reason] = sentence(value[keyPath: reason])
        return shown
    }
}

extension ServiceState {
    fileprivate func shown(by pseudonyms: Pseudonyms) -> ServiceState {
        var shown = self
        shown.releases = releases.mapValues { $0.shown(by: pseudonyms) }
        shown.holds = holds.map { pseudonyms.shown($0, \.owner, reason: \.reason) }
        shown.reviews = reviews.map { pseudonyms.shown($0, \.by, reason: \.reason) }
        return shown
    }
}

extension ReleaseState {
    fileprivate func shown(by pseudonyms: Pseudonyms) -> ReleaseState {
        var shown = self
        shown.release.authors = release.authors.map(pseudonyms.person)
        shown.release.irreversible = release.irreversible.map(pseudonyms.sentence)
        shown.registeredBy = pseudonyms.person(registeredBy)
        for position in shown.evidence.indices { shown.evidence[position].postedBy = pseudonyms.person(evidence[position].postedBy) }
        shown.approvals = approvals.map { $0.shown(by: pseudonyms) }
        shown.rejections = rejections.map { $0.shown(by: pseudonyms) }
        if let yanked {
            shown.yanked?.by = pseudonyms.person(yanked.by)
            shown.yanked?.reason = pseudonyms.sentence(yanked.reason)
        }
        return shown
    }
}

extension ReleaseState.Opinion {
    fileprivate func shown(by pseudonyms: Pseudonyms) -> ReleaseState.Opinion {
        var shown = self
        shown.person = pseudonyms.person(person)
        // The name beside an id is the person's too.
        if shown.person != person { shown.name = nil }
        shown.reason = reason.map(pseudonyms.sentence)
        return shown
    }
}
