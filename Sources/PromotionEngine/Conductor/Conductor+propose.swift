internal import WorkflowModel

extension Stage {
    /// Promotions reach the branch only when somebody merges what is proposed.
    var isProposed: Bool { delivery != .commit }
}

extension EditPlan {
    /// SHA-256 over the files that it writes: a proposal with other ones must be made anew.
    var contentDigest: String {
        let content = files.sorted { $0.key < $1.key }.map { path, content -> JSONValue in
            switch content {
            case .bytes(let bytes): [.string(path), .string(Digest.sha256(bytes))]
            case .object(let id, let mode): [.string(path), .string(id), .int(Int(mode))]
            case .removed: [.string(path)]
            }
        }
        return Digest.sha256(JSONValue.array(content).canonicalText)
    }
}

extension Conductor {
    /// How the name of every delivery branch begins.
    public static let branchPrefix = "gradus-promote/"

    /// The delivery branch of a cell, without `refs/heads/`.
    static func branch(_ service: String, _ stage: String) -> String { "\(branchPrefix)\(service)/\(stage)" }

    /// True when what is proposed is not what would be proposed now.
    func mustPropose(_ open: Promotion, _ plan: EditPlan, _ digest: String, _ head: ProposedHead?, tip: String) -> Bool {
        guard let proposal = open.proposal, let head, head.commit == proposal.head else { return true }
        if proposal.proposed.planDigest != digest || proposal.proposed.content != plan.contentDigest { return true }
        // The forge may have refused because the branch is behind.
        return proposal.declined != nil && proposal.base != tip
    }

    /// Makes the delivery branch, and opens its pull request; what exists of it already is taken up. Nil when a race was lost.
    ///
    /// The order of effects is what makes it safe to die anywhere: the request is on record, the pull request of another
    /// promotion is closed before its branch is taken over, and only then is the own one opened.
    func propose(
        _ open: Promotion, _ intent: EditIntent, _ plan: EditPlan, _ digest: String, _ gates: [Gate], _ release: ReleaseState?,
        tip: String
    ) throws -> Fact? {
        let stage = intent.stage
        let branch = Self.branch(open.service, open.stage)
        let delivery = Delivery(promotion: open, intent: intent, plan: plan, planDigest: digest, initiator: initiator)
        let forge = stage.delivery == .pullRequest ? try forges.forge(for: stage) : nil
        let story = ProposalStory(delivery: delivery, gates: gates, approvers: [], evidence: evidence(of: release))
        // A template that is none is found before anything is opened.
        let text = try forge.map { _ in try proposals.text(of: story) }
        let present = try proposals.proposedHead(of: branch, for: stage)
        let isOwn = present?.promotions.contains(open.id) ?? false
        let head: String
        if let present, isOwn, present.planDigest == digest, present.parent == tip {
            head = present.commit
        } else {
            if let forge, let present { try replace(present, isOwn: isOwn, of: open, branch, forge) }
            guard let made = try proposals.propose(delivery, on: branch, over: present?.commit, tip: tip, at: pace.now) else { return nil }
            head = made
        }
        var opened: PullRequest?
        if let forge, let text {
            opened = try forge.open(
                PullRequestDraft(
                    title: text.title, body: text.body, headBranch: branch, baseBranch: try proposals.targetBranch(of: stage), labels: stage.pullRequest.labels,
                    assignees: stage.pullRequest.assignees, reviewers: stage.pullRequest.reviewers))
        }
        proposedNow.insert(open.id)
        return .proposed(
            PromotionProposed(
                subject: open.subject, planDigest: digest, base: tip, branch: branch, head: head, content: plan.contentDigest,
                number: opened?.number, url: opened?.url, forge: opened.flatMap { _ in forge?.name }, edits: plan.edits))
    }

    /// Proposes a rollback that the branch itself does not take; why, in words. Nil when a race was lost.
    func expedite(_ delivery: Delivery, _ words: String, _ tip: String, _ snapshot: inout LedgerSnapshot) throws -> String? {
        let open = delivery.promotion
        let proposed = try propose(
            open, delivery.intent, delivery.plan, delivery.planDigest, [],
            snapshot.state.service(open.service).releases[open.version], tip: tip)
        guard let proposed else { return nil }
        let reason = "\(words); it is proposed on \(Self.branch(open.service, open.stage))"
        let facts: [Fact] = [.withdrawn(PromotionClosed(subject: open.subject, reason: reason)), proposed]
        return try append(facts, to: &snapshot) == nil ? nil : reason
    }

    /// Ends what the branch was about, before it is made anew: another promotion's pull request is closed; in its own one, a
    /// commit that somebody added is named so that it can be found again.
    private func replace(_ present: ProposedHead, isOwn: Bool, of open: Promotion, _ branch: String, _ forge: any ForgePort) throws {
        guard let pull = try forge.pullRequest(from: branch), pull.state == .open else { return }
        let isKnown = open.proposal?.number == pull.number
        if !isKnown, !isOwn {
            try post(.failure, "superseded by \(open.version)", for: open.stage, on: present.commit, forge)
            try forge.close(pull.number, comment: "Superseded: \(open.service) \(open.version) is promoted to \(open.stage) (`\(open.id)`).")
        } else if isKnown, present.commit != open.proposal?.head {
            try forge.comment(
                pull.number,
                "The branch was made anew. It was at \(present.commit), which Gradus did not write; that commit is in no branch now.")
        }
    }

    /// Where the release's evidence came from.
    func evidence(of release: ReleaseState?) -> [String] {
        guard let release else { return [] }
        let links = [release.release.ciURL] + release.evidence.map(\.ciURL)
        return links.compactMap(\.self).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func post(_ state: ForgeCheck.State, _ text: String, for stage: String, on head: String, _ forge: any ForgePort) throws {
        let line = text.count <= 140 ? text : text.prefix(139) + "…"
        try forge.post(ForgeStatus(context: "gradus/\(stage)", state: state, text: line), on: head)
    }

    /// Removes the delivery branch of a cell that no promotion needs any more, and closes its pull request. A fault is told,
    /// not thrown: the next `reconcile` tries again.
    func sweep(_ service: String, _ stage: Stage, because why: String = "its promotion has ended") {
        guard stage.isProposed else { return }
        let branch = Self.branch(service, stage.name)
        do {
            guard let head = try proposals.proposedHead(of: branch, for: stage) else { return }
            let open = try ledger.load(.service(service)).state.service(service).undelivered(stage.name)
            guard open == nil else { return }
            if stage.delivery == .pullRequest {
                let forge = try forges.forge(for: stage)
                if let pull = try forge.pullRequest(from: branch), pull.state == .open {
                    try post(.failure, "void: \(why)", for: stage.name, on: head.commit, forge)
                    try forge.close(pull.number, comment: "Closed: \(why).")
                }
            }
            try proposals.removeProposal(branch, at: head.commit, for: stage)
        } catch {
            warn("the branch \(branch) is left over: \((error as? PromotionError)?.message ?? "\(error)"); `gradus reconcile` removes it")
        }
    }
}
