/// Everything the ledger says about one release of one service.
public struct ReleaseState: Sendable, Hashable {
    /// One posted value with who posted it.
    public struct Evidence: Sendable, Hashable {
        public let key: String
        public let value: String
        public let stage: String?
        public let seq: Int
        public let at: Instant
        public internal(set) var postedBy: String
        public let ciURL: String?
        /// The file that the value was read from; nil for a value given outright.
        public let file: EvidenceFile?
        public let part: EvidencePart?
        public let run: String?
    }

    /// A standing approval or rejection.
    public struct Opinion: Sendable, Hashable {
        public internal(set) var person: String
        public internal(set) var name: String?
        public let stage: String
        public let digest: String?
        public let planDigest: String
        public let at: Instant
        public internal(set) var reason: String?
        /// The record that it was given by, whose signature can be asked for; nil in what was not recorded.
        public var seq: Int?
        /// The forge on which it was given; nil for a command.
        public var via: String?
    }

    /// How the latest promotion to one stage ended.
    public enum Outcome: String, Sendable, Hashable {
        case delivered, succeeded, failed
        /// Stopped by hand or expired before it got there; automation does not try again.
        case aborted
        case rolledBack = "rolled_back"
    }

    /// Why, when and by whom the release was taken back.
    public struct Yank: Sendable, Hashable {
        public internal(set) var by: String
        public let at: Instant
        public internal(set) var reason: String

        public var json: JSONValue { ["by": .string(by), "at": .string(at.description), "reason": .string(reason)] }
    }

    public internal(set) var release: Release
    /// Position in the order of registration.
    public let registeredSeq: Int
    public let registeredAt: Instant
    public internal(set) var registeredBy: String
    /// Oldest first; all attempts stay.
    public internal(set) var evidence: [Evidence] = []
    /// Those not withdrawn.
    public internal(set) var approvals: [Opinion] = []
    public internal(set) var rejections: [Opinion] = []
    /// By stage.
    public internal(set) var outcomes: [String: Outcome] = [:]
    /// Stages in which it succeeded once, was delivered again since, and has neither failed nor been taken back: it stays a
    /// target of rollbacks although its latest promotion did not come to an end.
    public internal(set) var verifiedBefore: Set<String> = []
    public internal(set) var yanked: Yank?
    /// Stays that ended, the last one by stage.
    public internal(set) var finishedStays: [String: Stay] = [:]

    public var version: String { release.version }

    /// Whether it proved itself in a stage and has not failed there, or been taken back, since.
    func isVerified(in stage: String) -> Bool { outcomes[stage] == .succeeded || verifiedBefore.contains(stage) }

    /// Notes how its latest promotion to a stage ended, or that it was delivered.
    mutating func note(_ outcome: Outcome, in stage: String) {
        switch outcome {
        case .delivered: if outcomes[stage] == .succeeded { verifiedBefore.insert(stage) }
        case .aborted: break
        case .succeeded, .failed, .rolledBack: verifiedBefore.remove(stage)
        }
        outcomes[stage] = outcome
    }

    /// The values posted under a key that count for edges leaving any of `stages`, oldest first.
    public func attempts(_ key: String, leaving stages: Set<String>) -> [Evidence] {
        evidence.filter { $0.key == key && ($0.stage.map(stages.contains) ?? true) }
    }
}
