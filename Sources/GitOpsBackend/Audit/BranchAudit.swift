import GitKit
import PromotionEngine

/// Walks branches from the first promotion on and looks at every commit that touches a declared value, whether or not
/// anybody had reconciled: which promotion brought it, or who did it outside.
struct BranchAudit {
    private typealias Cell = BranchExpectations.Cell
    private typealias Landing = BranchExpectations.Landing

    struct Branch {
        /// Without `refs/heads/`, or as the rules name it in another repository.
        let name: String
        let target: ObjectID
        /// It is, or was, the branch that promotions are delivered to by configuration.
        var isTarget = false
    }

    private let repository: Repository
    private let expectations: BranchExpectations
    /// The cells that the rules declare, by the branch that they are on.
    private let declared: [String: [Cell: [FieldEdit]]]
    private var reader: FieldReader
    private(set) var findings: [OutsideFinding] = []
    /// Changes of values that nothing had been delivered to.
    private(set) var baselines: [OutsideFinding] = []
    private(set) var warnings: [String] = []
    /// Commits of branches that were looked at.
    private(set) var commits = 0
    /// Of them, those that changed declared values.
    private(set) var touching = 0
    /// When the commits that `external-change` records name came onto their branch.
    private(set) var externalTimes: [String: Instant] = [:]
    /// The commits that were looked at, so that none counts twice where branches share them.
    private var looked: Set<ObjectID> = []
    /// The fields of the cells of the branch that is walked, with their values in `new`.
    private var fields: [Cell: [FieldEdit]] = [:]
    /// The cells that something was delivered to so far.
    private var delivered: Set<Cell> = []
    /// The cells that have, or had, a field in a file.
    private var cellsByFile: [String: Set<Cell>] = [:]

    /// Told how far the walk is.
    private let progress: (String) -> Void
    /// A commit whose committer's time lies further off than this is named with what it tells.
    private static let clockTolerance = 86_400

    /// - Parameter target: the target branch, without `refs/heads/`.
    init(
        _ repository: Repository, _ expectations: BranchExpectations, declared: [DeclaredCell] = [], target: String = "",
        progress: @escaping (String) -> Void = { _ in }
    ) {
        self.repository = repository
        self.progress = progress
        self.expectations = expectations
        self.declared = declared.reduce(into: [:]) { branches, cell in
            branches[cell.branch ?? target, default: [:]][Cell(service: cell.service, stage: cell.stage)] = cell.fields
        }
        reader = FieldReader(repository)
    }

    /// - Parameter branches: the target branch first.
    mutating func walk(_ branches: [Branch]) throws {
        var unseen = expectations.landings
        // What landed on a former target is there, not lost.
        let targets = branches.filter(\.isTarget)
        let onTargets = try targets.map { try ancestors(of: $0.target) }
        let isOnTarget = { (id: ObjectID) in onTargets.contains { $0.contains(id) } }
        for (position, branch) in (targets + branches.filter { !$0.isTarget }).enumerated() where branch.isTarget || !unseen.isEmpty {
            let reachable = try position < targets.count ? onTargets[position] : ancestors(of: branch.target)
            let all = branch.isTarget ? expectations.landings : unseen
            let here = all.filter { $0.value.keys.contains(where: reachable.contains) }
            guard !here.isEmpty else { continue }
            for (cell, landings) in here.sorted(by: { $0.key < $1.key }) where unseen[cell] != nil {
                unseen[cell] = nil
                let lost = landings.filter { !reachable.contains($0.key) && !isOnTarget($0.key) }.min { $0.value.seq < $1.value.seq }
                guard let lost else { continue }
                warnings.append(
                    "record \(lost.value.seq): its deploy commit \(lost.key) of \(cell.service) in \(cell.stage) is not in the history of \(branch.name) any more: the branch was rewritten")
            }
            try walk(branch, here, reachable)
        }
        for (cell, landings) in unseen.sorted(by: { $0.key < $1.key }) {
            let seq = landings.values.map(\.seq).min() ?? 0
            warnings.append("record \(seq): no branch has the deploy commits of \(cell.service) in \(cell.stage)")
        }
    }

    private func ancestors(of tip: ObjectID) throws -> Set<ObjectID> {
        var seen: Set<ObjectID> = []
        try repository.walk(from: tip) { commit throws(GitError) in
            seen.insert(commit.id)
            return .next
        }
        return seen
    }

    /// One branch, from the commit that the first of the cells' promotions landed with. A merge counts as one step, since
    /// the branch had no state in between.
    private mutating func walk(_ branch: Branch, _ cells: [Cell: [ObjectID: Landing]], _ reachable: Set<ObjectID>) throws {
        let steps = try steps(branch.target, Set(cells.values.flatMap(\.keys)).intersection(reachable))
        guard let first = steps.first else { return }
        try begin(branch, cells, at: first.commit)
        var landings: [ObjectID: [Cell: Landing]] = [:]
        for (cell, commits) in cells {
            for (id, landing) in commits { landings[id, default: [:]][cell] = landing }
        }
        let start = findings.count
        for (step, at) in zip(steps, expectations.times.times(steps)) { try look(at: step, at, branch, landings) }
        try markPutBack(from: start, on: branch)
    }

