/// Which names of folders, files and branches mean an environment, and in which order releases pass them.
struct EnvironmentName: Hashable, Comparable {
    let name: String
    /// Later environments have a greater one; equal ones stand side by side.
    let rank: Int

    private static let ranks: [(rank: Int, names: Set<String>)] = [
        (10, ["dev", "develop", "development", "sandbox"]),
        (20, ["int", "integration", "sit", "test", "testing"]),
        (30, ["qa"]),
        (40, ["uat", "acceptance"]),
        (50, ["stage", "staging", "stg"]),
        (60, ["preprod", "pre-prod", "preproduction"]),
        (90, ["prod", "production", "prd", "live"]),
    ]

    /// The environment that a whole name means, `prod` or `prod-eu`; nil for any other name.
    init?(whole name: String) {
        guard let rank = Self.rank(of: name) else { return nil }
        self.name = name
        self.rank = rank
    }

    /// The environment at the end or the beginning of a name, and the rest: `web-dev` is `dev` of `web`.
    static func part(of name: String) -> (environment: EnvironmentName, rest: String, template: String)? {
        for separator in ["-", "_", "."] {
            let pieces = name.components(by: separator)
            guard pieces.count > 1 else { continue }
            if let last = EnvironmentName(whole: pieces[pieces.count - 1]) {
                let rest = pieces.dropLast().joined(separator: separator)
                return (last, rest, "\(separator){stage}")
            }
            if let first = EnvironmentName(whole: pieces[0]) {
                return (first, pieces.dropFirst().joined(separator: separator), "{stage}\(separator)")
            }
        }
        return nil
    }

    private static func rank(of name: String) -> Int? {
        ranks.first { $0.names.contains(name.lowercased()) }?.rank
    }

    static func < (left: EnvironmentName, right: EnvironmentName) -> Bool {
        (left.rank, left.name) < (right.rank, right.name)
    }
}

extension String {
    fileprivate func components(by separator: String) -> [String] {
        guard let character = separator.first else { return [self] }
        return split(separator: character, omittingEmptySubsequences: false).map(String.init)
    }
}
