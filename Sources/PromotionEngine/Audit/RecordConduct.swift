/// Whether a record may follow the state that the records before it made.
///
/// A chain proves that nothing was changed; it does not prove that what was appended was decided by the rules. Who writes a
/// record by hand can chain it well, but must then also invent the records that it stands on.
public struct RecordConduct {
    /// Throws `RecordFault` when no engine would have written the record after those before it.
    ///
    /// - Parameter state: the fold of all records before this one, with all services loaded.
    public static func check(_ record: LedgerRecord, after state: LedgerState) throws(RecordFault) {
        switch record.fact {
        case .admitted(let admitted): try check(admitted, state.service(admitted.subject.service))
        case .delivered(let delivered): try check(delivered, state.service(delivered.subject.service))
        case .succeeded(let closed), .failed(let closed): try check(closed, isDelivered: true, state.service(closed.subject.service))
        case .aborted(let closed), .superseded(let closed), .withdrawn(let closed):
            try check(closed, isDelivered: false, state.service(closed.subject.service))
        case .rolledBack(let closed): try check(rolledBack: closed, state.service(closed.subject.service))
        default: break
        }
    }

    /// A promotion ends once, and how its values did is told of one that was delivered.
    private static func check(_ closed: PromotionClosed, isDelivered: Bool, _ state: ServiceState) throws(RecordFault) {
        let id = closed.subject.promotion
        guard let open = state.open.first(where: { $0.id == id }) else { throw RecordFault("it closes \(id), which is not open") }
        guard !isDelivered || open.phase == .verifying else { throw RecordFault("it ends \(id), which was not delivered") }
    }

    /// What has succeeded long ago may be rolled back, as long as it is what stands.
    private static func check(rolledBack closed: PromotionClosed, _ state: ServiceState) throws(RecordFault) {
        let id = closed.subject.promotion
        guard state.open.contains(where: { $0.id == id }) || state.cells[closed.subject.stage]?.stay.promotion == id else {
            throw RecordFault("it rolls \(id) back, which neither stands nor is open")
        }
    }

    private static func check(_ admitted: PromotionAdmitted, _ state: ServiceState) throws(RecordFault) {
        let subject = admitted.subject
        guard let open = state.open.first(where: { $0.id == subject.promotion }) else {
            throw RecordFault("it admits \(subject.promotion), which nobody requested")
        }
        guard open.version == subject.version, open.stage == subject.stage else {
            throw RecordFault("it admits \(subject.version) to \(subject.stage), but \(open.id) was requested for \(open.version) to \(open.stage)")
        }
        if let closed = admitted.gates.first(where: { $0.verdict != .passed && !$0.isSkipped }) {
            throw RecordFault("it admits \(subject.promotion), although its gate \(closed.id) is \(closed.verdict.rawValue) and was not skipped")
        }
        let release = state.releases[subject.version]
        for person in admitted.approvedBy {
            let stands = release?.approvals.contains {
                $0.person == person && $0.stage == subject.stage && $0.planDigest == admitted.planDigest
            }
            guard stands == true else {
                throw RecordFault("it names an approval by \(person), but none of this plan stands")
            }
        }
    }

    private static func check(_ delivered: PromotionDelivered, _ state: ServiceState) throws(RecordFault) {
        let subject = delivered.subject
        guard let open = state.open.first(where: { $0.id == subject.promotion }) else {
            throw RecordFault("it delivers \(subject.promotion), which nobody requested")
        }
        // A commit that landed after its admission was taken back is recorded as late.
        // What was proposed may be merged by hand before its gates hold.
        guard open.admission != nil || delivered.late || delivered.ungated && open.proposal != nil else {
            throw RecordFault("it delivers \(subject.promotion), which was never admitted")
        }
    }
}
