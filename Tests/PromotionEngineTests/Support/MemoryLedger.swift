import PromotionEngine

/// A ledger of commit messages in memory; every load reads them all again, checking the chain.
final class MemoryLedger: LedgerPort {
    unowned var world: World!
    private(set) var messages: [String] = []
    private(set) var records: [LedgerRecord] = []

    func load(_ scope: LedgerScope) throws -> LedgerSnapshot {
        var (state, previous, seq) = (LedgerState(), Digest.none, 0)
        for message in messages {
            let record = try RecordMessage.record(in: message, previousHash: previous)
            guard record.seq == seq + 1 else { throw RecordFault("record \(record.seq) follows \(seq)") }
            (previous, seq) = (record.hash, record.seq)
            state.apply(record)
        }
        return LedgerSnapshot(state: state, seq: seq, head: records.last?.hash)
    }

    func append(
        _ drafts: [RecordDraft], by initiator: Identity, at: Instant, to snapshot: LedgerSnapshot
    ) throws -> LedgerAppend {
        try world.effect(lost: .lost) {
            guard snapshot.head == records.last?.hash else { return .lost }
            var added: [LedgerRecord] = []
            for draft in drafts {
                let record = LedgerRecord(
                    seq: records.count + 1, at: at, initiator: initiator, fact: draft.fact, rules: draft.rules,
                    previousHash: records.last?.hash ?? Digest.none)
                records.append(record)
                messages.append(RecordMessage(record).text)
                added.append(record)
            }
            return .appended(added, head: records.last?.hash ?? Digest.none)
        }
    }

    func records(from seq: Int) throws -> [LedgerRecord] { records.filter { $0.seq >= seq } }

    /// Adds a record of a newer engine.
    func appendUnknown(type: String) throws {
        let text = JSONValue.object([
            "seq": .int(records.count + 1), "v": 1, "type": .string(type), "at": "2027-01-15T08:00:00Z", "initiator": "x",
        ]).canonicalText
        let record = try LedgerRecord(canonicalText: text, previousHash: records.last?.hash ?? Digest.none)
        records.append(record)
        messages.append(RecordMessage(record).text)
    }
}
