import GitKit
import PromotionEngine

/// Looks for commits whose trailers name promotions that no record tells of: forged ones, and the traces of records that are gone.
struct ClaimAudit {
    /// One such commit.
    struct Claim {
        let commit: ObjectID
        let promotions: [String]
    }

    private static let mark = Array("\(DeployTrailers.promotion): ".utf8)
    /// More than this are counted, not named.
    private static let named = 20

    /// Every commit of a branch, however old: what the ledger once said of them may be gone from its beginning too.
    static func claims(from tip: ObjectID, in repository: Repository, known: Set<String>) throws -> [Claim] {
        var found: [Claim] = []
        try repository.walk(from: tip) { commit throws(GitError) in
            // Most messages have no such line, and to take them apart costs more than to read them.
            guard holdsMark(commit.message) else { return .next }
            let unknown = DeployTrailers.promotions(in: commit.message).filter { !known.contains($0) }
            if !unknown.isEmpty { found.append(Claim(commit: commit.id, promotions: unknown)) }
            return .next
        }
        return found
    }

    static func warnings(_ claims: [Claim]) -> [String] {
        let shown = claims.prefix(named).map { claim in
            "commit \(claim.commit) says that it carries \(claim.promotions.joined(separator: ", ")), of which the ledger holds no record"
        }
        return claims.count > named ? shown + ["\(claims.count - named) more commits name promotions of which the ledger holds no record"] : shown
    }

    private static func holdsMark(_ message: String) -> Bool {
        var rest = message.utf8[...]
        while let start = rest.firstIndex(of: mark[0]) {
            if rest[start...].starts(with: mark) { return true }
            rest = rest[start...].dropFirst()
        }
        return false
    }
}
