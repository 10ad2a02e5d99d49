import GitKit
public import PromotionEngine

/// The ledger as it was when a record was its newest one. It costs no more than the present: the fold begins at the
/// checkpoint before that record.
public final class PastLedger: LedgerPort {
    private let authority: any Authority
    private let reader: SegmentReader
    private let states: SegmentLedger
    /// The newest record then; nil: before the first one.
    private let place: ArchivePlace?

    public init(_ authority: any Authority, endingAt place: ArchivePlace?) {
        self.authority = authority
        self.place = place
        reader = SegmentReader(authority: authority)
        states = SegmentLedger(authority)
    }

    public func load(_ scope: LedgerScope) throws -> LedgerSnapshot {
        guard let end = try end() else { return LedgerSnapshot(state: LedgerState(), seq: 0, head: nil) }
        return LedgerSnapshot(state: try states.state(scope, at: end), seq: end.seq, head: end.head.hex)
    }

    public func records(from seq: Int) throws -> [LedgerRecord] { try end().map { try reader.records(from: seq, to: $0) } ?? [] }

    private func end() throws -> SegmentEnd? {
        guard let place else { return nil }
        guard let commit = ObjectID(hex: place.commit) else {
            throw PromotionError(.error, "'\(place.commit)' is no commit of the ledger")
        }
        let name = LedgerNames.segment(place.segment)
        if let target = try authority.listing(withPrefix: name).first?.target { try authority.provide(name, target: target) }
        return try reader.read(commit, segment: place.segment, after: nil)
    }

    /// The past is only read.
    public func append(
        _ drafts: [RecordDraft], by initiator: Identity, at: Instant, to snapshot: LedgerSnapshot
    ) throws -> LedgerAppend {
        throw PromotionError(.usage, "the past cannot be written", hint: "leave out --at")
    }
}
