import GitKit
public import PromotionEngine
public import WorkflowModel
import YAMLEdit

/// The desired state on a branch, read and written as Git objects without a checkout (`design.md` section 1).
public final class GitDesiredState: DesiredStatePort {
    let location: RepositoryLocation
    /// Told about what is odd in the rules but stops nothing.
    let warn: (String) -> Void
    /// Warnings that were given: rules may be read many times in one run.
    var warned: Set<String> = []
    /// What the rules as they were last read whole warn of.
    public private(set) var ruleWarnings: [String] = []
    private var tip: ObjectID?
    /// Other repositories that hold environments, by the name that the rules give them.
    var others: [String: any Authority] = [:]
    /// The tips of other branches that hold environments, as of the last refresh.
    private var branchTips: [String: ObjectID?] = [:]
    /// The trees of the tips as of the last refresh, by commit.
    var commitTrees: [ObjectID: CommitTree] = [:]
    /// The rules of the last tip, by the id of its `workflows/` folder, and the trees in which services were found, by branch:
    /// they are read again only when the folder, or a name in a folder that discovery looked into, changes.
    private var cachedRules: (folder: ObjectID, rules: Rules, trees: [String?: CommitTree])?
    var scopedRules: ScopedRules?
    /// The commits of the range that was looked through last, by the promotions that their trailers name.
    var carriers: (from: ObjectID, to: ObjectID, commits: [String: [ObjectID]])?

    /// Set: every branch is read as it was then.
    let moment: Instant?

    /// - Parameter moment: read the branches as they were then; nil: as they are.
    public init(_ location: RepositoryLocation, at moment: Instant? = nil, warn: @escaping (String) -> Void) {
        self.location = location
        self.moment = moment
        self.warn = warn
    }

    var authority: any Authority { location.authority }
    var repository: Repository { authority.repository }

    public var branch: String { String(location.branch.dropFirst("refs/heads/".count)) }

    public func refresh() throws -> String {
        guard let found = try target(ofBranch: branch) else {
            throw PromotionError(
                .error, "\(authority.name) has no branch '\(branch)' any more", hint: "name the target branch with --branch")
        }
        tip = found
        branchTips = [:]
        // Their folders stay in memory only while they can be asked for again.
        commitTrees = commitTrees.filter { $0.key == found }
        return found.hex
    }

    public func tip(of branch: String) throws -> String {
        guard let found = try tipID(ofBranch: branch) else {
            throw PromotionError(
                .usage, "\(authority.name) has no branch '\(branch)', which a stage's environment names",
                hint: "make the branch, or mend `environment:`; `gradus validate` shows the place")
        }
        return found.hex
    }

    /// The branches that are not Gradus's own, without `refs/heads/`, the target branch first.
    public func branches() throws -> [String] {
        let prefix = "refs/heads/"
        let all = try authority.references(withPrefix: prefix).map { String($0.name.dropFirst(prefix.count)) }
        return [branch] + all.filter { $0 != branch && !$0.hasPrefix("gradus/") && !$0.hasPrefix("gradus-promote/") }.sorted()
    }

    /// The tip of a branch, of the target branch for nil; nil when there is no such branch.
    func tipID(ofBranch name: String?) throws -> ObjectID? {
        guard let name, name != branch else { return try currentTip() }
        if let known = branchTips[name] { return known }
        let found = try target(ofBranch: name)
        branchTips[name] = .some(found)
        return found
    }

    func currentTip() throws -> ObjectID {
        if let tip { return tip }
        let hex = try refresh()
        return try id(hex)
    }

    func allRules() throws -> Rules {
        let commit = try currentTip()
        let folder = try repository.entry(at: RulesLoader.folder, inTree: try repository.commit(commit).tree)
        if let folder, let cachedRules, cachedRules.folder == folder.id, try stand(cachedRules.trees) { return cachedRules.rules }
        let (rules, warnings) = try RulesLoader(repository: repository).rules(at: commit, branch: branch, trees: self)
        ruleWarnings = warnings.map(\.description)
        tellRuleWarnings(ruleWarnings)
        if let folder { cachedRules = (folder.id, rules, try searched(rules)) }
        return rules
    }

    /// The trees that discovery looked into.
    private func searched(_ rules: Rules) throws -> [String?: CommitTree] {
        var trees: [String?: CommitTree] = [:]
        for workflow in rules.workflows where workflow.discovers {
            for branch in Set([nil] + workflow.stages.map(\.branch)) { trees[branch] = try commitTree(ofBranch: branch) }
        }
        return trees
    }

    private func stand(_ trees: [String?: CommitTree]) throws -> Bool {
        try trees.allSatisfy { branch, tree in
            try commitTree(ofBranch: branch).map { try tree.namesStand(in: $0) } ?? false
        }
    }