    /// Backwards until every landing was met; what is older is before any promotion.
    private func steps(_ tip: ObjectID, _ landings: Set<ObjectID>) throws -> [BranchStep] {
        var wanted = landings
        var newestFirst: [BranchStep] = []
        var current: ObjectID? = tip
        while let id = current, !wanted.isEmpty {
            var step = BranchStep(try repository.commit(id))
            if step.commit.parents.count > 1, let first = step.commit.parents.first {
                step.carried = [id]
                try repository.walk(from: id, excluding: [first]) { inner throws(GitError) in
                    if inner.id != id { step.carried.append(inner.id) }
                    return .next
                }
            }
            wanted.subtract(step.carried)
            newestFirst.append(step)
            current = step.commit.parents.first
        }
        return newestFirst.reversed()
    }

    /// What every cell of the branch held before the walk: those that are delivered to later, and those that never are.
    private mutating func begin(_ branch: Branch, _ cells: [Cell: [ObjectID: Landing]], at commit: Commit) throws {
        fields = [:]
        cellsByFile = [:]
        delivered = []
        var known = declared[branch.name] ?? [:]
        for (cell, landings) in cells {
            known[cell] = landings.values.min { $0.seq < $1.seq }?.edits
        }
        let before = try commit.parents.first.map { try repository.commit($0).tree }
        for (cell, edits) in known {
            fields[cell] = try edits.map { edit in
                let value = try before.flatMap { try reader.value(edit, inTree: $0) }
                return FieldEdit(file: edit.file, field: edit.field, old: value, new: value)
            }
            for edit in edits { cellsByFile[edit.file, default: []].insert(cell) }
        }
    }

    private mutating func look(at step: BranchStep, _ at: Instant, _ branch: Branch, _ landings: [ObjectID: [Cell: Landing]]) throws {
        let commit = step.commit
        let isNew = looked.insert(commit.id).inserted
        if isNew {
            commits += 1
            if commits % 100 == 0 { progress("\(commits) commits of branches") }
        }
        let before = try commit.parents.first.map { try repository.commit($0).tree }
        var landed: [Cell: Landing] = [:]
        for id in step.carried { landed.merge(landings[id] ?? [:]) { $0.seq > $1.seq ? $0 : $1 } }
        let changed = try repository.changes(fromTree: before, toTree: commit.tree).map(\.path)
        var isTouching = !landed.isEmpty
        for cell in touchedCells(by: changed).sorted() where landed[cell] == nil {
            let now = try (fields[cell] ?? []).map { field in
                FieldEdit(file: field.file, field: field.field, old: field.new, new: try reader.value(field, inTree: commit.tree))
            }
            let edits = now.filter(\.changes)
            fields[cell] = now
            guard !edits.isEmpty else { continue }
            isTouching = true
            if isNew { report(cell, step, at, branch, edits) }
        }
        if isTouching, isNew { touching += 1 }
        for (cell, landing) in landed {
            delivered.insert(cell)
            fields[cell] = landing.edits
            for edit in landing.edits { cellsByFile[edit.file, default: []].insert(cell) }
        }
    }

    /// A whole folder's object changes with any file below it, so every path counts for the folders above it too.
    private func touchedCells(by paths: [String]) -> Set<Cell> {
        var cells: Set<Cell> = []
        for path in paths {
            var part = path[...]
            while true {
                if let found = cellsByFile[String(part)] { cells.formUnion(found) }
                guard let slash = part.lastIndex(of: "/") else { break }
                part = part[..<slash]
            }
        }
        return cells
    }

    private mutating func report(_ cell: Cell, _ step: BranchStep, _ at: Instant, _ branch: Branch, _ edits: [FieldEdit]) {
        let commit = step.commit
        let recorded = step.carried.filter { expectations.external[cell]?.contains($0) ?? false }
        for id in recorded { externalTimes[id.hex] = at }
        let finding = OutsideFinding(
            service: cell.service, stage: cell.stage, branch: branch.name, commit: commit.id.hex,
            author: "\(commit.author.name) <\(commit.author.email)>", at: at,
            subject: commit.message.split(separator: "\n").first.map(String.init) ?? "", isRecorded: !recorded.isEmpty,
            claims: DeployTrailers.promotions(in: commit.message), edits: edits)
        guard delivered.contains(cell) else { return baselines.append(finding) }
        findings.append(finding)
        if abs(at.seconds - step.committed.seconds) > Self.clockTolerance {
            warnings.append("commit \(commit.id) says that it is of \(step.committed), but by what stands below and above it, it counts as of \(at)")
        }
    }

    /// What stands again as recorded there is nothing to record about; so says who found it.
    private mutating func markPutBack(from start: Int, on branch: Branch) throws {
        let tree = try repository.commit(branch.target).tree
        var known: [Cell: Bool] = [:]
        for position in findings.indices.dropFirst(start) where !findings[position].isRecorded {
            let cell = Cell(service: findings[position].service, stage: findings[position].stage)
            if known[cell] == nil { known[cell] = try reader.missing(expectations.present[cell] ?? [], inTree: tree) == nil }
            findings[position].isPutBack = known[cell] ?? false
        }
    }
}
