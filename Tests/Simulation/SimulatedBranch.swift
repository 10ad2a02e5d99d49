import PromotionEngine

/// The target branch in memory.
struct SimulatedBranch {
    struct Commit {
        let id: String
        let parent: String?
        let files: [String: String]
        /// The ids of its `Gradus-Promotion` trailers.
        let promotions: [String]
        let author: String
        /// The variant of the rules.
        let rules: Int
    }

    private(set) var commits: [String: Commit] = [:]
    private(set) var tip = ""
    /// History was thrown away at least once.
    private(set) var isRewritten = false

    init() { move(to: add(Commit(id: "m0", parent: nil, files: SimulatedRules.files, promotions: [], author: "start", rules: 0))) }

    func find(_ id: String) throws -> Commit {
        guard let commit = commits[id] else { throw PromotionError(.error, "no commit \(id)") }
        return commit
    }

    var head: Commit? { commits[tip] }

    mutating func add(_ commit: Commit) -> String {
        commits[commit.id] = commit
        return commit.id
    }

    mutating func commit(
        on parent: Commit, files: [String: String], promotions: [String] = [], author: String, rules: Int? = nil
    ) -> String {
        add(
            Commit(
                id: "m\(commits.count)", parent: parent.id, files: parent.files.merging(files) { $1 }, promotions: promotions,
                author: author, rules: rules ?? parent.rules))
    }

    mutating func move(to id: String) { tip = id }

    mutating func rewrite(to id: String) {
        tip = id
        isRewritten = true
    }

    /// From the newest to the first.
    func history(of id: String) -> [Commit] {
        var found: [Commit] = []
        var current = commits[id]
        while let commit = current {
            found.append(commit)
            current = commit.parent.flatMap { commits[$0] }
        }
        return found
    }

    /// The commits after `base`, oldest first; nil when it is no ancestor of `tip`.
    func between(_ base: String, _ tip: String) -> [Commit]? {
        var found: [Commit] = []
        for commit in history(of: tip) {
            if commit.id == base { return found.reversed() }
            found.append(commit)
        }
        return nil
    }
}