    public func completeInterrupted() throws {
        guard let workTree = location.workTree else { return }
        // What was begun was begun on the branch that is checked out, which may hold an environment.
        let head = try workTree.repository.symbolicTarget("HEAD") ?? workTree.branch
        try WorkTree(repository: workTree.repository, branch: head).complete()
    }

    public func checkDeliverable(_ files: [String], for stage: Stage) throws {
        try workTree(for: stage)?.checkClean(files)
        _ = try DeployMessage(template: try template(in: try repository.commit(try currentTip()).tree))
    }

    /// The files on disk that follow the stage's branch, in a local authority.
    private func workTree(for stage: Stage) -> WorkTree? {
        guard let workTree = location.workTree, let branch = stage.branch else { return location.workTree }
        if BranchPlace(branch).repository != nil { return nil }
        return WorkTree(repository: workTree.repository, branch: "refs/heads/\(branch)")
    }

    public func land(_ deliveries: [Delivery], on tip: String, at: Instant) throws -> Landing {
        guard let stage = deliveries.first?.intent.stage else { return .landed([]) }
        let base = try id(tip)
        let (target, reference) = try stage.branch.map { try resolved(BranchPlace($0)) } ?? (authority, location.branch)
        let store = target.repository
        var parent = base
        var tree = try repository.commit(base).tree
        var commits: [String] = []
        let message = try DeployMessage(template: try template(in: repository.commit(currentTip()).tree))
        let files = deliveries.files.keys.sorted()
        let groups = deliveries.byCommit
        for group in groups {
            let plan = EditPlan(base: tip, edits: [], files: group.files)
            tree = try store.updatingTree(tree, try treeChanges(of: plan, on: tree, in: store))
            parent = try store.createCommit(
                tree: tree, parents: [parent], author: Committer.signature(of: group[0].initiator, at: at),
                committer: Committer.gradus(at: at),
                message: group[0].train == nil ? message.text(for: group[0]) : TrainMessage.text(for: group))
            commits += group.map { _ in parent.hex }
        }
        let ids = groups.map { $0[0].train?.id ?? $0[0].promotion.id }.joined(separator: ", ")
        let head = parent
        let move = { try target.move(reference, from: base, to: head, because: "gradus: \(ids)") }
        guard let workTree = workTree(for: stage) else {
            do {
                return try move() ? .landed(commits) : .lost
            } catch let error as GitError where error.code == .declined && mayPropose(deliveries) {
                return .refused(error.message)
            }
        }
        return try workTree.exclusively {
            try workTree.checkClean(files)
            try workTree.begin(files, commit: head)
            guard try move() else {
                try workTree.end()
                return .lost
            }
            try workTree.update(files, to: head)
            return .landed(commits)
        }
    }

    /// Rollbacks are committed, unless the branch takes nothing but merges.
    private func mayPropose(_ deliveries: [Delivery]) -> Bool {
        deliveries.allSatisfy { $0.promotion.trigger.putsBack && $0.intent.stage.delivery != .commit }
    }

    private func template(in tree: ObjectID) throws -> String {
        guard let entry = try repository.entry(at: DeployMessage.templatePath, inTree: tree), entry.mode == .blob else {
            return DeployMessage.standard
        }
        return String(decoding: try repository.blob(entry.id), as: UTF8.self)
    }

    func id(_ hex: String) throws -> ObjectID {
        guard let id = ObjectID(hex: hex) else {
            throw PromotionError(.usage, "'\(hex)' is no full commit id", hint: "give all 40 hexadecimal digits")
        }
        return id
    }

    /// The unified difference that a plan makes, as `git diff` prints it.
    public func patch(of plan: EditPlan) throws -> String {
        let tree = try repository.commit(try id(plan.base)).tree
        let changes = try treeChanges(of: plan, on: tree)
        return try repository.patch(fromTree: tree, toTree: try repository.updatingTree(tree, changes))
    }

    /// A plan's files as changes of a tree; new bytes are stored, and keep the mode of the file that they replace.
    func treeChanges(of plan: EditPlan, on tree: ObjectID, in store: Repository? = nil) throws -> [TreeChange] {
        let repository = store ?? self.repository
        return try plan.files.sorted { $0.key < $1.key }.map { path, content in
            switch content {
            case .bytes(let bytes):
                let mode = try repository.entry(at: path, inTree: tree)?.mode ?? .blob
                return .set(path: path, id: try repository.writeBlob(bytes), mode: mode)
            case .object(let hex, let raw):
                guard let mode = FileMode(rawValue: raw) else {
                    throw PromotionError(.error, "\(path): \(raw) is no file mode")
                }
                return .set(path: path, id: try id(hex), mode: mode)
            case .removed:
                return .remove(path: path)
            }
        }
    }
}
