import PromotionEngine
import WorkflowModel

/// What the records say about one service in one stage, read naively from the first to the last.
struct CellReading {
    /// The last that is known of each release here: delivered, succeeded, failed, rolled_back, or aborted before it came. What
    /// is known of a baseline that came back is not known of a release of that version that is registered later.
    private(set) var outcomes: [String: String] = [:]
    private var registered: Set<String> = []
    /// Versions that succeeded here and have neither failed nor been taken back since.
    private(set) var verified: Set<String> = []
    /// Versions that were here and are not any more.
    private(set) var left: Set<String> = []
    private(set) var present: String?
    /// The commit of the first promotion that changed anything here.
    private(set) var firstCommit: String?
    /// The promotion whose health is watched.
    private(set) var verifying: (promotion: String, version: String)?
    /// The version that a promotion brought last.
    private(set) var lastDelivered: String?
    private(set) var isExternal = false
    /// The promotion that is asked for, or admitted, and not delivered; when; and whether it ever was admitted.
    private(set) var open: (promotion: String, version: String, requested: Instant, wasAdmitted: Bool, isAdmitted: Bool)?

    init(_ records: [LedgerRecord], _ service: String, _ stage: String) {
        for record in records where record.fact.service == service {
            if case .releaseRegistered(let release) = record.fact { registered.insert(release.version) }
            if record.fact.stage == stage { read(record) }
        }
    }

    private mutating func note(_ outcome: String, of version: String) {
        if registered.contains(version) { outcomes[version] = outcome }
    }

    private mutating func read(_ record: LedgerRecord) {
        let version = record.fact.releaseVersion ?? ""
        switch record.fact {
        case .requested(let requested):
            if open?.promotion != requested.subject.promotion { open = (requested.subject.promotion, version, record.at, false, false) }
        case .admitted:
            open?.wasAdmitted = true
            open?.isAdmitted = true
        case .withdrawn: open?.isAdmitted = false
        case .delivered(let delivered):
            firstCommit = firstCommit ?? (delivered.unchanged ? nil : delivered.commit)
            place(version)
            note("delivered", of: version)
            (lastDelivered, isExternal) = (version, false)
            verifying = (delivered.subject.promotion, version)
            if open?.promotion == delivered.subject.promotion { open = nil }
        case .externalChange(let change):
            place(change.version ?? "?")
            (isExternal, verifying) = (true, nil)
        case .healthObserved(let health):
            // Before the first promotion, what is found in the files.
            if health.baseline, lastDelivered == nil, !isExternal { present = version }
        case .baselineAdopted: if lastDelivered == nil, !isExternal { present = version }
        case .succeeded(let closed), .failed(let closed), .rolledBack(let closed):
            note(record.fact.type, of: version)
            if record.fact.type == "succeeded" { verified.insert(version) } else { verified.remove(version) }
            end(closed.subject.promotion)
        case .superseded(let closed): end(closed.subject.promotion)
        case .aborted(let closed):
            if outcomes[version] == nil { note("aborted", of: version) }
            end(closed.subject.promotion)
        case .rejected(let decision): if let id = decision.promotion, open?.isAdmitted == false { end(id) }
        default: break
        }
    }

    private mutating func place(_ version: String) {
        if let present, present != version { left.insert(present) }
        present = version
    }

    private mutating func end(_ promotion: String) {
        if open?.promotion == promotion { open = nil }
        if verifying?.promotion == promotion { verifying = nil }
    }
}
