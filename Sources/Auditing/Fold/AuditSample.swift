import PromotionEngine

/// A choice of changes that anyone can make again from the same ledger and seed.
///
/// Every change is ordered by SHA-256 over seed, a colon and its id; the first ones are taken. So a larger sample of the same
/// seed contains a smaller one, the order in which changes were recorded plays no part, and any language can do it.
public struct AuditSample: Sendable {
    public let seed: String
    public let population: Int
    /// In the order in which they were drawn.
    public let items: [Change]

    public init(of population: Population, count: Int, seed: String) {
        self.seed = seed
        self.population = population.changes.count
        items = population.changes.map { (Digest.sha256("\(seed):\($0.id)"), $0) }
            .sorted { ($0.0, $0.1.id) < ($1.0, $1.1.id) }
            .prefix(max(0, count)).map(\.1)
    }
}
