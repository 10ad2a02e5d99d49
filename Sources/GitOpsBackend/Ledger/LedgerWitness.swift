import GitKit
import PromotionEngine

/// Where the ledger ended when this clone, mirror or repository last saw it.
///
/// A chain that was cut at its end is whole again, so it does not tell by itself that somebody moved its branch back. A
/// witness must be read before the ledger's references: what others append afterwards then lies behind it, never before.
struct LedgerWitness {
    let path: String

    init(_ location: RepositoryLocation) {
        path = (location.clone ?? location.authority.repository).commonDirectory + "gradus-seen"
    }

    struct Sighting: Equatable {
        let reference: String
        let commit: ObjectID
        let seq: Int
    }

    /// Nil when nothing was seen yet, or the note is torn.
    func seen() throws -> Sighting? {
        guard let text = try DurableFile.read(path), let note = DurableFile.json(text),
            let reference = note["reference"]?.stringValue, case .int(let seq)? = note["seq"],
            let commit = note["commit"]?.stringValue.flatMap(ObjectID.init(hex:))
        else { return nil }
        return Sighting(reference: reference, commit: commit, seq: seq)
    }

    func note(_ sighting: Sighting) throws {
        let document: JSONValue = [
            "reference": .string(sighting.reference), "commit": .string(sighting.commit.hex), "seq": .int(sighting.seq),
        ]
        try DurableFile.write(path, document.canonicalText, synced: false)
    }

    /// Throws when the ledger ends before what was seen, or no longer contains it.
    func check(_ seen: Sighting, against end: SegmentEnd?, in authority: any Authority) throws {
        guard let end else { throw movedBack(seen, "it has no records at all", authority) }
        guard end.seq >= seen.seq else { throw movedBack(seen, "it ends with record \(end.seq)", authority) }
        // In a later segment the links between segments have been checked.
        guard LedgerNames.segment(end.segment) == seen.reference, authority.repository.contains(seen.commit) else { return }
        let repository = authority.repository
        guard try end.head == seen.commit || repository.isDescendant(end.head, of: seen.commit) else {
            throw movedBack(seen, "its record \(seen.seq) is another one", authority)
        }
    }

    /// The same by the references alone, so that who only looks back need not read the ledger's end.
    func check(_ seen: Sighting, against references: [(name: String, target: ObjectID)], in authority: any Authority) throws {
        guard let last = references.last else { throw movedBack(seen, "it has no records at all", authority) }
        guard let segment = references.first(where: { $0.name == seen.reference }) else {
            throw movedBack(seen, "it ends in \(last.name)", authority)
        }
        guard segment.target != seen.commit else { return }
        try authority.provide(segment.name, target: segment.target)
        let repository = authority.repository
        guard repository.contains(seen.commit), try !repository.isDescendant(segment.target, of: seen.commit) else { return }
        let end = RecordMessage.claimedSeq(in: try repository.commit(segment.target).message) ?? 0
        throw movedBack(seen, end < seen.seq && segment.name == last.name ? "it ends with record \(end)" : "its record \(seen.seq) is another one", authority)
    }

    func movedBack(_ seen: Sighting, _ now: String, _ authority: any Authority) -> PromotionError {
        let mend = authority is DirectAuthority
            ? "git -C \(authority.repository.commonDirectory) update-ref \(seen.reference) \(seen.commit)"
            : "git -C \(authority.repository.commonDirectory) push \(authority.name) \(seen.commit):\(seen.reference)"
        return PromotionError(
            .error, "the ledger was moved back by somebody: record \(seen.seq) was seen here, and now \(now)",
            causes: ["\(seen.reference) of \(authority.name) does not contain the commit \(seen.commit) any more"],
            hint: "put it back with `\(mend)` and run `gradus audit verify`; if it was cut on purpose, delete \(path)")
    }
}
