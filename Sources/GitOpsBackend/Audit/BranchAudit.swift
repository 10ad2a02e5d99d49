import GitKit
import PromotionEngine

/// What the records say of the branches: which commits brought which values of which cell.
struct BranchExpectations {
    struct Cell: Hashable {
        let service: String
        let stage: String
    }

    struct Landing {
        let seq: Int
        let edits: [FieldEdit]
    }

    /// Of every cell, what was delivered or found changed, by commit; of several records of a commit the last.
    private(set) var landings: [Cell: [ObjectID: Landing]] = [:]
    /// The commits that `external-change` records name.
    private(set) var external: [Cell: Set<ObjectID>] = [:]

    mutating func note(_ record: LedgerRecord) {
        switch record.fact {
        case .delivered(let delivered):
            guard let id = ObjectID(hex: delivered.commit), !delivered.edits.isEmpty else { return }
            let cell = Cell(service: delivered.subject.service, stage: delivered.subject.stage)
            landings[cell, default: [:]][id] = Landing(seq: record.seq, edits: delivered.edits)
        case .stepDelivered(let delivered):
            guard let id = ObjectID(hex: delivered.commit) else { return }
            let cell = Cell(service: delivered.subject.service, stage: delivered.subject.stage)
            landings[cell, default: [:]][id] = Landing(seq: record.seq, edits: delivered.edits)
        case .externalChange(let change):
            guard let id = ObjectID(hex: change.commit) else { return }
            let cell = Cell(service: change.service, stage: change.stage)
            external[cell, default: []].insert(id)
        default: break
        }
    }
}

/// Walks branches from the first promotion on and looks at every commit that touches a declared value, whether or not
/// anybody had reconciled: which promotion brought it, or who did it outside.
struct BranchAudit {
    private let repository: Repository
    private let expectations: BranchExpectations
    private var reader: FieldReader
    private(set) var findings: [OutsideFinding] = []
    private(set) var warnings: [String] = []
    /// Commits of branches that were looked at.
    private(set) var commits = 0
    /// Of them, those that changed declared values.
    private(set) var touching = 0
    /// The fields of the cells that have been promoted to so far, with their values in `new`.
    private var fields: [BranchExpectations.Cell: [FieldEdit]] = [:]
    /// The cells that have, or had, a field in a file.
    private var cellsByFile: [String: Set<BranchExpectations.Cell>] = [:]

    /// Told how far the walk is.
    private let progress: (String) -> Void

    init(_ repository: Repository, _ expectations: BranchExpectations, progress: @escaping (String) -> Void = { _ in }) {
        self.repository = repository
        self.progress = progress
        self.expectations = expectations
        reader = FieldReader(repository)
    }

    /// - Parameter branches: names with tips, the target branch first.
    mutating func walk(_ branches: [(name: String, target: ObjectID)]) throws {
        var unseen = expectations.landings
        for branch in branches where !unseen.isEmpty {
            let reachable = try ancestors(of: branch.target)
            let here = unseen.filter { $0.value.keys.contains(where: reachable.contains) }
            guard !here.isEmpty else { continue }
            for cell in here.keys { unseen[cell] = nil }
            for (cell, landings) in here.sorted(by: { ($0.key.service, $0.key.stage) < ($1.key.service, $1.key.stage) }) {
                let lost = landings.filter { !reachable.contains($0.key) }.min { $0.value.seq < $1.value.seq }
                guard let lost else { continue }
                warnings.append(
                    "record \(lost.value.seq): its deploy commit \(lost.key) of \(cell.service) in \(cell.stage) is not in the history of \(branch.name) any more: the branch was rewritten")
            }
            try walk(branch.target, here)
        }
        for (cell, landings) in unseen.sorted(by: { ($0.key.service, $0.key.stage) < ($1.key.service, $1.key.stage) }) {
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
    private mutating func walk(_ tip: ObjectID, _ cells: [BranchExpectations.Cell: [ObjectID: BranchExpectations.Landing]]) throws {
        var wanted = Set(cells.values.flatMap(\.keys))
        var steps: [(commit: Commit, carried: [ObjectID])] = []
        var current: ObjectID? = tip
        let reachable = try ancestors(of: tip)
        wanted.formIntersection(reachable)
        // Backwards until every landing was met; what is older is before any promotion.
        while let id = current, !wanted.isEmpty {
            let commit = try repository.commit(id)
            var carried = [id]
            if commit.parents.count > 1, let first = commit.parents.first {
                try repository.walk(from: id, excluding: [first]) { inner throws(GitError) in
                    if inner.id != id { carried.append(inner.id) }
                    return .next
                }
            }
            wanted.subtract(carried)
            steps.append((commit, carried))
            current = commit.parents.first
        }
        fields = [:]
        cellsByFile = [:]
        var landings: [ObjectID: [BranchExpectations.Cell: BranchExpectations.Landing]] = [:]
        for (cell, commits) in cells {
            for (id, landing) in commits { landings[id, default: [:]][cell] = landing }
        }
        for step in steps.reversed() { try look(at: step.commit, step.carried, landings) }
    }

    private mutating func look(
        at commit: Commit, _ carried: [ObjectID], _ landings: [ObjectID: [BranchExpectations.Cell: BranchExpectations.Landing]]
    ) throws {
        commits += 1
        if commits % 100 == 0 { progress("\(commits) commits of branches") }
        let before = try commit.parents.first.map { try repository.commit($0).tree }
        var landed: [BranchExpectations.Cell: BranchExpectations.Landing] = [:]
        for id in carried { landed.merge(landings[id] ?? [:]) { $0.seq > $1.seq ? $0 : $1 } }
        let changed = try repository.changes(fromTree: before, toTree: commit.tree).map(\.path)
        let touched = touchedCells(by: changed)
        if !landed.isEmpty || !touched.isEmpty { touching += 1 }
        for cell in touched.sorted(by: { ($0.service, $0.stage) < ($1.service, $1.stage) }) where landed[cell] == nil {
            let now = try (fields[cell] ?? []).map { field in
                FieldEdit(file: field.file, field: field.field, old: field.new, new: try reader.value(field, inTree: commit.tree))
            }
            let edits = now.filter(\.changes)
            if !edits.isEmpty { report(cell, commit, carried, edits) }
            fields[cell] = now
        }
        for (cell, landing) in landed {
            fields[cell] = landing.edits
            for edit in landing.edits { cellsByFile[edit.file, default: []].insert(cell) }
        }
    }

    /// A whole folder's object changes with any file below it, so every path counts for the folders above it too.
    private func touchedCells(by paths: [String]) -> Set<BranchExpectations.Cell> {
        var cells: Set<BranchExpectations.Cell> = []
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

    private mutating func report(_ cell: BranchExpectations.Cell, _ commit: Commit, _ carried: [ObjectID], _ edits: [FieldEdit]) {
        let recorded = expectations.external[cell] ?? []
        findings.append(
            OutsideFinding(
                service: cell.service, stage: cell.stage, commit: commit.id.hex,
                author: "\(commit.author.name) <\(commit.author.email)>", at: Instant(seconds: Int(commit.committer.seconds)),
                subject: commit.message.split(separator: "\n").first.map(String.init) ?? "",
                isRecorded: carried.contains(where: recorded.contains),
                claims: DeployTrailers.promotions(in: commit.message), edits: edits))
    }
}
