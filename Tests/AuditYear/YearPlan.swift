package import PromotionEngine
import WorkflowModel

/// A year of production changes that never happened, with exceptions of each kind: the same for the same seed.
package struct YearPlan: Sendable {
    /// What is odd about one change.
    package enum Kind: String, Sendable, CaseIterable {
        case orderly, failed, rolledBack, passAfterFail, selfApproval, noApproval, noEvidence, late, downgrade, external
        /// On the branch, and on no record.
        case unrecorded
        case rejectedFirst, denied
        /// Past a freeze, on record; somebody looked at it afterwards, or nobody.
        case breakGlass, breakGlassOpen
        /// Proposed by a pull request that somebody merged while a gate was closed.
        case ungated

        var isGlass: Bool { self == .breakGlass || self == .breakGlassOpen }
    }

    package struct Step: Sendable {
        package let kind: Kind
        package let service: String
        package let version: String
        package let previous: String
        /// When the release was registered.
        package let at: Instant
        package let author: String
        package let requester: String
        package let approver: String
        package let ticket: String?
        /// Seconds from registration to request, approval, delivery and success.
        package let spans: [Int]
    }

    package static let services = [
        "accounts", "cart", "catalog", "checkout", "invoices", "notices", "payments", "pricing", "reviews", "search", "shipping", "web",
    ]
    package static let start = "2025-01-01T00:00:00Z"

    package let steps: [Step]

    package init(changes: Int, seed: UInt64) {
        var random = SplitMix(state: seed)
        let start = Instant(parsing: Self.start) ?? Instant(seconds: 0)
        var minors: [String: Int] = [:]
        var present: [String: String] = [:]
        var steps: [Step] = []
        let year = 365 * 86_400
        var free: [String: Int] = [:]
        for position in 0..<changes {
            let service = random.pick(Self.services)
            let kind = Self.kind(position, &random)
            // Working hours mostly; changes of one service never overlap.
            let day = position * 365 / changes
            let hour = 7 + random.below(9)
            var seconds = day * 86_400 + hour * 3_600 + random.below(3_600)
            seconds = min(year - 4 * 3_600, max(seconds, free[service] ?? 0))
            let minor = (minors[service] ?? 0) + 1
            minors[service] = minor
            let previous = present[service] ?? "1.0.0"
            let version = kind == .downgrade && minor > 4 ? "1.\(minor - 3).9" : "1.\(minor).0"
            let author = random.pick(Self.engineers)
            let requester = random.pick(kind.isGlass ? Self.glassBreakers : Self.managers)
            let approver = kind == .selfApproval ? requester : random.pick(Self.approvers.filter { $0 != requester && $0 != author })
            let request = 300 + random.below(5_400)
            let approve = request + 120 + random.below(3_600)
            let deliver = approve + 2 + random.below(40)
            steps.append(
                Step(
                    kind: kind, service: service, version: version, previous: previous, at: start + .seconds(seconds), author: author,
                    requester: requester, approver: approver, ticket: random.below(10) < 8 ? "CHG-\(4_000 + position)" : nil,
                    spans: [request, approve, deliver, deliver + 60 + random.below(540)]))
            free[service] = seconds + deliver + 3_600
            if kind != .rolledBack, kind != .failed { present[service] = version }
        }
        self.steps = steps.sorted { $0.at < $1.at }
    }

    private static let engineers = ["anna", "bela", "carl", "dora", "emil", "fritz", "gina", "hugo"]
    private static let glassBreakers = ["olga", "pavel"]
    private static let managers = ["rita", "tom", "uma"]
    private static let approvers = ["olga", "pavel", "quinn", "rita", "sam"]

    /// About one in eight is odd; each kind occurs.
    private static func kind(_ position: Int, _ random: inout SplitMix) -> Kind {
        let odd = Kind.allCases.dropFirst()
        if position >= 20, position < 20 + odd.count { return odd[odd.startIndex + position - 20] }
        switch random.below(1_000) {
        case ..<14: return .failed
        case ..<30: return .rolledBack
        case ..<75: return .passAfterFail
        case ..<80: return .selfApproval
        case ..<88: return .noApproval
        case ..<92: return .noEvidence
        case ..<95: return .late
        case ..<99: return .downgrade
        case ..<106: return .external
        case ..<108: return .unrecorded
        case ..<114: return .rejectedFirst
        case ..<120: return .denied
        case ..<125: return .breakGlass
        case ..<127: return .breakGlassOpen
        case ..<131: return .ungated
        default: return .orderly
        }
    }
}

/// SplitMix64: small, fast, and the same everywhere.
struct SplitMix: Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}
