import PromotionEngine
import WorkflowModel

/// A target branch in memory: one file per stage and service, which holds the version and nothing else.
final class MemoryDesiredState: DesiredStatePort {
    struct Commit {
        let id: String
        let files: [String: String]
        /// The ids of its `Gradus-Promotion` trailers.
        let promotions: [String]
    }

    unowned var world: World!
    var current: Rules
    private(set) var commits: [Commit] = []
    /// Deliveries that were sent and whose arrival is delayed.
    private(set) var underway: [(deliveries: [Delivery], tip: String)] = []
    var delaysNextLanding = false
    var branches: [String: Branch] = [:]
    var proposedCount = 0
    /// Takes nothing but merges.
    var isProtected = false
    let branch = "main"

    init(rules: Rules) {
        current = rules
        var files: [String: String] = [:]
        for workflow in rules.workflows {
            for service in workflow.services {
                for stage in workflow.stages { files[Self.file(service.name, stage.name)] = "0.0.1" }
            }
        }
        commits = [Commit(id: "m0", files: files, promotions: [])]
    }

    static func file(_ service: String, _ stage: String) -> String { "environments/\(stage)/\(service).yaml" }

    var tip: String { commits.last?.id ?? "none" }

    func version(_ stage: String, _ service: String = .service) -> String? {
        commits.last?.files[Self.file(service, stage)]
    }

    /// A commit by hand.
    func edit(_ file: String, _ text: String) { commit(file, text, []) }

    func commit(_ file: String, _ text: String, _ promotions: [String]) {
        var files = commits.last?.files ?? [:]
        files[file] = text
        commits.append(Commit(id: "m\(commits.count)", files: files, promotions: promotions))
    }

    func refresh() throws -> String { tip }
    func rules(of services: Set<String>?) throws -> Rules { current }
    func checkDeliverable(_ files: [String], for stage: Stage) throws {}
    func tip(of branch: String) throws -> String { throw PromotionError(.usage, "no branch \(branch)") }

    func plan(_ intent: EditIntent, at commit: String) throws -> EditPlan {
        let file = Self.file(intent.service.name, intent.stage.name)
        guard let old = try find(commit).files[file] else { throw PromotionError(.usage, "\(file): no such file") }
        let new = intent.release.version
        return EditPlan(
            base: commit, edits: [FieldEdit(file: file, field: "version", old: old, new: new)],
            files: old == new ? [:] : [file: .bytes(Array(new.utf8))])
    }

    func parent(of commit: String) throws -> String? {
        guard let position = commits.firstIndex(where: { $0.id == commit }), position > 0 else { return nil }
        return commits[position - 1].id
    }

    func restore(
        _ fields: [FieldEdit], from source: String, written: String, isWhole: Bool, at commit: String
    ) throws -> Restoration {
        let (before, after, now) = (try find(source).files, try find(written).files, try find(commit).files)
        var edits: [FieldEdit] = []
        var obstacles: [Restoration.Obstacle] = []
        for field in fields {
            let edit = FieldEdit(file: field.file, field: field.field, old: now[field.file], new: before[field.file])
            if now[field.file] == after[field.file] || now[field.file] == before[field.file] {
                edits.append(edit)
            } else {
                obstacles.append(.init(edit, written: after[field.file], cause: .changed))
            }
        }
        let files = edits.filter(\.changes).map { ($0.file, FileContent.bytes(Array(($0.new ?? "").utf8))) }
        return Restoration(plan: EditPlan(base: commit, edits: edits, files: Dictionary(files) { $1 }), obstacles: obstacles)
    }

    func observe(_ intent: EditIntent, known: [Release], at commit: String) throws -> ObservedCell {
        let file = Self.file(intent.service.name, intent.stage.name)
        let text = try find(commit).files[file]
        return ObservedCell(
            version: text, mixed: false, digest: nil, fields: [FieldEdit(file: file, field: "version", old: text, new: text)])
    }

    func deployCommit(of promotion: String, from base: String, to tip: String, edits: [FieldEdit]) throws -> String? {
        try between(base, tip).first { $0.promotions.contains(promotion) && stand(edits, in: $0) }?.id
    }

    func commitBringing(_ edits: [FieldEdit], intent: EditIntent, from base: String, to tip: String) throws -> String {
        if stand(edits, in: try find(base)) { return base }
        return try between(base, tip).first { stand(edits, in: $0) }?.id ?? tip
    }

    func changes(of fields: [FieldEdit], since commit: String, to tip: String) throws -> [OutsideCommit] {
        var known = fields
        var outside: [OutsideCommit] = []
        for commit in try between(commit, tip) {
            let now = known.map { FieldEdit(file: $0.file, field: $0.field, old: $0.new, new: commit.files[$0.file]) }
            guard now.contains(where: \.changes) else { continue }
            outside.append(
                OutsideCommit(commit: commit.id, author: "Hana <hana@example.com>", promotions: commit.promotions, edits: now))
            known = now
        }
        return outside
    }

    func land(_ deliveries: [Delivery], on tip: String, at: Instant) throws -> Landing {
        if delaysNextLanding {
            delaysNextLanding = false
            underway.append((deliveries, tip))
            throw World.Death()
        }
        if isProtected { return .refused("protected") }
        return try world.effect(lost: .lost) { move(deliveries, on: tip) }
    }

    /// What was underway arrives; compare-and-swap decides as ever.
    func arrive() -> [Landing] {
        defer { underway = [] }
        return underway.map { move($0.deliveries, on: $0.tip) }
    }

    private func move(_ deliveries: [Delivery], on tip: String) -> Landing {
        guard tip == self.tip else { return .lost }
        var ids: [String] = []
        for delivery in deliveries {
            for edit in delivery.plan.edits { commit(edit.file, edit.new ?? "", [delivery.promotion.id]) }
            ids.append(self.tip)
        }
        return .landed(ids)
    }

    func revision(_ revision: String, carries edits: [FieldEdit], of commit: String) throws -> Bool {
        guard let position = commits.firstIndex(where: { $0.id == revision }),
            let first = commits.firstIndex(where: { $0.id == commit })
        else { return false }
        return position >= first && stand(edits, in: commits[position])
    }

    private func find(_ id: String) throws -> Commit {
        guard let commit = commits.first(where: { $0.id == id }) else { throw PromotionError(.error, "no commit \(id)") }
        return commit
    }

    private func between(_ base: String, _ tip: String) throws -> [Commit] {
        guard let first = commits.firstIndex(where: { $0.id == base }), let last = commits.firstIndex(where: { $0.id == tip })
        else { throw PromotionError(.error, "no commit \(base) or \(tip)") }
        return first < last ? Array(commits[(first + 1)...last]) : []
    }

    private func stand(_ edits: [FieldEdit], in commit: Commit) -> Bool {
        edits.allSatisfy { commit.files[$0.file] == $0.new }
    }
}
