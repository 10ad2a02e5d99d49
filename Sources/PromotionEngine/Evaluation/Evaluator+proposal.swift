internal import WorkflowModel

extension Evaluator {
    /// What is proposed for this release.
    private var proposal: Proposal? {
        guard let open = state.undelivered(stage.name), open.version == release.version else { return nil }
        return open.proposal
    }

    private func unopened(_ draft: GateDraft) -> Gate {
        draft.gate(
            .waiting, reason: "no pull request is open yet",
            clearWith: "gradus promote \(service.name) --to \(stage.name) --version \(release.version)")
    }

    /// A reviewer approved the head that is proposed, and none asks for changes.
    func pullRequestGate(_ draft: GateDraft) -> Gate {
        guard let proposal, let number = proposal.number else { return unopened(draft) }
        let reviews = proposal.observed?.reviews ?? []
        let source = "reviews of pull request \(number)"
        let opposed = reviews.filter { $0.verdict == .changesRequested }.map(\.reviewer)
        if !opposed.isEmpty {
            return draft.gate(
                .waiting, value: "changes requested", reason: "\(opposed.joined(separator: ", ")) asks for changes", source: source,
                clearWith: proposal.proposed.url)
        }
        let (fresh, stale) = reviews.filter { $0.verdict == .approved }.partitioned { $0.commit.map { $0 == proposal.head } ?? true }
        guard !fresh.isEmpty else {
            let was = stale.isEmpty ? "" : "; \(stale.map(\.reviewer).joined(separator: ", ")) approved an earlier head"
            return draft.gate(
                .waiting, reason: "nobody has approved \(proposal.head.prefix(10))\(was)", source: source, clearWith: proposal.proposed.url)
        }
        let names = fresh.map(\.reviewer).joined(separator: ", ")
        return draft.gate(.passed, value: "approved by \(names)", reason: "\(names) approved \(proposal.head.prefix(10))", source: source)
    }

    /// Every check of the proposed head succeeded; Gradus's own statuses are none.
    func checksGate(_ draft: GateDraft) -> Gate {
        guard let proposal, let number = proposal.number else { return unopened(draft) }
        let checks = proposal.observed?.checks ?? []
        let source = "checks of pull request \(number)"
        guard !checks.isEmpty else {
            return draft.gate(.waiting, reason: "no check has reported on \(proposal.head.prefix(10))", source: source)
        }
        let passed = checks.count { $0.state == .success }
        let value = "\(passed) of \(checks.count)"
        func names(_ state: ForgeCheck.State) -> String { checks.filter { $0.state == state }.map(\.name).joined(separator: ", ") }
        if checks.contains(where: { $0.state == .failure }) {
            return draft.gate(.failed, value: value, reason: "failed: \(names(.failure))", source: source)
        }
        if passed < checks.count { return draft.gate(.waiting, value: value, reason: "waits for \(names(.pending))", source: source) }
        return draft.gate(.passed, value: value, reason: "all \(passed) checks succeeded", source: source)
    }
}

extension Array {
    fileprivate func partitioned(_ isFirst: (Element) -> Bool) -> (first: [Element], second: [Element]) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}
