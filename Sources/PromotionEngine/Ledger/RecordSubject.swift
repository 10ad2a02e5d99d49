/// The sentence by which `git log` tells a record, a function of the record alone.
enum RecordSubject {
    static func line(for record: LedgerRecord) -> String {
        escaped(sentence(record.fact, by: record.initiator.displayName))
    }

    private static func sentence(_ fact: Fact, by who: String) -> String {
        switch fact {
        case .segmentOpened(let opened):
            opened.previous == nil ? "The ledger begins" : "Segment \(opened.segment) of the ledger begins"
        case .segmentSealed(let sealed): "Segment \(sealed.segment) of the ledger is full"
        case .releaseRegistered(let release): "\(who) registered \(release.service) \(release.version)"
        case .evidencePosted(let posted): "\(who) reported \(evidence(posted))"
        case .healthObserved(let health):
            "\(health.service) \(health.version) was seen \(health.status.rawValue) in \(health.stage)"
                + (health.promotion == nil && !health.baseline ? ", at another revision" : "")
        case .requested(let requested):
            "\(requested.trigger == .automation ? "Automation" : who) requested \(move(requested.subject))"
                + (requested.breakGlass.isEmpty ? "" : ", breaking glass: \(requested.breakGlass.joined(separator: ", "))")
        case .proposed(let proposed):
            "\(move(proposed.subject)) was proposed \(proposed.number.map { "in pull request \($0)" } ?? "on branch \(proposed.branch)")"
        case .proposalObserved(let observed): "Pull request \(observed.number) of \(move(observed.subject)): \(answers(observed))"
        case .admitted(let admitted):
            "\(move(admitted.subject)) was admitted"
                + (admitted.approvedBy.isEmpty ? "" : ", approved by \(admitted.approvedBy.joined(separator: ", "))")
                + skipped(admitted.gates)
        case .delivered(let delivered):
            "\(move(delivered.subject)) was delivered in \(delivered.commit.prefix(10))" + (delivered.late ? ", late" : "")
                + (delivered.ungated ? ", merged past \(delivered.closedGates.joined(separator: ", "))" : "")
        case .succeeded(let closed): "\(move(closed.subject)) succeeded"
        case .failed(let closed): "\(move(closed.subject)) failed: \(closed.reason)"
        case .withdrawn(let closed): "The admission of \(move(closed.subject)) was withdrawn: \(closed.reason)"
        case .superseded(let closed): "\(move(closed.subject)) was superseded: \(closed.reason)"
        case .aborted(let closed): "\(move(closed.subject)) was aborted: \(closed.reason)"
        case .externalChange(let change):
            "\(change.service) in \(change.stage) was changed outside Gradus by \(change.author) in \(change.commit.prefix(10))"
                + (change.version.map { ", to \($0)" } ?? "")
        case .rejected(let decision): "\(who) rejected \(move(decision))" + (decision.reason.map { ": \($0)" } ?? "")
        case .rejectionWithdrawn(let decision): "\(who) withdrew the rejection of \(move(decision))"
        case .approvalGiven(let decision): "\(who) approved \(move(decision))" + (decision.reason.map { ": \($0)" } ?? "")
        case .approvalWithdrawn(let decision): "\(who) withdrew the approval of \(move(decision))"
        case .baselineAdopted(let baseline):
            "\(who) adopted \(baseline.service) \(baseline.version) in \(baseline.stage) as the baseline"
                + (baseline.mixed.isEmpty ? "" : ", mixed with \(baseline.mixed.filter { $0 != baseline.version }.joined(separator: ", "))")
        case .denied(let denied): "\(who) was denied to \(denied.action)\(denied.subject): \(denied.reason)"
        case .freezeAdded(let freeze): "\(who) froze \(freeze.scope) from \(freeze.start)\(freeze.until.map { " to \($0)" } ?? ""): \(freeze.reason)"
        case .freezeRemoved(let removed): "\(who) removed \(removed.id)" + (removed.reason.map { ": \($0)" } ?? "")
        case .holdAdded(let hold): "\(who) put a hold on \(hold.service) in \(hold.stage): \(hold.reason)"
        case .holdRemoved(let removed):
            "\(who) removed \(removed.id) of \(removed.service) in \(removed.stage)" + (removed.reason.map { ": \($0)" } ?? "")
        case .releaseYanked(let yanked): "\(who) yanked \(yanked.service) \(yanked.version): \(yanked.reason)"
        case .driftAdopted(let adopted):
            "\(who) adopted what was changed outside in \(adopted.service) in \(adopted.stage)\(adopted.version.map { ", \($0)" } ?? ""): \(adopted.reason)"
        case .rulesChanged(let changed): "The rules changed: \(changed.summary)"
        case .stepDelivered(let delivered):
            "\(move(delivered.subject)) went \(delivered.reason == nil ? "on" : "back") to step \(delivered.step) in \(delivered.commit.prefix(10))"
                + (delivered.reason.map { ": \($0)" } ?? "")
        case .syncPaused(let paused): "The syncs of \(paused.apps.keys.sorted().joined(separator: ", ")) pause for \(move(paused.subject))"
        case .syncResumed(let resumed): "The syncs of \(resumed.apps.joined(separator: ", ")) go on after \(move(resumed.subject))"
        case .hookOwed(let owed): "The hook \(owed.hook) is to be told of \(move(owed.subject))"
        case .hookCalled(let called):
            "The hook \(called.hook) of \(move(called.subject)) \(called.result.rawValue)" + (called.message.map { ": \($0)" } ?? "")
        case .rolledBack(let closed): "\(move(closed.subject)) was rolled back: \(closed.reason)"
        case .reviewClosed(let closed):
            "\(who) closed \(closed.review) of \(closed.service) \(closed.version) to \(closed.stage): \(closed.reason)"
        case .subjectPseudonymised(let given): "\(who) gave a person the pseudonym \(given.pseudonym): \(given.reason)"
        case .unknown(let type, _): "A record of type \(type)"
        }
    }

    /// What reviewers and checks said.
    private static func answers(_ observed: ProposalObserved) -> String {
        let words: [ForgeReview.Verdict: String] = [.approved: "approves", .changesRequested: "asks for changes", .dismissed: "was dismissed"]
        var parts = observed.reviews.map { "\($0.reviewer) \(words[$0.verdict] ?? $0.verdict.rawValue)" }
        let passed = observed.checks.count { $0.state == .success }
        if !observed.checks.isEmpty { parts.append("\(passed) of \(observed.checks.count) checks succeeded") }
        return parts.isEmpty ? "no answers" : parts.joined(separator: ", ")
    }

    private static func skipped(_ gates: [Gate]) -> String {
        let names = gates.filter(\.isSkipped).map(\.id)
        return names.isEmpty ? "" : ", past \(names.joined(separator: ", "))"
    }

    private static func evidence(_ posted: EvidencePosted) -> String {
        let values = posted.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(values.joined(separator: ", ")) for \(posted.service) \(posted.version)"
            + (posted.stage.map { " in \($0)" } ?? "")
    }

    private static func move(_ subject: PromotionSubject) -> String {
        "\(subject.service) \(subject.version) to \(subject.stage)"
    }

    private static func move(_ decision: ApprovalDecision) -> String {
        "\(decision.service) \(decision.version) to \(decision.stage)"
    }

    /// Control characters become visible, so that no text of a user can end the subject or move a terminal's cursor.
    private static func escaped(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || (0x2028...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            if isControl {
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
