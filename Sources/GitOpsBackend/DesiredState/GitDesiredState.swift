import GitKit
public import PromotionEngine
public import WorkflowModel
import YAMLEdit

/// The desired state on a branch, read and written as Git objects without a checkout (`design.md` section 1).
public final class GitDesiredState: DesiredStatePort {
    let location: RepositoryLocation
    /// Told about what is odd in the rules but stops nothing.
    private let warn: (String) -> Void
    private var tip: ObjectID?
    /// The rules of the last tip, by the id of its `workflows/` folder: they are read again only when it changes.
    private var cachedRules: (folder: ObjectID, rules: Rules)?

    public init(_ location: RepositoryLocation, warn: @escaping (String) -> Void) {
        self.location = location
        self.warn = warn
    }

    var authority: any Authority { location.authority }
    var repository: Repository { authority.repository }

    public var branch: String { String(location.branch.dropFirst("refs/heads/".count)) }

    public func refresh() throws -> String {
        guard let found = try authority.target(of: location.branch) else {
            throw PromotionError(
                .error, "\(authority.name) has no branch '\(branch)' any more", hint: "name the target branch with --branch")
        }
        tip = found
        return found.hex
    }

    func currentTip() throws -> ObjectID {
        if let tip { return tip }
        let hex = try refresh()
        return try id(hex)
    }

    public func rules() throws -> Rules {
        let commit = try currentTip()
        let folder = try repository.entry(at: RulesLoader.folder, inTree: try repository.commit(commit).tree)
        if let folder, let cachedRules, cachedRules.folder == folder.id { return cachedRules.rules }
        let (rules, warnings) = try RulesLoader(repository: repository).rules(at: commit, branch: branch)
        for warning in warnings { warn(warning.description) }
        if let folder { cachedRules = (folder.id, rules) }
        return rules
    }

    public func completeInterrupted() throws {
        try location.workTree?.complete()
    }

    public func checkDeliverable(_ files: [String]) throws {
        try location.workTree?.checkClean(files)
        _ = try DeployMessage(template: try template(in: try repository.commit(try currentTip()).tree))
    }

    public func land(_ deliveries: [Delivery], on tip: String, at: Instant) throws -> Landing {
        let base = try id(tip)
        var parent = base
        var tree = try repository.commit(base).tree
        var commits: [String] = []
        let message = try DeployMessage(template: try template(in: tree))
        let files = deliveries.flatMap(\.plan.files.keys).sorted()
        for delivery in deliveries {
            tree = try repository.updatingTree(tree, try treeChanges(of: delivery.plan, on: tree))
            parent = try repository.createCommit(
                tree: tree, parents: [parent], author: Committer.signature(of: delivery.initiator, at: at),
                committer: Committer.gradus(at: at), message: message.text(for: delivery))
            commits.append(parent.hex)
        }
        let ids = deliveries.map(\.promotion.id).joined(separator: ", ")
        let head = parent
        let move = { try self.authority.move(self.location.branch, from: base, to: head, because: "gradus: \(ids)") }
        guard let workTree = location.workTree else { return try move() ? .landed(commits) : .lost }
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
    func treeChanges(of plan: EditPlan, on tree: ObjectID) throws -> [TreeChange] {
        try plan.files.sorted { $0.key < $1.key }.map { path, content in
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
