/// Why an auditor should look at a change first, worst first.
public enum ChangeException: String, Sendable, Hashable, CaseIterable, Comparable {
    case unrecordedExternal = "unrecorded_external"
    case external
    case ungated
    case selfApproval = "self_approval"
    case breakGlassOpen = "break_glass_unreviewed"
    case breakGlass = "break_glass"
    case noApproval = "no_approval"
    case noEvidence = "no_evidence"
    case late
    case failed
    case rolledBack = "rolled_back"
    case passAfterFail = "pass_after_fail"
    case downgrade

    public static func < (lhs: ChangeException, rhs: ChangeException) -> Bool { lhs.order < rhs.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// For a label of two or three words.
    public var title: String {
        switch self {
        case .unrecordedExternal: "Outside, not on record"
        case .external: "Outside the process"
        case .ungated: "Delivered without a decision"
        case .selfApproval: "Approved by its own people"
        case .breakGlassOpen: "Break-glass, not reviewed"
        case .breakGlass: "Break-glass, reviewed"
        case .noApproval: "No approval"
        case .noEvidence: "No test evidence"
        case .late: "Late delivery"
        case .failed: "Failed"
        case .rolledBack: "Rolled back"
        case .passAfterFail: "Passed after failing"
        case .downgrade: "Downgrade"
        }
    }

    /// What it means, in one sentence.
    public var meaning: String {
        switch self {
        case .unrecordedExternal: "A commit changed declared values, no promotion brought it, and no record names it yet."
        case .external: "A commit changed declared values and no promotion brought it; the ledger names commit and author."
        case .ungated: "The values landed although no standing decision had admitted them, for instance by a merge before its gates passed."
        case .selfApproval: "Everyone who approved is the requester or an author of the release."
        case .breakGlassOpen: "Named gates were skipped by a person who may, and nobody has closed the review."
        case .breakGlass: "Named gates were skipped by a person who may; somebody closed the review."
        case .noApproval: "The rules in force asked for no approval, or none counted."
        case .noEvidence: "No test, scan or other evidence of this release was on record when it was decided."
        case .late: "The deploy commit landed after its admission had been taken back."
        case .failed: "It was delivered and did not become healthy."
        case .rolledBack: "It was delivered, and an earlier release took its place again by a rollback."
        case .passAfterFail: "A check that decided had failed before on the same version; all attempts are listed."
        case .downgrade: "The version is older than the one that it replaced, by a promotion and not by a rollback."
        }
    }

    /// A break of the process, or only a bad end of an orderly change.
    public var isProcess: Bool {
        switch self {
        case .failed, .rolledBack, .passAfterFail, .downgrade, .late: false
        default: true
        }
    }
}

/// Whether someone else than requester and authors said yes.
public enum Separation: String, Sendable, Hashable {
    case separated, violated
    /// Approved by another than the requester; who wrote the release is not on record.
    case authorUnknown = "author_unknown"
    /// Nobody approved.
    case none

    public var words: String {
        switch self {
        case .separated: "separated"
        case .violated: "not separated"
        case .authorUnknown: "author not on record"
        case .none: "no approver"
        }
    }
}

extension Change {
    /// Derived from who requested, wrote and approved.
    public var separation: Separation {
        if approvals.isEmpty { return .none }
        let own = Set(authors + [requester])
        guard approvals.contains(where: { !own.contains($0.person) }) else { return .violated }
        return authors.isEmpty ? .authorUnknown : .separated
    }
}
