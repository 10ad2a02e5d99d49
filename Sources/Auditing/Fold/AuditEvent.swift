public import PromotionEngine

/// Something beside the changes that an auditor asks about: who was refused, what was frozen, which rules changed.
public struct AuditEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case denied, rejected, freeze, hold, yank, rules, review, pseudonym

        public var title: String {
            switch self {
            case .denied: "Denied attempts"
            case .rejected: "Rejections"
            case .freeze: "Freezes"
            case .hold: "Holds"
            case .yank: "Releases taken back"
            case .rules: "Rule changes"
            case .review: "Reviews of break-glass"
            case .pseudonym: "Pseudonyms given"
            }
        }
    }

    public let kind: Kind
    public let seq: Int
    public let at: Instant
    public let by: String
    public let service: String?
    public let stage: String?
    public let sentence: String

    /// Nil for a record that is part of a change, or tells nothing that an auditor asks about.
    init?(_ record: LedgerRecord) {
        guard let kind = Self.kind(of: record.fact.type) else { return nil }
        self.kind = kind
        seq = record.seq
        at = record.at
        by = record.initiator.displayName
        let json = record.json
        let scope = json["scope"]
        service = json["service"]?.stringValue ?? scope?["service"]?.stringValue
        stage = json["stage"]?.stringValue ?? scope?["stage"]?.stringValue
        sentence = record.sentence
    }

    private static func kind(of type: String) -> Kind? {
        switch type {
        case "denied": .denied
        case "rejected", "rejection.withdrawn": .rejected
        case "freeze.added", "freeze.removed": .freeze
        case "hold.added", "hold.removed": .hold
        case "release.yanked": .yank
        case "rules.changed": .rules
        case "review.opened", "review.closed": .review
        case "subject.pseudonymised": .pseudonym
        default: nil
        }
    }
}
