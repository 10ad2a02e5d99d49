/// The sentence by which `git log` tells a record, a function of the record alone.
enum RecordSubject {
    static func line(for record: LedgerRecord) -> String {
        escaped(sentence(record.fact, by: record.initiator.displayName))
    }

    private static func sentence(_ fact: Fact, by who: String) -> String {
        switch fact {
        case .segmentOpened(let opened):
            opened.previous == nil ? "Open the ledger" : "Open segment \(opened.segment) of the ledger"
        case .segmentSealed(let sealed): "Seal segment \(sealed.segment) of the ledger"
        case .releaseRegistered(let release): "Register \(release.service) \(release.version)"
        case .evidencePosted(let posted): evidence(posted)
        case .healthObserved(let health):
            "See \(health.service) \(health.version) \(health.status.rawValue) in \(health.stage)"
                + (health.promotion == nil && !health.baseline ? " (another revision)" : "")
        case .requested(let requested): "Request \(move(requested.subject)) for \(requested.requester)"
        case .admitted(let admitted):
            "Admit \(move(admitted.subject))"
                + (admitted.approvedBy.isEmpty ? "" : ", approved by \(admitted.approvedBy.joined(separator: ", "))")
        case .delivered(let delivered):
            "Deliver \(move(delivered.subject)) in \(delivered.commit.prefix(10))" + (delivered.late ? ", late" : "")
        case .succeeded(let closed): "Succeed with \(move(closed.subject))"
        case .failed(let closed): "Fail with \(move(closed.subject)): \(closed.reason)"
        case .withdrawn(let closed): "Withdraw the admission of \(move(closed.subject)): \(closed.reason)"
        case .superseded(let closed): "Supersede \(move(closed.subject)): \(closed.reason)"
        case .aborted(let closed): "Abort \(move(closed.subject)): \(closed.reason)"
        case .rejected(let decision): "Reject \(tuple(decision)) by \(who)" + (decision.reason.map { ": \($0)" } ?? "")
        case .rejectionWithdrawn(let decision): "Withdraw the rejection of \(tuple(decision)) by \(who)"
        case .approvalGiven(let decision): "Approve \(tuple(decision)) by \(who)" + (decision.reason.map { ": \($0)" } ?? "")
        case .approvalWithdrawn(let decision): "Withdraw the approval of \(tuple(decision)) by \(who)"
        case .unknown(let type, _): "Record \(type)"
        }
    }

    private static func evidence(_ posted: EvidencePosted) -> String {
        let values = posted.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "Report \(values.joined(separator: ", ")) for \(posted.service) \(posted.version)"
            + (posted.stage.map { " in \($0)" } ?? "")
    }

    private static func move(_ subject: PromotionSubject) -> String {
        "\(subject.service) \(subject.version) to \(subject.stage)"
    }

    private static func tuple(_ decision: ApprovalDecision) -> String {
        "\(decision.service) \(decision.version) for \(decision.stage)"
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
