import GitKit
public import PromotionEngine

/// When commits came onto their branch, as far as the ledger bears witness: a committer's time is whatever he writes.
///
/// A commit is not older than the decision that it, or a commit below it, carries out, nor than any commit below it; and not
/// younger than the record that names it, or a commit above it, as delivered. Between these the committer's word counts.
public struct LandingTimes: Sendable {
    private struct Bounds {
        var notBefore: Instant?
        var notAfter: Instant
    }

    private var bounds: [ObjectID: Bounds] = [:]
    /// When a promotion was admitted first.
    private var decided: [String: Instant] = [:]

    public init() {}

    /// Takes what one record says. Admissions come before the deliveries of their promotions.
    public mutating func note(_ record: LedgerRecord) {
        switch record.fact {
        case .admitted(let admitted):
            let id = admitted.subject.promotion
            decided[id] = decided[id] ?? record.at
        case .delivered(let delivered):
            // Where nothing was committed, an older commit had brought the values.
            note(delivered.commit, from: delivered.unchanged ? nil : decided[delivered.subject.promotion], to: record.at)
        case .stepDelivered(let delivered): note(delivered.commit, from: nil, to: record.at)
        case .externalChange(let change): note(change.commit, from: nil, to: record.at)
        default: break
        }
    }

    private mutating func note(_ commit: String, from: Instant?, to: Instant) {
        guard let id = ObjectID(hex: commit) else { return }
        let known = bounds[id]
        bounds[id] = Bounds(notBefore: known?.notBefore ?? from, notAfter: min(known?.notAfter ?? to, to))
    }

    /// Whether a record of that moment or before names the commit: it, and all below it, was there then.
    func stood(_ step: BranchStep, at moment: Instant) -> Bool {
        step.carried.contains { bounds[$0].map { $0.notAfter <= moment } ?? false }
    }

    /// The times of a branch's own line, which is given and answered oldest first. They never go back.
    func times(_ line: [BranchStep]) -> [Instant] {
        var caps: [Instant?] = []
        var cap: Instant?
        for step in line.reversed() {
            for id in step.carried {
                guard let known = bounds[id]?.notAfter else { continue }
                cap = min(cap ?? known, known)
            }
            caps.append(cap)
        }
        var last: Instant?
        return zip(line, caps.reversed()).map { step, cap in
            var time = min(step.committed, cap ?? step.committed)
            for id in step.carried { time = max(time, bounds[id]?.notBefore ?? time) }
            let now = max(time, last ?? time)
            last = now
            return now
        }
    }
}

/// One commit of a branch's own line, with what it brought.
struct BranchStep {
    let commit: Commit
    /// The commit itself, and of a merge the commits that were not on the branch before it, or only their newest ones.
    var carried: [ObjectID]

    init(_ commit: Commit) {
        self.commit = commit
        carried = [commit.id] + commit.parents.dropFirst()
    }

    /// By the committer's clock.
    var committed: Instant { Instant(seconds: Int(commit.committer.seconds)) }
}
