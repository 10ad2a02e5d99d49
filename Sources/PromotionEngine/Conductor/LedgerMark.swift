/// A place in the ledger: one record, by its number and hash.
public struct LedgerMark: Sendable, Hashable {
    public let seq: Int
    public let hash: String

    public init(seq: Int, hash: String) {
        self.seq = seq
        self.hash = hash
    }
}
